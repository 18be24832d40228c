// SilentConnection stands in for a browser's connection where only signalling matters: it says in SDP where it could
// be heard (plain G.711, on a port where nobody listens) and is connected as soon as both sides have said so.

export class SilentStream {
  getTracks = () => [];
  getAudioTracks = () => [];
  getVideoTracks = () => [];
}

const PORT = 9;
let made = 0;

export class SilentConnection extends EventTarget {
  readonly #id = ++made;
  #version = 0;
  signalingState = 'stable';
  readonly iceGatheringState = 'complete';
  iceConnectionState = 'new';
  connectionState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;

  getSenders = () => [];
  getReceivers = () => [];
  getStats = async () => new Map();
  createOffer = async () => this.#describe('offer');
  createAnswer = async () => this.#describe('answer');

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    this.#settle(description.type, 'have-local-offer');
  }

  async setRemoteDescription({ type }: { type: string }): Promise<void> {
    this.#settle(type, 'have-remote-offer');
  }

  close(): void {
    this.connectionState = 'closed';
  }

  #describe(type: string) {
    const lines = [
      'v=0',
      `o=- ${this.#id} ${++this.#version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${PORT} RTP/AVP 0 101`,
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=sendrecv',
      '',
    ];
    return { type, sdp: lines.join('\r\n') };
  }

  #settle(type: string, otherwise: string): void {
    this.signalingState = type === 'offer' ? otherwise : 'stable';
    if (type === 'offer' || this.connectionState === 'connected') return;
    this.connectionState = 'connected';
    queueMicrotask(() => this.onconnectionstatechange?.());
  }
}
