// One RTCPeerConnection to the other device of a room: perfect negotiation (WebRTC 1.0 §10.7), ICE restarts, tracks.
// Speaks in signals; does not know how they travel.
import type { IceServer, Signal } from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';
import { PathWatch } from '../call/path-watch.ts';

/** The polite side leaves the first restart to the other, so that they do not collide each time. */
const POLITE_PATIENCE_MS = 700;
const SEEK_TRIES = 2;
const TONE_MS = 160;
const TONE_GAP_MS = 70;

export type CreatePeerConnection = (configuration: RTCConfiguration) => RTCPeerConnection;

export interface PeerLinkOptions {
  /** Its offers yield, and it makes none before the first of the other side. */
  readonly polite: boolean;
  readonly iceServers: readonly IceServer[];
  readonly clock: Clock;
  readonly send: (signal: Signal) => void;
  readonly connected: () => void;
  readonly lost: () => void;
  /** No path could be found, at first or again. */
  readonly failed: () => void;
  /** Both sides have agreed on new descriptions while connected. */
  readonly agreed: () => void;
  readonly remoteStream: (stream: MediaStream) => void;
  readonly create?: CreatePeerConnection;
}

export class PeerLink {
  readonly #options: PeerLinkOptions;
  readonly #pc: RTCPeerConnection;
  readonly #media: Promise<MediaStream>;
  #giveMedia: (stream: MediaStream) => void = () => {};
  readonly #path: PathWatch;
  #local: MediaStream | null = null;
  /** In place of the stream's own, once another was chosen. */
  #microphone: MediaStreamTrack | undefined;
  /** Made by the first camera; later ones take its place without a new negotiation. */
  #videoSender: RTCRtpSender | undefined;
  #makingOffer = false;
  #ignoringOffer = false;
  #closed = false;
  /** Signals are applied one after the other, whatever each waits for. */
  #applying: Promise<void> = Promise.resolve();

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#media = new Promise((resolve) => {
      this.#giveMedia = resolve;
    });
    const create = options.create ?? ((configuration) => new RTCPeerConnection(configuration));
    this.#pc = create({ iceServers: [...options.iceServers] as RTCIceServer[], bundlePolicy: 'max-bundle' });
    this.#pc.onnegotiationneeded = () => void this.#offer();
    this.#pc.onicecandidate = (event) => this.#sendCandidate(event.candidate);
    this.#pc.ontrack = (event) => options.remoteStream(event.streams[0] ?? new MediaStream([event.track]));
    this.#path = new PathWatch({
      connection: this.#pc,
      clock: options.clock,
      patienceMs: options.polite ? POLITE_PATIENCE_MS : 0,
      tries: SEEK_TRIES,
      // Silence is sent as sound: something always arrives.
      quiet: () => false,
      seek: () => this.#pc.restartIce(),
      found: options.connected,
      lost: options.lost,
      failed: options.failed,
    });
  }

  /** For statistics. */
  get connection(): RTCPeerConnection {
    return this.#pc;
  }

  /** The descriptions in force, this side's first. */
  get descriptions(): readonly [string, string] {
    const { currentLocalDescription, currentRemoteDescription } = this.#pc;
    return [currentLocalDescription?.sdp ?? '', currentRemoteDescription?.sdp ?? ''];
  }

  /** Media of this side. The caller's brings forth the offer, the callee's the answer. */
  setMedia(stream: MediaStream): void {
    this.#local = stream;
    this.#giveMedia(stream);
    if (!this.#options.polite) this.#attach(stream);
  }

  async setMicrophone(track: MediaStreamTrack): Promise<void> {
    this.#microphone = track;
    await this.#audioSender?.replaceTrack(track);
  }

  /** From now on a path must be found within bounds. */
  expectConnection(): void {
    if (!this.#closed) this.#path.expect();
  }

  /** An offer that begins another session than the one in force (RFC 8866 §5.2): of another connection than before. */
  isForeign(signal: Signal): boolean {
    const { remoteDescription } = this.#pc;
    if (!remoteDescription || signal.kind !== 'description' || signal.type !== 'offer') return false;
    return sessionOf(signal.sdp) !== sessionOf(remoteDescription.sdp);
  }

  /** Applies what the other side sent; a signal that does not fit any more is skipped, not fatal. */
  apply(signal: Exclude<Signal, { kind: 'media' }>): void {
    this.#applying = this.#applying.then(async () => {
      if (this.#closed) return;
      try {
        if (signal.kind === 'description') await this.#applyDescription(signal);
        else await this.#applyCandidate(signal);
      } catch {
        // A description that cannot be applied shows as a connection that does not come: the deadline tells it.
      }
    });
  }

  /** Silence in both directions, without a word to the other side. */
  setSilent(silent: boolean, muted: boolean): void {
    for (const { track } of this.#pc.getSenders()) {
      if (track) track.enabled = !silent && !(muted && track.kind === 'audio');
    }
    for (const { track } of this.#pc.getReceivers()) track.enabled = !silent;
  }

  async setVideo(track: MediaStreamTrack | null): Promise<void> {
    if (this.#videoSender) await this.#videoSender.replaceTrack(track);
    else if (track && this.#local) this.#videoSender = this.#pc.addTrack(track, this.#local);
  }

  /** RFC 4733 events in the audio stream; "," is the two-second pause of `insertDTMF`. */
  sendDigits(digits: string): void {
    const dtmf = this.#audioSender?.dtmf;
    if (dtmf?.canInsertDTMF) dtmf.insertDTMF(dtmf.toneBuffer + digits, TONE_MS, TONE_GAP_MS);
  }

  close(): void {
    this.#closed = true;
    this.#path.close();
    this.#pc.close();
  }

  get #audioSender(): RTCRtpSender | undefined {
    return this.#pc.getSenders().find(({ track }) => track?.kind === 'audio');
  }

  #attach(stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      const sent = track.kind === 'audio' ? (this.#microphone ?? track) : track;
      const sender = this.#pc.addTrack(sent, stream);
      if (track.kind === 'video') this.#videoSender = sender;
    }
  }

  async #offer(): Promise<void> {
    // The polite side has nothing to offer before it has answered: its first media go into that answer.
    if (this.#closed || (this.#options.polite && !this.#pc.remoteDescription)) return;
    try {
      this.#makingOffer = true;
      await this.#pc.setLocalDescription();
      this.#sendDescription();
    } catch {
      // Collided with an offer from the other side; negotiation goes on with theirs.
    } finally {
      this.#makingOffer = false;
    }
  }

  async #applyDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void> {
    const { type, sdp } = description;
    const collision = type === 'offer' && (this.#makingOffer || this.#pc.signalingState !== 'stable');
    this.#ignoringOffer = collision && !this.#options.polite;
    if (this.#ignoringOffer) return;
    const first = this.#pc.remoteDescription === null;
    await this.#pc.setRemoteDescription({ type, sdp });
    if (type === 'offer') await this.#answer(first);
    if (this.#path.everFound) this.#options.agreed();
  }

  async #answer(first: boolean): Promise<void> {
    this.#path.sought();
    if (first) {
      const stream = await this.#media;
      if (this.#closed) return;
      if (this.#options.polite) this.#attach(stream);
    }
    await this.#pc.setLocalDescription();
    this.#sendDescription();
  }

  async #applyCandidate(signal: RTCIceCandidateInit): Promise<void> {
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = signal;
    try {
      const init = {
        candidate: candidate ?? '',
        sdpMid: sdpMid ?? null,
        sdpMLineIndex: sdpMLineIndex ?? null,
      };
      await this.#pc.addIceCandidate(usernameFragment ? { ...init, usernameFragment } : init);
    } catch (error) {
      // Candidates of an offer that we ignored have nowhere to go.
      if (!this.#ignoringOffer) throw error;
    }
  }

  #sendDescription(): void {
    const description = this.#pc.localDescription;
    if (this.#closed || !description || (description.type !== 'offer' && description.type !== 'answer'))
      return;
    this.#options.send({ kind: 'description', type: description.type, sdp: description.sdp });
  }

  #sendCandidate(candidate: RTCIceCandidate | null): void {
    if (!candidate) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#options.send({
      kind: 'candidate',
      candidate: candidate.candidate,
      sdpMid,
      sdpMLineIndex,
      usernameFragment,
    });
  }
}

function sessionOf(sdp: string): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}
