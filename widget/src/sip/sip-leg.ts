// A call carried by Asterisk: one JsSIP session. Implements the port of `call/call.ts`; what JsSIP reports becomes
// the port's facts, what the person wants becomes SIP.
import type { IceServer, QualityReport, SipDialog, ToldEnd } from '@ringtag/server/protocol';
import type { IncomingEvent, OutgoingEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import type { IncomingRequest, IncomingResponse } from 'jssip/lib/SIPMessage.js';
import type { UA } from 'jssip/lib/UA.js';
import type { Leg, LegEvent } from '../call/call.ts';
import type { Clock } from '../call/clock.ts';
import { type Result, refused } from '../call/errors.ts';
import type { CallEnd } from '../call/machine.ts';
import { PathWatch } from '../call/path-watch.ts';
import { createSelfWatch, type SelfWatch } from '../call/self-watch.ts';
import { Agreement } from './agreement.ts';
import { answeredEnd, type SipEnd, toldEnd, unansweredEnd } from './ends.ts';
import { identityIn } from './identity.ts';
import { refer } from './refer.ts';
import { replacesHeaders, replacesValue } from './replaces.ts';
import { withoutLocalNames, withTelephoneVoice } from './sdp.ts';

/** The INVITE leaves this long after a candidate, however long a silent STUN server keeps gathering (JsSIP #432). */
const READY_MS = 50;
const READY_SERVER_MS = 5;
const TONE = { duration: 160, interToneGap: 70 };

export interface SipLegDeps {
  readonly clock: Clock;
  /** The exchange of messages is over, one way or another. */
  readonly closed: (leg: SipLeg) => void;
  /** Tells the hub that a call it placed is over. */
  readonly tellHub: (reason: ToldEnd) => void;
  /** The sound is gone, and the way to the gate may be gone with it. */
  readonly doubtGate: () => void;
  readonly reportQuality: (report: QualityReport) => void;
}

export type SipLegStart =
  | {
      readonly direction: 'out';
      readonly ua: UA;
      readonly dial: string;
      /** The hub's name of the call, which the exchange writes into its record. */
      readonly callId?: string | undefined;
      readonly iceServers: readonly IceServer[];
      /** The call that this one takes the place of. */
      readonly replaces?: SipDialog | undefined;
    }
  | {
      readonly direction: 'in';
      readonly session: RTCSession;
      readonly request: IncomingRequest;
      readonly iceServers: () => readonly IceServer[];
    };

export class SipLeg implements Leg {
  readonly via = 'pbx';
  readonly #start: SipLegStart;
  readonly #deps: SipLegDeps;
  #report: (event: LegEvent) => void = () => {};
  #session: RTCSession | null = null;
  #stream: MediaStream | null = null;
  #agreement: Agreement | null = null;
  #path: PathWatch | null = null;
  readonly #self: SelfWatch;
  #dialog: SipDialog | undefined;
  #connected = false;
  #accepting = false;
  #answered = false;
  #over = false;
  #referring = false;
  /** Of who is at the far end now, where that has changed. */
  #peerNumber: string | undefined;
  #muted = false;
  #held = false;

  constructor(start: SipLegStart, deps: SipLegDeps) {
    this.#start = start;
    this.#deps = deps;
    this.#self = createSelfWatch({
      via: 'pbx',
      clock: deps.clock,
      connection: () => this.#session?.connection ?? null,
      tell: (event) => this.#report(event),
      report: (report) =>
        deps.reportQuality(this.#dialog ? { ...report, sipCallId: this.#dialog.callId } : report),
    });
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
    const { ua, dial, callId, iceServers, replaces } = start;
    const session = ua.call(dial, {
      extraHeaders: [...replacesHeaders(replaces), ...(callId ? [`X-Ringtag-Call: ${callId}`] : [])],
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
    const isUntaken = this.#start.direction === 'in' && !this.#answered;
    // An incoming call that was not taken here goes on ringing elsewhere: 480, not a decline (RFC 3261 §21.4.18). A page
    // that goes says so with its BYE (RFC 3326), as nobody has hung up: a visitor is called again.
    this.#terminate(isUntaken || reason === 'left' ? { status_code: 480 } : {});
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
    if (this.#over) return;
    this.#agreement?.setHeld(held);
    this.#applySilence();
  }

  async setMicrophone(track: MediaStreamTrack): Promise<void> {
    const senders = this.#session?.connection?.getSenders() ?? [];
    await senders.find((sender) => sender.track?.kind === 'audio')?.replaceTrack(track);
    this.#applySilence();
  }

  /** Telephone calls carry voice only. */
  setVideo(): void {}

  sendDigits(digits: string): void {
    if (!this.#session?.isEstablished()) return;
    this.#session.sendDTMF(digits, { ...TONE, transportType: 'RFC2833' as never });
  }

  /** Somebody has answered, whatever came of it later. */
  get answered(): boolean {
    return this.#answered;
  }

  get dialog(): SipDialog | undefined {
    return this.#over ? undefined : this.#dialog;
  }

  async refer(target: { readonly dial: string } | { readonly replaces: Leg }): Promise<Result<void>> {
    const session = this.#session;
    const other = 'replaces' in target ? target.replaces : undefined;
    const dialog = other?.dialog;
    if (!session || !this.dialog || (other && !dialog)) return refused('TRANSFER_REFUSED');
    const both = [this, other].filter((leg) => leg instanceof SipLeg);
    // The exchange lets go of them, perhaps before it says that it is done.
    for (const leg of both) leg.#referring = true;
    const to = 'dial' in target ? target.dial : (both[1] ?? this).#number;
    const result = await refer(session, { to, ...(dialog ? { replaces: replacesValue(dialog) } : {}) });
    for (const leg of both) {
      leg.#referring = false;
      if (result.ok) leg.#leave({ reason: 'transferred' });
    }
    return result;
  }

  /** The socket was lost and the registration is back: the far end must learn where we are now. */
  refresh(): void {
    if (!this.#over && this.#answered) this.#agreement?.seek();
  }

  #answer(): void {
    if (!this.#accepting || !this.#stream || !this.#session || this.#over) return;
    const { iceServers } = this.#start as Extract<SipLegStart, { direction: 'in' }>;
    this.#session.answer({ mediaStream: voiceOf(this.#stream), pcConfig: configuration(iceServers()) });
    if (this.#session.connection) this.#watch(this.#session.connection);
  }

  #listen(session: RTCSession): void {
    this.#session = session;
    session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
      if (String(event.originator) === 'remote') this.#report({ type: 'peer-rings' });
    });
    const agreement = new Agreement({
      session,
      clock: this.#deps.clock,
      resumeRefused: () => {
        this.#held = true;
        this.#applySilence();
        this.#report({ type: 'resume-refused' });
      },
    });
    this.#agreement = agreement;
    const terminate = session.terminate.bind(session);
    // JsSIP ends calls by its own public method, which is where it can be kept from it.
    session.terminate = (options = {}) => {
      if (!this.#answered || this.#over || !agreement.forgives(options.cause ?? '')) terminate(options);
    };
    session.on('accepted', (event: Partial<OutgoingEvent>) => {
      this.#answered = true;
      this.#dialog = dialogOf(this.#start, event.response);
      this.#path?.expect();
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
      if (event.originator !== 'local') return;
      agreement.checkOffer(event.sdp);
      event.sdp = withoutLocalNames(event.sdp);
      if ('replaces' in this.#start && this.#start.replaces) event.sdp = withTelephoneVoice(event.sdp);
    });
    session.on('update', ({ request }) => this.#hearIdentity(request));
    session.on('reinvite', ({ request }) => this.#hearIdentity(request));
    session.on('hold', ({ originator }) => this.#hearHold(originator, true));
    session.on('unhold', ({ originator }) => this.#hearHold(originator, false));
    session.on('failed', (event) => this.#conclude(sipEnd(event)));
    session.on('ended', (event) => this.#conclude(sipEnd(event)));
  }

  #watch(connection: RTCPeerConnection): void {
    if (this.#path) return;
    connection.addEventListener('track', (event) => {
      const stream = event.streams[0] ?? new MediaStream([event.track]);
      this.#report({ type: 'remote-stream', stream });
    });
    this.#path = new PathWatch({
      connection,
      clock: this.#deps.clock,
      // The exchange never seeks.
      patienceMs: 0,
      // Telephones that send nothing while nobody speaks fall silent all the time.
      tries: 1,
      quiet: () => {
        const { local, remote } = this.#session?.isOnHold() ?? {};
        return local === true || remote === true;
      },
      seek: () => {
        this.refresh();
        this.#deps.doubtGate();
      },
      found: () => {
        this.#connected = true;
        this.#reportMedia();
      },
      lost: () => {
        this.#connected = false;
        this.#report({ type: 'transport-lost' });
      },
      failed: () => this.#leave({ reason: 'error', code: 'MEDIA_FAILED' }),
    });
  }

  /** Connected is both: somebody answered, and sound has a path. */
  #reportMedia(): void {
    if (!this.#answered || !this.#connected) return;
    this.#report({ type: 'connected' });
    this.#self.look();
  }

  /** After a transfer by the far end, the exchange says who is there now (RFC 3325 §9.1). */
  #hearIdentity(request: IncomingRequest): void {
    const peer = identityIn(request.getHeader('P-Asserted-Identity'));
    if (!peer || peer.number === (this.#peerNumber ?? this.#number)) return;
    this.#peerNumber = peer.number;
    this.#report({ type: 'peer', peer });
  }

  #hearHold(originator: string, held: boolean): void {
    if (originator !== 'remote') return;
    this.#report({ type: 'peer-media', held, muted: false, video: false });
  }

  /** Silence needs nobody's consent; what JsSIP sets when an exchange begins comes to the same. */
  #applySilence(): void {
    const session = this.#session;
    if (!session?.connection || this.#over) return;
    const isSending = !this.#held && !this.#muted && !session.isOnHold().remote;
    for (const { track } of session.connection.getSenders()) if (track) track.enabled = isSending;
    for (const { track } of session.connection.getReceivers()) track.enabled = !this.#held;
  }

  #terminate(options: { status_code?: number }): void {
    if (this.#over) return;
    this.#finish();
    try {
      this.#session?.terminate(options);
    } catch {
      // It ended in this very moment.
    }
  }

  /** Ends it from this side, for a reason that the person did not give. */
  #leave(end: CallEnd): void {
    if (this.#over) return;
    this.#terminate({});
    if (this.#start.direction === 'out') this.#deps.tellHub(end.reason === 'error' ? 'failed' : 'hangup');
    this.#report({ type: 'over', end });
  }

  #conclude(end: SipEnd): void {
    if (this.#over) return;
    this.#finish();
    const { direction } = this.#start;
    const ended = this.#answered ? answeredEnd(end) : unansweredEnd(direction, end);
    if (direction === 'out') this.#deps.tellHub(this.#answered ? 'hangup' : toldEnd(ended));
    this.#report({ type: 'over', end: this.#referring ? { reason: 'transferred' } : ended });
  }

  #finish(): void {
    this.#over = true;
    this.#self.end();
    this.#path?.close();
    this.#agreement?.close();
    this.#deps.closed(this);
  }

  /** Whom the far end is, for requests about it. */
  get #number(): string {
    const start = this.#start;
    return start.direction === 'out' ? start.dial : String(start.request.from.uri.user ?? '');
  }
}

/** RFC 3261 §12: who invited names the first tag. */
function dialogOf(start: SipLegStart, response: IncomingResponse | undefined): SipDialog | undefined {
  const [message, isOwn] = start.direction === 'in' ? [start.request, false] : [response, true];
  if (!message) return undefined;
  // Undeclared in JsSIP's types.
  const tagged = message as unknown as Record<'call_id' | 'from_tag' | 'to_tag', string>;
  const { call_id: callId, from_tag: fromTag, to_tag: toTag } = tagged;
  return isOwn
    ? { callId, localTag: fromTag, remoteTag: toTag }
    : { callId, localTag: toTag, remoteTag: fromTag };
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
