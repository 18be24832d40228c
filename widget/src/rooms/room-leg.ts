// A call carried by a room: one RTCPeerConnection to the other device, signals through the hub. Implements the port
// of `call/call.ts`; what the hub says about the call reaches it through `rooms.ts`.
import type {
  AcceptedCall,
  EndReason,
  IceServer,
  Peer,
  Signal,
  SignalEnvelope,
  StopReason,
} from '@ringtag/server/protocol';
import type { Leg, LegEvent } from '../call/call.ts';
import { type Clock, pause } from '../call/clock.ts';
import { type Refused, type Result, refused } from '../call/errors.ts';
import type { CallEnd } from '../call/machine.ts';
import { createSelfWatch, type SelfWatch } from '../call/self-watch.ts';
import type { Send } from '../hub/api.ts';
import type { Farewells } from './farewells.ts';
import { createOutbox, type Delivery, type Outbox } from './outbox.ts';
import { type CreatePeerConnection, PeerLink } from './peer.ts';

/** Tries of one accept. */
const TRIES = 4;
const AGAIN_MS = 300;

export interface RoomLegDeps {
  readonly send: Send;
  readonly signal: (callId: string, envelopes: readonly SignalEnvelope[]) => Promise<Delivery>;
  readonly farewells: Farewells;
  readonly clock: Clock;
  /** Settles when the hub's socket is up, without which it lets nobody accept (SPEC C12); false if it does not come. */
  readonly online: () => Promise<boolean>;
  readonly closed: (callId: string) => void;
  readonly createPeer?: CreatePeerConnection;
}

/** How a leg begins: as the hub's answer to our call, or as a call that rings here. */
export type RoomLegStart =
  | { readonly role: 'caller'; readonly iceServers: readonly IceServer[] }
  /** Both called each other at once: their request became the call, and their signals are here (SPEC C8). */
  | {
      readonly role: 'crossed';
      readonly iceServers: readonly IceServer[];
      readonly signals: readonly SignalEnvelope[];
    }
  | { readonly role: 'callee' }
  /** This device takes over a call that another one carried: it makes the first offer (SPEC M2). */
  | { readonly role: 'taken'; readonly iceServers: readonly IceServer[]; readonly peer: Peer };

export class RoomLeg implements Leg {
  readonly via = 'room';
  readonly callId: string;
  readonly #deps: RoomLegDeps;
  readonly #start: RoomLegStart;
  readonly #self: SelfWatch;
  #outbox: Outbox;
  /** Until somebody listens, what happens is kept for them. */
  readonly #unheard: LegEvent[] = [];
  #report: (event: LegEvent) => void = (event) => this.#unheard.push(event);
  #peer: PeerLink | null = null;
  #stream: MediaStream | null = null;
  #microphone: MediaStreamTrack | undefined;
  #iceServers: readonly IceServer[] = [];
  /** Whether this side's offers yield; it is the mover's that do not, whoever called. */
  #polite: boolean;
  /** What is heard is of this connection: what the other device said to the one before us is not. */
  #opened: boolean;
  /** The other device knows what is said about this side's media. */
  #introduced = false;
  /** Heard before there was a peer connection to hear them. */
  #early: SignalEnvelope[] = [];
  #lastSeq = 0;
  #state: 'ringing' | 'accepting' | 'open' = 'ringing';
  #over = false;
  #muted = false;
  #held = false;
  #video = false;
  #peerHeld = false;
  /** The other device has told something of its media that a new one would have to tell again. */
  #peerSpecial = false;
  #toldMedia = '';

