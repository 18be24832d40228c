// One call at work: feeds the machine, writes its state, performs its effects on a leg. Asynchronous results carry
// the attempt they belong to; what comes back to an attempt that is over is dropped and cleaned up.
import type { MediaKind, Peer } from '@ringtag/server/protocol';
import type { Leg, LegEvent } from './call.ts';
import type { Clock } from './clock.ts';
import type { Refused, Result } from './errors.ts';
import {
  type CallEffect,
  type CallEnd,
  type CallEvent,
  type CallState,
  initialState,
  isLive,
  transition,
} from './machine.ts';
import { type LocalMedia, stopTracks } from './media.ts';
import type { CallView, PhoneErrorCode } from './phone.ts';

/** What dialling brings: the leg that the hub chose, and whom it reaches. */
export interface Dialed {
  /** The hub's own name of the call. */
  readonly hubCallId: string;
  readonly leg: Leg;
  readonly peer: Peer;
}

export interface RunnerOptions {
  readonly callId: string;
  readonly direction: 'in' | 'out';
  readonly peer: Peer;
  readonly media: MediaKind;
  /** Incoming calls bring theirs. */
  readonly leg?: Leg;
  /** Outgoing calls get theirs from the hub. */
  readonly dial?: () => Promise<Result<Dialed>>;
  readonly localMedia: LocalMedia;
  readonly clock: Clock;
  /** After every change that can be seen. */
  readonly changed: (call: CallRunner) => void;
}

type Facets = Pick<
  CallView,
  'muted' | 'peerHeld' | 'peerMuted' | 'videoOn' | 'peerVideoOn' | 'offerDeskPhone'
>;

export class CallRunner {
  readonly callId: string;
  readonly direction: 'in' | 'out';
  /** Streams of this document; never leave it. */
  local: MediaStream | null = null;
  remote: MediaStream | null = null;
  /** The other side's device rings (outgoing). */
  peerRings = false;
  /** The hub's name of an outgoing call, once it has one. */
  hubCallId: string | undefined;
  /** Runs once, when the call is over. */
  onEnd: () => void = () => {};

