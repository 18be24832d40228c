// A call carried by Asterisk: one JsSIP session. Implements the port of `call/call.ts`; what JsSIP reports becomes
// the port's facts, what the person wants becomes SIP.
import type { IceServer } from '@ringtag/server/protocol';
import type { IncomingEvent, OutgoingEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import type { UA } from 'jssip/lib/UA.js';
import type { Leg, LegEvent } from '../call/call.ts';
import type { Clock } from '../call/clock.ts';
import { answeredEnd, type SipEnd, unansweredEnd } from './ends.ts';
import { withoutLocalNames } from './sdp.ts';

/** The INVITE leaves this long after a candidate, however long a silent STUN server keeps gathering (JsSIP #432). */
const READY_MS = 50;
const READY_SERVER_MS = 5;
/** A re-INVITE that crossed another is tried again after this long (RFC 3261 §14.1 leaves 0 to 4 s). */
const AGAIN_MS = 500;
const TONE = { duration: 160, interToneGap: 70 };

export interface SipLegDeps {
  readonly clock: Clock;
  /** The exchange of messages is over, one way or another. */
  readonly closed: (leg: SipLeg) => void;
  /** Tells the hub that a call it placed is over. */
  readonly tellHub: (reason: 'hangup' | 'left' | 'failed') => void;
}

export type SipLegStart =
  | {
      readonly direction: 'out';
      readonly ua: UA;
      readonly dial: string;
      readonly iceServers: readonly IceServer[];
    }
  | { readonly direction: 'in'; readonly session: RTCSession };

export class SipLeg implements Leg {
  readonly via = 'pbx';
  readonly #start: SipLegStart;
  readonly #deps: SipLegDeps;
  #report: (event: LegEvent) => void = () => {};
  #session: RTCSession | null = null;
  #stream: MediaStream | null = null;
  #watched: RTCPeerConnection | null = null;
  #connected = false;
  #accepting = false;
  #answered = false;
  #over = false;
  #muted = false;
  #held = false;

  constructor(start: SipLegStart, deps: SipLegDeps) {
    this.#start = start;
    this.#deps = deps;
    if (start.direction === 'in') this.#listen(start.session);
  }

  start(report: (event: LegEvent) => void): void {
    this.#report = report;
  }

  accept(): void {
    this.#accepting = true;
    this.#answer();
  }

  setMedia(stream: MediaStream): void {
    this.#stream = stream;
    if (this.#start.direction === 'in') this.#answer();
    else if (!this.#over) this.#invite(this.#start, stream);
  }

  #invite(start: Extract<SipLegStart, { direction: 'out' }>, stream: MediaStream): void {
    const { ua, dial, iceServers } = start;
    const session = ua.call(dial, {
      mediaStream: voiceOf(stream),
      pcConfig: configuration(iceServers),
      rtcOfferConstraints: { offerToReceiveAudio: true, offerToReceiveVideo: false },
    });
    this.#listen(session);
    if (session.connection) this.#watch(session.connection);
  }

  decline(): void {
    this.#terminate({ status_code: 603 });
  }

  end(reason: 'hangup' | 'left' | 'failed'): void {
    // An incoming call that was not taken here goes on ringing elsewhere: 480, not a decline (RFC 3261 §21.4.18).
    this.#terminate(this.#start.direction === 'in' && !this.#answered ? { status_code: 480 } : {});
    if (this.#start.direction === 'out') this.#deps.tellHub(reason);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    if (!this.#session || this.#over) return;
    if (muted) this.#session.mute({ audio: true });
    else this.#session.unmute({ audio: true });
  }

  setHeld(held: boolean): void {
    this.#held = held;
    this.#applyHold();
  }

  /** Telephone calls carry voice only. */
  setVideo(): void {}

  sendDigits(digits: string): void {
    if (!this.#session?.isEstablished()) return;
    this.#session.sendDTMF(digits, { ...TONE, transportType: 'RFC2833' as never });
  }

  /** The socket was lost and the registration is back: the far end must learn where we are now. */
  refresh(): void {
    if (this.#over || !this.#session?.isEstablished()) return;
    this.#session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
  }

  #answer(): void {
    if (!this.#accepting || !this.#stream || !this.#session || this.#over) return;
    this.#session.answer({ mediaStream: voiceOf(this.#stream), pcConfig: configuration([]) });
    if (this.#session.connection) this.#watch(this.#session.connection);
  }

  #listen(session: RTCSession): void {
    this.#session = session;
    session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
      if (String(event.originator) === 'remote') this.#report({ type: 'peer-rings' });
    });
    session.on('accepted', () => {
      this.#answered = true;
      this.#report({ type: 'answered' });
      if (this.#muted) session.mute({ audio: true });
      this.#reportMedia();
    });
    session.on('peerconnection', ({ peerconnection }) => this.#watch(peerconnection));
    session.on('icecandidate', ({ candidate, ready }) => {
      this.#deps.clock.after(
        / typ (srflx|relay)/.test(candidate.candidate) ? READY_SERVER_MS : READY_MS,
        ready,
      );
    });
    session.on('sdp', (event) => {
      if (event.originator === 'local') event.sdp = withoutLocalNames(event.sdp);
    });
    session.on('hold', ({ originator }) => this.#hearHold(originator, true));
    session.on('unhold', ({ originator }) => this.#hearHold(originator, false));
    session.on('failed', (event) => this.#conclude(sipEnd(event)));
    session.on('ended', (event) => this.#conclude(sipEnd(event)));
  }

  #watch(pc: RTCPeerConnection): void {
    if (pc === this.#watched) return;
    this.#watched = pc;
    pc.addEventListener('track', (event) => {
      const stream = event.streams[0] ?? new MediaStream([event.track]);
      this.#report({ type: 'remote-stream', stream });
    });
    pc.addEventListener('connectionstatechange', () => {
      if (this.#over) return;
      if (pc.connectionState === 'connected') {
        this.#connected = true;
        this.#reportMedia();
      } else if (pc.connectionState === 'failed' || pc.connectionState === 'disconnected') {
        this.#connected = false;
        this.#report({ type: 'transport-lost' });
        if (pc.connectionState === 'failed') this.refresh();
      }
    });
  }

  /** Connected is both: somebody answered, and sound has a path. */
  #reportMedia(): void {
    if (this.#answered && this.#connected) this.#report({ type: 'connected' });
  }

  #hearHold(originator: string, held: boolean): void {
    if (originator !== 'remote') return;
    this.#report({ type: 'peer-media', held, muted: false, video: false });
  }

  /** Brings the session to what the person wants; JsSIP refuses while another exchange runs, so it is asked again. */
  #applyHold(): void {
    const session = this.#session;
    if (!session || this.#over || session.isOnHold().local === this.#held) return;
    for (const { track } of session.connection.getReceivers()) track.enabled = !this.#held;
    const begun = this.#held ? session.hold() : session.unhold();
    if (!begun) this.#deps.clock.after(AGAIN_MS, () => this.#applyHold());
  }

  #terminate(options: { status_code?: number }): void {
    if (this.#over) return;
    this.#over = true;
    try {
      this.#session?.terminate(options);
    } catch {
      // It ended in this very moment.
    }
    this.#deps.closed(this);
  }

  #conclude(end: SipEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.closed(this);
    if (this.#start.direction === 'out') this.#deps.tellHub('hangup');
    const { direction } = this.#start;
    this.#report({ type: 'over', end: this.#answered ? answeredEnd(end) : unansweredEnd(direction, end) });
  }
}

function configuration(iceServers: readonly IceServer[]): RTCConfiguration {
  return { iceServers: [...iceServers] as RTCIceServer[], bundlePolicy: 'max-bundle' };
}

/** JsSIP sends every track it is given; the camera stays out of telephone calls. */
function voiceOf(stream: MediaStream): MediaStream {
  return stream.getVideoTracks().length > 0 ? new MediaStream(stream.getAudioTracks()) : stream;
}

/** JsSIP's `EndEvent`, as loosely typed as it is: the message is absent where this side or a timer ended the call. */
interface EndEvent {
  readonly originator: string;
  readonly cause: string;
  readonly message?: { readonly status_code?: number; getHeader?(name: string): string | undefined } | null;
}

function sipEnd(raw: unknown): SipEnd {
  const { originator, cause, message } = raw as EndEvent;
  const reason = message?.getHeader?.('Reason');
  return {
    cause,
    remote: originator === 'remote',
    ...(reason ? { reason } : {}),
    ...(message?.status_code ? { status: message.status_code } : {}),
  };
}