  constructor(callId: string, start: RoomLegStart, deps: RoomLegDeps) {
    this.callId = callId;
    this.#start = start;
    this.#deps = deps;
    this.#polite = start.role === 'crossed' || start.role === 'callee';
    this.#opened = start.role !== 'taken';
    this.#outbox = this.#createOutbox();
    const path = `/api/calls/${encodeURIComponent(callId)}/quality`;
    this.#self = createSelfWatch({
      via: 'room',
      clock: deps.clock,
      connection: () => this.#peer?.connection ?? null,
      descriptions: () => this.#peer?.descriptions ?? ['', ''],
      tell: (event) => this.#report(event),
      report: (body) => void deps.send(path, { method: 'POST', body, keepalive: true }),
    });
  }

  /** `accepting`: our accept is on its way; only its reply knows how it went. */
  get state(): 'ringing' | 'accepting' | 'open' {
    return this.#state;
  }

  /** It rings here and nobody has answered it here. */
  get rang(): boolean {
    return this.#start.role === 'callee' && this.#state === 'ringing';
  }

  start(report: (event: LegEvent) => void): void {
    this.#report = report;
    if (this.#start.role !== 'callee' && !this.#over) {
      // What came with the reply was said before whatever overtook it.
      if (this.#start.role === 'crossed') this.#early.unshift(...this.#start.signals);
      this.#iceServers = this.#start.iceServers;
      this.#connect();
      if (this.#state === 'open') this.#peer?.expectConnection();
      if (this.#start.role === 'caller') report({ type: 'peer-rings' });
      else this.hearAccepted(this.#start.role === 'taken' ? this.#start.peer : undefined);
    }
    for (const event of this.#unheard.splice(0)) report(event);
  }

  accept(): void {
    void this.#accept();
  }

  setMedia(stream: MediaStream): void {
    this.#stream = stream;
    this.#video = stream.getVideoTracks().length > 0;
    this.#giveMedia();
  }

  decline(message?: string): void {
    this.#finish();
    void this.#deps.farewells.decline(this.callId, message);
  }

  end(reason: 'hangup' | 'left' | 'failed'): void {
    const known = this.#start.role !== 'callee' || this.#state !== 'ringing';
    const first = !this.#over;
    this.#finish();
    if (known && first) void this.#deps.farewells.end(this.callId, reason);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#applyMedia();
  }

  setHeld(held: boolean): void {
    this.#held = held;
    this.#applyMedia();
  }

  setVideo(track: MediaStreamTrack | null): void {
    this.#video = track !== null;
    void this.#peer?.setVideo(track).then(() => this.#applyMedia());
  }

  async setMicrophone(track: MediaStreamTrack): Promise<void> {
    this.#microphone = track;
    await this.#peer?.setMicrophone(track);
    this.#applyMedia();
  }

  sendDigits(digits: string): void {
    this.#peer?.sendDigits(digits);
  }

  /** The hub: the callee's device took the call. */
  hearAccepted(peer?: Peer): void {
    if (this.#state === 'open') return;
    this.#state = 'open';
    this.#peer?.expectConnection();
    this.#report(peer ? { type: 'answered', peer } : { type: 'answered' });
  }

  hearStopped(reason: StopReason): void {
    this.#conclude(stopEnd(reason));
  }

  hearEnded(reason: EndReason, message?: string): void {
    this.#conclude(message ? { reason, message } : { reason });
  }

  /** While it rings here: another device of this browser began or ceased to make the sound (SPEC D3). */
  hearAloud(aloud: boolean): void {
    this.#report({ type: 'aloud', aloud });
  }

  /** The other party is another device from now on: media are set up anew, and its offer comes first (SPEC M2). */
  hearMoved(): void {
    if (this.#over || this.#state !== 'open' || !this.#peer) return;
    this.#peer.close();
    this.#outbox.close();
    this.#outbox = this.#createOutbox();
    this.#lastSeq = 0;
    this.#opened = true;
    this.#polite = true;
    this.#introduced = false;
    this.#report({ type: 'transport-lost' });
    // The new device tells what differs from this, and nothing else.
    if (this.#peerSpecial) this.#hearMedia({ kind: 'media', held: false, muted: false, video: false });
    this.#connect();
    this.#peer.expectConnection();
  }

  /** Numbers already seen are dropped (SPEC R2). */
  hearSignals(envelopes: readonly SignalEnvelope[]): void {
    if (!this.#peer) {
      this.#early.push(...envelopes);
      return;
    }
    for (const { seq, signal } of envelopes) {
      // Until the first answer to us, the other device may still be talking to the one that we took over from.
      this.#opened ||= signal.kind === 'description' && signal.type === 'answer';
      if (!this.#opened) continue;
      if (seq === 1 && this.#lastSeq > 0 && this.#peer.isForeign(signal)) this.hearMoved();
      if (seq <= this.#lastSeq) continue;
      this.#lastSeq = seq;
      if (signal.kind === 'media') this.#hearMedia(signal);
      else this.#peer.apply(signal);
    }
  }

  /** What this leg heard before it had a connection: it belongs to the leg that takes its place. */
  takeEarly(): SignalEnvelope[] {
    return this.#early.splice(0);
  }

  /** The other device or this one is back at the hub: say again what may not have arrived (SPEC R3). */
  resend(): void {
    this.#outbox.resend();
  }

  #createOutbox(): Outbox {
    return createOutbox({ deliver: (envelopes) => this.#deliver(envelopes), clock: this.#deps.clock });
  }

  #connect(): void {
    const { clock, createPeer } = this.#deps;
    try {
      this.#peer = new PeerLink({
        polite: this.#polite,
        iceServers: this.#iceServers,
        clock,
        send: (signal) => this.#outbox.push(signal),
        connected: () => {
          if (!this.#introduced) this.#toldMedia = '';
          this.#introduced = true;
          this.#applyMedia();
          this.#report({ type: 'connected' });
          this.#self.look();
        },
        agreed: () => this.#self.look(),
        lost: () => this.#report({ type: 'transport-lost' }),
        failed: () => this.#fail(),
        remoteStream: (stream) => {
          this.#report({ type: 'remote-stream', stream });
          this.#applyMedia();
        },
        ...(createPeer ? { create: createPeer } : {}),
      });
    } catch {
      // A browser without WebRTC, or one that has run out of connections.
      this.#fail();
      return;
    }
    this.#giveMedia();
    this.hearSignals(this.#early.splice(0));
  }

  #giveMedia(): void {
    if (!this.#peer || !this.#stream) return;
    if (this.#microphone) void this.#peer.setMicrophone(this.#microphone);
    this.#peer.setMedia(this.#stream);
    this.#applyMedia();
  }

  /** Says that this device takes the call, again where the hub may not have heard it (SPEC C4). */
  async #askToAccept(): Promise<Result<AcceptedCall>> {
    const path = `/api/calls/${encodeURIComponent(this.callId)}/accept`;
    for (let tries = 1; ; tries++) {
      if (!(await this.#deps.online())) return refused('HUB_UNREACHABLE');
      const reply = await this.#deps.send<AcceptedCall>(path, { method: 'POST' });
      const again = !reply.ok && (reply.code === 'HUB_UNREACHABLE' || reply.code === 'NOT_CONNECTED');
      if (!again || this.#over || tries === TRIES) return reply;
      await pause(this.#deps.clock, AGAIN_MS * tries);
    }
  }

  async #accept(): Promise<void> {
    this.#state = 'accepting';
    const reply = await this.#askToAccept();
    if (this.#over) return;
    if (!reply.ok) return this.#conclude(acceptEnd(reply));
    this.#state = 'open';
    const { signals, iceServers, peer } = reply.value;
    this.#report({ type: 'answered', peer });
    // What the hub held comes first in number, whatever arrived meanwhile.
    this.#early.unshift(...signals);
    this.#iceServers = iceServers;
    this.#connect();
    this.#peer?.expectConnection();
  }

  async #deliver(envelopes: readonly SignalEnvelope[]): Promise<Delivery> {
    const delivery = await this.#deps.signal(this.callId, envelopes);
    // The room is gone and its end was missed.
    if (delivery === 'refused') this.#conclude({ reason: 'hangup' });
    return delivery;
  }

  #hearMedia(signal: Extract<Signal, { kind: 'media' }>): void {
    const { held, muted, video } = signal;
    this.#peerHeld = held;
    this.#peerSpecial = held || muted || video;
    this.#applyMedia();
    this.#report({ type: 'peer-media', held, muted, video });
  }

  /** Brings the tracks in line with what both sides want, and tells the other side what changed here. */
  #applyMedia(): void {
    if (this.#over) return;
    this.#peer?.setSilent(this.#held || this.#peerHeld, this.#muted);
    if (!this.#peer || !this.#stream) return;
    const signal: Signal = { kind: 'media', held: this.#held, muted: this.#muted, video: this.#video };
    const told = JSON.stringify(signal);
    if (told === (this.#toldMedia || NOTHING_SPECIAL)) return;
    this.#toldMedia = told;
    this.#outbox.push(signal);
  }

  #fail(): void {
    if (this.#over) return;
    const end: CallEnd = { reason: 'error', code: 'MEDIA_FAILED' };
    this.end('failed');
    this.#report({ type: 'over', end });
  }

  #conclude(end: CallEnd): void {
    if (this.#over) return;
    this.#finish();
    this.#report({ type: 'over', end });
  }

  #finish(): void {
    this.#over = true;
    this.#self.end();
    this.#outbox.close();
    this.#peer?.close();
    this.#deps.closed(this.callId);
  }
}

/** What the other side assumes until told otherwise. */
const NOTHING_SPECIAL = JSON.stringify({ kind: 'media', held: false, muted: false, video: false });

function stopEnd(reason: StopReason): CallEnd {
  return { reason: reason === 'declined-elsewhere' ? 'declined' : reason };
}

/** An accept that came too late is no fault: it is how the call ended for this device. */
function acceptEnd(refusal: Refused): CallEnd {
  switch (refusal.code) {
    case 'ALREADY_ANSWERED':
      return { reason: 'answered-elsewhere' };
    case 'CALL_ENDED':
    case 'NOT_FOUND':
      return { reason: 'cancelled' };
    case 'CALL_EXPIRED':
      return { reason: 'no-answer' };
    default:
      return { reason: 'error', code: refusal.code };
  }
}
