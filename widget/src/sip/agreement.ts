// Brings what a running session has agreed on to what is wanted: hold, resume, a new path. One exchange at a time, and
// none that fails ends the call, as JsSIP would have it.
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { Clock } from '../call/clock.ts';

/**
 * An exchange that crossed another is tried again after this long (RFC 3261 §14.1 leaves 0 to 4 s), and one for which
 * the browser had no address.
 */
const AGAIN_MS = 500;
/** Tries to tell of a hold, which stands here in any case; or of anything that the other side does not answer. */
const TRIES = 3;
/** JsSIP's cause of an exchange that the other side, or the browser, refused. */
const REFUSED = 'WebRTC Error';
/** The other side, or the exchange between, did not answer for 32 s. */
const UNANSWERED = 'Request Timeout';
/** Those for which JsSIP ends a call that may live on: refused, no path, no connection to the gate, no answer. */
const FORGIVEN: ReadonlySet<string> = new Set([REFUSED, UNANSWERED, 'RTP Timeout', 'Connection Error']);

export interface AgreementOptions {
  readonly session: RTCSession;
  readonly clock: Clock;
  /** The other side does not agree to a resume: the hold stays. */
  readonly resumeRefused: () => void;
}

export class Agreement {
  readonly #options: AgreementOptions;
  #held = false;
  #seeking = false;
  /** What was begun has not reached the other side. */
  #untold = false;
  #running: 'hold' | 'resume' | 'path' | undefined;
  #tries = 0;
  /** The offer that is being made has no candidates. */
  #isBare = false;
  #cancel = () => {};

  constructor(options: AgreementOptions) {
    this.#options = options;
  }

  setHeld(held: boolean): void {
    this.#held = held;
    this.#tries = 0;
    this.#go();
  }

  /** Another path for the sound, and another for the other side's messages if the connection is a new one. */
  seek(): void {
    this.#seeking = true;
    this.#tries = 0;
    this.#go();
  }

  /**
   * JsSIP is about to send this offer, or has just made it. Asterisk takes one without candidates for the end of ICE,
   * for good: such an exchange must fail here. Throwing is how an `sdp` listener makes JsSIP give one up, at the second
   * event of the two that each has.
   */
  checkOffer(sdp: string): void {
    if (this.#running !== 'path' || /^a=candidate:/m.test(sdp)) return;
    if (this.#isBare) throw new Error('no candidates');
    this.#isBare = true;
  }

  /** What JsSIP wants to end the call for: whether it goes on all the same. */
  forgives(cause: string): boolean {
    if (!FORGIVEN.has(cause)) return false;
    if (cause !== 'RTP Timeout') this.#fail(cause);
    return true;
  }

  close(): void {
    this.#cancel();
  }

  #go(): void {
    const { session } = this.#options;
    if (this.#running || session.isEnded()) return;
    const isSeeking = this.#seeking;
    this.#isBare = false;
    const done = () => this.#done();
    let begun: boolean;
    if (session.isOnHold().local !== this.#held) {
      this.#running = this.#held ? 'hold' : 'resume';
      begun = this.#held ? session.hold({}, done) : session.unhold({}, done);
    } else if (isSeeking || this.#untold) {
      this.#running = !this.#untold ? 'path' : this.#held ? 'hold' : 'resume';
      begun = session.renegotiate({ rtcOfferConstraints: { iceRestart: isSeeking } }, done);
      if (begun) this.#seeking = this.#untold = false;
    } else return;
    if (begun) return;
    this.#running = undefined;
    this.#later();
  }

  #done(): void {
    this.#running = undefined;
    this.#tries = 0;
    this.#go();
  }

  #fail(cause: string): void {
    const { session, resumeRefused } = this.#options;
    const failed = this.#running;
    this.#running = undefined;
    if (!failed) return;
    const { connection } = session;
    // The offer that came to nothing must not stand in the way of the next (JSEP §4.1.10.2).
    if (connection.signalingState === 'have-local-offer')
      connection.setLocalDescription({ type: 'rollback' }).catch(() => {});
    if (cause !== REFUSED) {
      // Told again when the connection to the gate is back, or soon if it never was away.
      this.#seeking = true;
      this.#untold ||= failed !== 'path';
      if (cause === UNANSWERED && ++this.#tries < TRIES) this.#later();
    } else if (this.#isBare) {
      this.#seeking = true;
      this.#later();
    } else if (failed === 'resume') {
      this.#held = true;
      resumeRefused();
      this.#later();
    } else if (failed === 'hold' && ++this.#tries < TRIES) {
      this.#untold = true;
      this.#later();
    }
  }

  #later(): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(AGAIN_MS, () => this.#go());
  }
}
