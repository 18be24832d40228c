// One call at work: feeds the machine, writes its state, performs its effects on a leg. Asynchronous results carry
// the attempt they belong to; what comes back to an attempt that is over is dropped and cleaned up.
import type { MediaKind, Peer } from '@ringtag/server/protocol';
import type { Leg, LegEvent } from './call.ts';
import { legReason, refusalEnd } from './call-ends.ts';
import {
  type CallEffect,
  type CallEnd,
  type CallEvent,
  type CallState,
  initialState,
  isLive,
  transition,
} from './machine.ts';
import { stopTracks } from './media.ts';
import type { CallPhase, CallView, PhoneErrorCode } from './phone.ts';
import type { Change, Facets, RunnerOptions } from './runner-options.ts';

export class CallRunner {
  readonly callId: string;
  readonly direction: 'in' | 'out';
  /** Streams of this document; never leave it. */
  local: MediaStream | null = null;
  remote: MediaStream | null = null;
  /** The other side's device rings (outgoing). */
  peerRings = false;
  /** This device makes the sound while it rings here. */
  aloud: boolean;
  /** Offered to another device of this person: if it ends now, it goes on there. */
  moving = false;
  /** The hub's name of the call, once it has one. */
  hubCallId: string | undefined;

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
    this.aloud = options.aloud ?? true;
    if (options.leg?.via === 'room') this.hubCallId = options.callId;
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

  get leg(): Leg | null {
    return this.#leg;
  }

  /** Somebody is at the other end. */
  get answered(): boolean {
    const { phase } = this.#state;
    return phase === 'connecting' || phase === 'active' || phase === 'held' || phase === 'reconnecting';
  }

  /** On hold by this side. */
  get held(): boolean {
    return 'held' in this.#state ? this.#state.held : this.#state.phase === 'held';
  }

  get muted(): boolean {
    return this.#facets.muted;
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
    const { localMedia, taking } = this.#options;
    this.#send({ type: 'place', permitted: localMedia.permitted && !taking });
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
    end: CallEnd = { reason: this.#options.direction === 'out' && !this.answered ? 'cancelled' : 'hangup' },
  ): void {
    this.#send({ type: 'hang-up', end });
  }

  setMuted(muted: boolean): void {
    if (!this.live || muted === this.#facets.muted) return;
    this.#leg?.setMuted(muted);
    this.change({ muted });
  }

  setHeld(held: boolean): void {
    this.#send({ type: held ? 'hold' : 'resume' });
  }

  sendDigits(digits: string): void {
    if (this.answered) this.#leg?.sendDigits(digits);
  }

  /** Opens or stops the camera. A refusal leaves the call as it was. */
  async setVideo(on: boolean): Promise<PhoneErrorCode | null> {
    const attempt = ++this.#cameraAttempt;
    if (!on) {
      // One that is being opened is not wanted any more.
      if (!this.local && this.live) this.#media = 'audio';
      else if (this.#facets.videoOn) this.#showCamera(null);
      return null;
    }
    if (!this.answered || !this.local || this.#facets.videoOn) return null;
    const opened = await this.#options.localMedia.openCamera();
    if (!opened.ok) return opened.code;
    if (attempt === this.#cameraAttempt && this.answered) this.#showCamera(opened.value);
    else opened.value.stop();
    return null;
  }

  /** Another microphone, in place of the one so far. */
  setMicrophone(track: MediaStreamTrack): void {
    if (!this.live || !this.local) {
      track.stop();
      return;
    }
    for (const old of this.local.getAudioTracks()) {
      // Not a word is heard of whoever is muted, nor before the leg has applied that to the new track.
      track.enabled = old.enabled;
      old.stop();
      this.local.removeTrack(old);
    }
    this.local.addTrack(track);
    void this.#leg?.setMicrophone?.(track);
  }

  /** Another camera, in place of the one that is on. */
  setCamera(track: MediaStreamTrack): void {
    if (this.answered && this.local && this.#facets.videoOn) this.#showCamera(track);
    else track.stop();
  }

  /** Shows something else about it. */
  change(change: Change): void {
    this.#facets = { ...this.#facets, ...change } as Facets;
    this.#options.changed();
  }

  /** A better name for the other side, found in the directory. */
  rename(peer: Peer): void {
    this.#peer = peer;
    this.#options.changed();
  }

  view(): CallView {
    const { transferredBy, visit } = this.#options;
    return {
      callId: this.callId,
      ...(this.hubCallId === undefined ? {} : { hubCallId: this.hubCallId }),
      direction: this.direction,
      via: this.via,
      phase: this.#viewedPhase,
      peer: this.#peer,
      media: this.#media,
      held: this.held,
      ...this.#facets,
      ...(this.peerRings ? { peerRings: true } : {}),
      ...(transferredBy ? { transferredBy } : {}),
      ...(visit ? { visit } : {}),
      ...(this.#activeSinceMs === undefined ? {} : { activeSinceMs: this.#activeSinceMs }),
      ...(this.#state.phase === 'ended' ? { ended: this.#state.end } : {}),
    };
  }

  get #viewedPhase(): CallPhase {
    const { phase } = this.#state;
    const coming = phase === 'idle' || phase === 'preparing' || phase === 'dialing';
    if (coming && this.#options.taking) return 'connecting';
    return phase === 'idle' ? 'preparing' : phase;
  }

  #send(event: CallEvent): void {
    const before = this.#state;
    const { state, effects } = transition(before, event);
    this.#state = state;
    if (isLive(before) && !isLive(state)) this.#attempt++;
    for (const effect of effects) this.#perform(effect);
    if (state !== before) this.#options.changed();
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
    if (this.#media === 'audio') void this.setVideo(false);
    this.#send({ type: 'media-opened' });
    this.#options.changed();
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
    const { hubCallId, leg, activeForMs } = dialed.value;
    this.hubCallId = hubCallId;
    if (activeForMs !== undefined) this.#activeSinceMs = this.#options.clock.now() - activeForMs;
    this.#take(leg);
    this.#giveMedia();
    this.#options.changed();
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
        this.#options.changed();
        break;
      case 'remote-stream':
        this.remote = event.stream;
        this.#options.changed();
        break;
      case 'peer-media':
        this.change({ peerHeld: event.held, peerMuted: event.muted, peerVideoOn: event.video });
        break;
      case 'answered':
        if (event.peer) this.#peer = event.peer;
        this.#send(event);
        break;
      case 'peer':
        this.rename(event.peer);
        break;
      case 'aloud':
        this.aloud = event.aloud;
        this.#options.changed();
        break;
      case 'quality':
        this.change({ quality: event.quality });
        break;
      case 'words':
        this.change({ words: event.words });
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
    this.change({ videoOn: track !== null });
  }

  #release(): void {
    stopTracks(this.local);
    this.local = null;
    this.remote = null;
  }
}
