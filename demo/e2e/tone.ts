// Tones: the microphone file that a browser plays, and the analysis of what arrived. A call is proven by the tone
// at its far end, never by what the interface says about it.

const RATE = 48_000;

/** One second of a sine tone, 16 bit mono; whole periods, so that the browser's loop has no seam. */
export function toneWav(hz: number): Buffer {
  const data = Buffer.alloc(RATE * 2);
  for (let i = 0; i < RATE; i += 1) {
    data.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hz * i) / RATE) * 12_000), i * 2);
  }
  return wav(data, RATE);
}

const BEEPS_RATE = 16_000;
const BEEPS_S = 300;

/** Five minutes of a tone that is there half of the time: a steady one is noise to a browser, which takes it away. */
export function beepsWav(hz: number): Buffer {
  const data = Buffer.alloc(BEEPS_RATE * BEEPS_S * 2);
  for (let i = 0; i < BEEPS_RATE * BEEPS_S; i += 1) {
    const isOn = i % (BEEPS_RATE / 2) < BEEPS_RATE / 4;
    const sample = isOn ? Math.sin((2 * Math.PI * hz * i) / BEEPS_RATE) * 12_000 : 0;
    data.writeInt16LE(Math.round(sample), i * 2);
  }
  return wav(data, BEEPS_RATE);
}

