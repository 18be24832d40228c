// FakeStream, FakeTrack and FakePeerConnection stand in for WebRTC, which Node lacks. Written from what Chromium and
// Firefox do: negotiation is needed after a track is added in a stable state, descriptions move `signalingState`,
// candidates follow a local description, and two connections whose descriptions met become `connected`.
import type { LocalMedia } from '../call/media.ts';
import { runAsTask } from './manual-clock.ts';

export class FakeTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  /** Of the device that it comes from. */
  readonly label: string;
  readonly deviceId: string;
  constructor(kind: 'audio' | 'video', { deviceId = '', label = '' } = {}) {
    super();
    this.kind = kind;
    this.deviceId = deviceId;
    this.label = label;
  }
  getSettings = () => ({ deviceId: this.deviceId });
  /** The device is pulled out. */
  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
  stop(): void {
    this.readyState = 'ended';
  }
  clone(): FakeTrack {
    const copy = new FakeTrack(this.kind, this);
    copy.enabled = this.enabled;
    copy.readyState = this.readyState;
    return copy;
  }
}

export class FakeStream {
  #tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = [new FakeTrack('audio')]) {
    this.#tracks = [...tracks];
  }
  clone = () => new FakeStream(this.#tracks.map((track) => track.clone()));
  getTracks = () => [...this.#tracks];
  getAudioTracks = () => this.#tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = () => this.#tracks.filter((track) => track.kind === 'video');
  addTrack = (track: FakeTrack) => void this.#tracks.push(track);
  removeTrack = (track: FakeTrack) => {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  };
}

export const asStream = (stream: FakeStream) => stream as unknown as MediaStream;

/** A microphone that opens at once, when told, or not at all. */
export function fakeLocalMedia(permitted = true) {
  const opened: FakeStream[] = [];
  let answer: 'opens' | 'MICROPHONE_DENIED' | Promise<void> = 'opens';
  const media: LocalMedia = {
    permitted,
    async open(kind) {
      if (typeof answer === 'object') await answer;
      if (answer === 'MICROPHONE_DENIED') return { ok: false, code: answer };
      const tracks = kind === 'video' ? [new FakeTrack('audio'), new FakeTrack('video')] : undefined;
      const stream = new FakeStream(tracks);
      opened.push(stream);
      return { ok: true, value: asStream(stream) };
    },
    async openCamera() {
      return { ok: true, value: new FakeTrack('video') as unknown as MediaStreamTrack };
    },
  };
  return {
    media,
    opened,
    deny: () => {
      answer = 'MICROPHONE_DENIED';
    },
    /** Keeps the question open until the returned function is called. */
    ask: () => {
      let open = () => {};
      answer = new Promise<void>((resolve) => {
        open = resolve;
      });
      return () => open();
    },
  };
}

interface FakeSender {
  track: FakeTrack | null;
  dtmf: { canInsertDTMF: boolean; toneBuffer: string; insertDTMF(tones: string): void };
  replaceTrack(track: FakeTrack | null): Promise<void>;
}

let made = 0;

export class FakePeerConnection extends EventTarget {
  readonly id = ++made;
  readonly configuration: RTCConfiguration;
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';
  connectionState: 'new' | 'connected' | 'disconnected' | 'failed' | 'closed' = 'new';
  localDescription: { type: 'offer' | 'answer'; sdp: string } | null = null;
  remoteDescription: { type: 'offer' | 'answer'; sdp: string } | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  ontrack: ((event: { streams: FakeStream[]; track: FakeTrack }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  readonly senders: FakeSender[] = [];
  readonly receivers: { track: FakeTrack }[] = [];
  readonly candidates: string[] = [];
  restarts = 0;
  tones = '';
  #generation = 0;
  #needed = false;

  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
  }

  addTrack(track: FakeTrack): FakeSender {
    const connection = this;
    const sender: FakeSender = {
      track,
      dtmf: {
        canInsertDTMF: true,
        toneBuffer: '',
        insertDTMF(tones) {
          connection.tones = tones;
        },
      },
      async replaceTrack(next) {
        sender.track = next;
      },
    };
    this.senders.push(sender);
    this.#negotiate();
    return sender;
  }

  /** Pending ones are good enough for what is asked of them here. */
  get currentLocalDescription() {
    return this.localDescription;
  }
  get currentRemoteDescription() {
    return this.remoteDescription;
  }

  getSenders = () => this.senders;
  getReceivers = () => this.receivers;

  restartIce(): void {
    this.restarts++;
    this.#negotiate();
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    const identity = `o=- ${this.id} 1 IN IP4 0.0.0.0\r\na=fingerprint:sha-256 ${this.id}`;
    this.localDescription = { type, sdp: `${type} ${this.id}.${++this.#generation}\r\n${identity}\r\n` };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    this.#needed = false;
    const candidate = { candidate: `candidate:${this.id}.${this.#generation} 1 udp 1 192.0.2.1 9 typ host` };
    runAsTask(() =>
      this.onicecandidate?.({
        candidate: { ...candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
      }),
    );
    if (type === 'answer') this.#met();
  }

  async setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void> {
    await Promise.resolve();
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') {
      throw new DOMException('Called in wrong state: stable', 'InvalidStateError');
    }
    // An offer over an own offer rolls that back (JSEP §4.1.10.2); negotiation is needed again afterwards.
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') this.#needed = true;
    this.remoteDescription = description;
    if (description.type === 'offer') {
      this.signalingState = 'have-remote-offer';
      if (this.receivers.length === 0) this.#receive();
    } else {
      this.signalingState = 'stable';
      if (this.receivers.length === 0) this.#receive();
      this.#met();
    }
  }

  async addIceCandidate(init: { candidate: string }): Promise<void> {
    if (!this.remoteDescription) throw new DOMException('no remote description', 'InvalidStateError');
    this.candidates.push(init.candidate);
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** What ICE and DTLS found out. */
  become(state: 'connected' | 'disconnected' | 'failed'): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  #receive(): void {
    const track = new FakeTrack('audio');
    this.receivers.push({ track });
    this.ontrack?.({ streams: [new FakeStream([track])], track });
  }

  #met(): void {
    // As a task: no path is found before the answer has left.
    runAsTask(() => {
      if (this.connectionState !== 'closed') this.become('connected');
      if (this.#needed) this.#negotiate();
    });
  }

  #negotiate(): void {
    this.#needed = true;
    queueMicrotask(() => {
      if (this.signalingState === 'stable' && this.#needed) this.onnegotiationneeded?.();
    });
  }
}

export const asPeerConnection = (peer: FakePeerConnection) => peer as unknown as RTCPeerConnection;