  readonly #options: RunnerOptions;
  #state: CallState = initialState;
  #leg: Leg | null = null;
  #peer: Peer;
  #media: MediaKind;
  #activeSinceMs: number | undefined;
  #facets: Facets = {
    muted: false,
    peerHeld: false,
    peerMuted: false,
    videoOn: false,
    peerVideoOn: false,
    offerDeskPhone: false,
  };
  /** Rises when the call leaves the states in which pending results are wanted. */
  #attempt = 0;
  #shownPhase: CallState['phase'] = 'idle';
  #cameraAttempt = 0;
  #declineMessage: string | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.callId = options.callId;
    this.direction = options.direction;
    this.#peer = options.peer;
    this.#media = options.media;
  }

  get live(): boolean {
    return isLive(this.#state);
  }

  get phase(): CallState['phase'] {
    return this.#state.phase;
  }

  get via(): 'room' | 'pbx' {
    return this.#leg?.via ?? 'room';
  }

  get peer(): Peer {
    return this.#peer;
  }

  /** The end, once there is one. */
  get end(): CallEnd | undefined {
    return 'end' in this.#state ? this.#state.end : undefined;
  }

  /** True once after each change of phase. */
  enteredPhase(): boolean {
    const entered = this.#shownPhase !== this.phase;
    this.#shownPhase = this.phase;
    return entered;
  }

  place(): void {
    this.#send({ type: 'place', permitted: this.#options.localMedia.permitted });
  }

  ring(): void {
    this.#send({ type: 'ring' });
    if (this.#options.leg) this.#take(this.#options.leg);
  }

  answer(media: MediaKind): void {
    this.#media = media;
    this.#send({ type: 'answer', permitted: this.#options.localMedia.permitted });
  }

  decline(message?: string): void {
    this.#declineMessage = message;
    this.#send({ type: 'decline' });
  }

  hangUp(
    end: CallEnd = { reason: this.#options.direction === 'out' && !this.#answered ? 'cancelled' : 'hangup' },
  ): void {
    this.#send({ type: 'hang-up', end });
  }

  setMuted(muted: boolean): void {
    if (!this.live || muted === this.#facets.muted) return;
    this.#leg?.setMuted(muted);
    this.#change({ muted });
  }

  setHeld(held: boolean): void {
    this.#send({ type: held ? 'hold' : 'resume' });
  }

  sendDigits(digits: string): void {
    if (this.#answered) this.#leg?.sendDigits(digits);
  }

  /** Opens or stops the camera. A refusal leaves the call as it was. */
  async setVideo(on: boolean): Promise<PhoneErrorCode | null> {
    const attempt = ++this.#cameraAttempt;
    if (!this.#answered || !this.local || on === this.#facets.videoOn) return null;
    if (!on) {
      this.#showCamera(null);
      return null;
    }
    const opened = await this.#options.localMedia.openCamera();
    if (!opened.ok) return opened.code;
    if (attempt === this.#cameraAttempt && this.#answered) this.#showCamera(opened.value);
    else opened.value.stop();
    return null;
  }

  offerDeskPhone(): void {
    this.#change({ offerDeskPhone: true });
  }

  /** A better name for the other side, found in the directory. */
  rename(peer: Peer): void {
    this.#peer = peer;
    this.#options.changed(this);
  }

  view(): CallView {
    const phase = this.#state.phase === 'idle' ? 'preparing' : this.#state.phase;
    return {
      callId: this.callId,
      direction: this.direction,
      via: this.via,
      phase,
      peer: this.#peer,
      media: this.#media,
      held: phase === 'held' || (this.#state.phase === 'reconnecting' && this.#state.held),
      ...this.#facets,
      ...(this.#activeSinceMs === undefined ? {} : { activeSinceMs: this.#activeSinceMs }),
      ...(this.#state.phase === 'ended' ? { ended: this.#state.end } : {}),
    };
  }

  get #answered(): boolean {
    const { phase } = this.#state;
    return phase === 'connecting' || phase === 'active' || phase === 'held' || phase === 'reconnecting';
  }

  #send(event: CallEvent): void {
    const before = this.#state;
    const { state, effects } = transition(before, event);
    this.#state = state;
    if (isLive(before) && !isLive(state)) this.#attempt++;
    for (const effect of effects) this.#perform(effect);
    if (state !== before) this.#options.changed(this);
  }

  #perform(effect: CallEffect): void {
    switch (effect) {
      case 'open-media':
        void this.#openMedia(this.#attempt);
        break;
      case 'dial':
        void this.#dial(this.#attempt);
        break;
      case 'accept':
        this.#leg?.accept();
        break;
      case 'give-media':
        this.#giveMedia();
        break;
      case 'start-clock':
        this.#activeSinceMs ??= this.#options.clock.now();
        break;
      case 'hold':
      case 'unhold':
        this.#leg?.setHeld(effect === 'hold');
        break;
      case 'decline':
        this.#leg?.decline(this.#declineMessage);
        this.#send({ type: 'closed' });
        break;
      case 'end':
        this.#leg?.end(legReason(this.end));
        this.#send({ type: 'closed' });
        break;
      case 'release':
        this.#release();
        break;
      default:
        effect satisfies never;
    }
  }

  async #openMedia(attempt: number): Promise<void> {
    const opened = await this.#options.localMedia.open(this.#media);
    if (attempt !== this.#attempt) {
      if (opened.ok) stopTracks(opened.value);
      return;
    }
    if (!opened.ok) {
      this.#send({ type: 'media-refused', end: { reason: 'error', code: opened.code } });
      return;
    }
    this.local = opened.value;
    this.#facets = { ...this.#facets, videoOn: opened.value.getVideoTracks().length > 0 };
    this.#send({ type: 'media-opened' });
    this.#options.changed(this);
  }

  async #dial(attempt: number): Promise<void> {
    const dialed = await this.#options.dial?.();
    if (!dialed) return;
    if (attempt !== this.#attempt) {
      // Hung up while the hub was answering: the call exists there, so it must be ended there.
      if (dialed.ok) dialed.value.leg.end('hangup');
      return;
    }
    if (!dialed.ok) {
      this.#send({ type: 'over', end: refusalEnd(dialed) });
      return;
    }
    this.#peer = dialed.value.peer;
    this.hubCallId = dialed.value.hubCallId;
    this.#take(dialed.value.leg);
    this.#giveMedia();
    this.#options.changed(this);
  }

  #take(leg: Leg): void {
    this.#leg = leg;
    leg.start((event) => this.#hear(event));
    if (this.#facets.muted) leg.setMuted(true);
  }

  /** The microphone and the leg arrive in any order; the second of them to come brings them together. */
  #giveMedia(): void {
    if (this.#leg && this.local) this.#leg.setMedia(this.local);
  }

  #hear(event: LegEvent): void {
    switch (event.type) {
      case 'peer-rings':
        this.peerRings = true;
        this.#options.changed(this);
        break;
      case 'remote-stream':
        this.remote = event.stream;
        this.#options.changed(this);
        break;
      case 'peer-media':
        this.#change({ peerHeld: event.held, peerMuted: event.muted, peerVideoOn: event.video });
        break;
      case 'answered':
        if (event.peer) this.#peer = event.peer;
        this.#send(event);
        break;
      case 'peer':
        this.rename(event.peer);
        break;
      case 'aloud':
      case 'quality':
      case 'words':
      case 'resume-refused':
        break;
      default:
        this.#send(event);
    }
  }

  #showCamera(track: MediaStreamTrack | null): void {
    for (const old of this.local?.getVideoTracks() ?? []) {
      old.stop();
      this.local?.removeTrack(old);
    }
    if (track) this.local?.addTrack(track);
    this.#leg?.setVideo(track);
    this.#change({ videoOn: track !== null });
  }

  #change(change: Partial<Facets>): void {
    this.#facets = { ...this.#facets, ...change };
    this.#options.changed(this);
  }

  #release(): void {
    stopTracks(this.local);
    this.local = null;
    this.remote = null;
  }
}

function legReason(end: CallEnd | undefined): 'hangup' | 'left' | 'failed' {
  if (end?.reason === 'left') return 'left';
  return end?.reason === 'error' ? 'failed' : 'hangup';
}

/** How a refusal to place a call is shown on the call itself. */
function refusalEnd(refusal: Refused): CallEnd {
  switch (refusal.code) {
    case 'BUSY':
      return { reason: 'busy', code: 'BUSY' };
    case 'UNREACHABLE':
      return { reason: 'unreachable', code: 'UNREACHABLE' };
    default:
      return { reason: 'error', code: refusal.code };
  }
}