/** 16 bit mono. */
function wav(data: Buffer, rate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** What a person hears now. */
export interface Heard {
  /** Loudest frequency; 0 in silence. */
  readonly hz: number;
  /** Its level, dBFS. */
  readonly db: number;
}

export interface ToneChange {
  readonly atMs: number;
  readonly heard: boolean;
}

/** Quieter than this counts as silence. */
export const SILENCE_DB = -70;

declare global {
  interface Window {
    /** Put there by `installEars`, before any script of the page. */
    ringtagEars?: {
      listen(ms: number): Promise<Heard>;
      /** The strongest frequencies, in hertz, of all that plays aloud within this time; quiet moments have none. */
      pitches(ms: number): Promise<readonly number[]>;
      /** What plays aloud now. */
      aloud(): readonly MediaStream[];
      diagnose(): Promise<string>;
      /** Loudest level, 0 to 1, of the tones that the page itself makes within this time. */
      ring(ms: number): Promise<number>;
      /** Notes from now on when that tone stops being played aloud and when it is back. */
      follow(hz: number): Promise<void>;
      /** What `follow` has noted; the first is how things stood. Times are milliseconds since 1970. */
      changes(): readonly ToneChange[];
      /** Candidate types of the path that the latest connection uses, this side's first: `host`, `relay`… */
      path(): Promise<readonly string[]>;
    };
  }
}

/**
 * Runs in the page before its own scripts. Remembers every media element that was played, and measures those that
 * play aloud now: sound that arrives but is not played to anybody is silence.
 */
export function installEars(): void {
  const elements = new Set<HTMLMediaElement>();
  const connections = new Set<RTCPeerConnection>();
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function patched(this: HTMLMediaElement) {
    elements.add(this);
    return play.call(this);
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };
  const tones: AnalyserNode[] = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function tapped(this: AudioNode, to: AudioNode) {
    if (to instanceof AudioDestinationNode) {
      const tap = this.context.createAnalyser();
      tones.push(tap);
      connect.call(this, tap);
    }
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
  const ring = async (ms: number): Promise<number> => {
    const until = performance.now() + ms;
    let loudest = 0;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const tap of tones) {
        const samples = new Float32Array(tap.fftSize);
        tap.getFloatTimeDomainData(samples);
        loudest = Math.max(loudest, ...samples.map(Math.abs));
      }
    }
    return loudest;
  };
  let context: AudioContext | undefined;
  const aloud = () =>
    [...elements]
      .filter((e) => !e.paused && !e.muted && e.volume > 0)
      .map((e) => e.srcObject)
      .filter((stream) => stream instanceof MediaStream)
      .filter((stream) => stream.getAudioTracks().length > 0);
  const measure = async (ms: number): Promise<Heard> => {
    context ??= new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0.5;
    const sources = aloud().map((stream) => (context as AudioContext).createMediaStreamSource(stream));
    for (const source of sources) source.connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, ms));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    for (const source of sources) source.disconnect();
    let best = 0;
    bins.forEach((level, i) => {
      if (level > (bins[best] ?? -Infinity)) best = i;
    });
    const db = bins[best] ?? -Infinity;
    return { hz: db < -70 ? 0 : Math.round((best * context.sampleRate) / analyser.fftSize), db };
  };
  const pitches = async (ms: number): Promise<number[]> => {
    context ??= new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 4096;
    analyser.smoothingTimeConstant = 0;
    const sources = aloud().map((stream) => (context as AudioContext).createMediaStreamSource(stream));
    for (const source of sources) source.connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const heard = new Set<number>();
    for (const until = performance.now() + ms; performance.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatFrequencyData(bins);
      const loudest = Math.max(...bins);
      if (loudest > -50)
        heard.add(Math.round((bins.indexOf(loudest) * context.sampleRate) / analyser.fftSize));
    }
    for (const source of sources) source.disconnect();
    return [...heard];
  };
  const diagnose = async (): Promise<string> => {
    const found = await Promise.all([...connections].map(describeConnection));
    const players = [...elements].map((e) => {
      const tracks = e.srcObject instanceof MediaStream ? e.srcObject.getAudioTracks() : [];
      const states = tracks.map(
        (t) => `${t.readyState}${t.muted ? ' muted' : ''}${t.enabled ? '' : ' disabled'}`,
      );
      return `player paused=${e.paused} muted=${e.muted} volume=${e.volume} tracks=[${states}]`;
    });
    return [...found, ...players].join('\n');
  };
  let changes: { atMs: number; heard: boolean }[] = [];
  let stopFollowing = () => {};
  const follow = async (hz: number): Promise<void> => {
    stopFollowing();
    changes = [];
    const ears = context ?? new AudioContext();
    context = ears;
    await ears.resume();
    const analyser = ears.createAnalyser();
    analyser.fftSize = 2048;
    analyser.smoothingTimeConstant = 0;
    const bins = new Float32Array(analyser.frequencyBinCount);
    const at = Math.round((hz * analyser.fftSize) / ears.sampleRate);
    const connected = new Map<MediaStream, MediaStreamAudioSourceNode>();
    const look = () => {
      const streams = new Set(aloud());
      for (const [stream, source] of connected) {
        if (streams.has(stream)) continue;
        source.disconnect();
        connected.delete(stream);
      }
      for (const stream of streams) {
        if (connected.has(stream)) continue;
        const source = ears.createMediaStreamSource(stream);
        source.connect(analyser);
        connected.set(stream, source);
      }
      analyser.getFloatFrequencyData(bins);
      const heard = streams.size > 0 && (bins[at] ?? -Infinity) > -60;
      if (changes.at(-1)?.heard !== heard)
        changes.push({ atMs: performance.timeOrigin + performance.now(), heard });
    };
    const timer = setInterval(look, 20);
    stopFollowing = () => clearInterval(timer);
  };
  window.ringtagEars = {
    listen: measure,
    pitches,
    aloud,
    diagnose,
    ring,
    follow,
    changes: () => changes,
    path,
  };

  async function path(): Promise<string[]> {
    const connection = [...connections].filter((c) => c.connectionState === 'connected').at(-1);
    const stats = new Map<string, Record<string, unknown>>();
    (await connection?.getStats())?.forEach((entry: Record<string, unknown>) => {
      stats.set(String(entry.id), entry);
    });
    const transport = [...stats.values()].find(({ type }) => type === 'transport');
    const pair = stats.get(String(transport?.selectedCandidatePairId));
    return [pair?.localCandidateId, pair?.remoteCandidateId].map((id) =>
      String(stats.get(String(id))?.candidateType),
    );
  }

  async function describeConnection(connection: RTCPeerConnection): Promise<string> {
    const { connectionState, iceConnectionState, signalingState } = connection;
    const lines = [`connection ${connectionState}, ice ${iceConnectionState}, signalling ${signalingState}`];
    const directions = connection.getTransceivers().map((t) => {
      const sent = t.sender.track;
      const sending = sent ? `${sent.readyState}${sent.enabled ? '' : ' disabled'}` : 'nothing';
      return `${t.mid}: ${t.direction}/${t.currentDirection} sends ${sending}`;
    });
    lines.push(`  transceivers ${directions.join('; ')}`);
    const stats = await connection.getStats();
    stats.forEach((entry: Record<string, unknown>) => {
      if (/^(local|remote)-candidate$/.test(String(entry.type)))
        lines.push(`  ${entry.type} ${entry.candidateType} ${entry.protocol} ${entry.address}:${entry.port}`);
      if (entry.type !== 'inbound-rtp' && entry.type !== 'outbound-rtp') return;
      const { type, kind, packetsSent, packetsReceived, audioLevel } = entry;
      lines.push(`  ${type} ${kind} packets=${packetsSent ?? packetsReceived} level=${audioLevel}`);
    });
    return lines.join('\n');
  }
}
