// Ears for a browser without a sound device: Firefox suspends every AudioContext there. What is played is recorded,
// decoded, and measured frequency by frequency.

/** Runs in the page after `installEars`, and listens in its place. */
export function installFirefoxEars(): void {
  const ears = window.ringtagEars;
  if (!ears) return;

  /** Amplitude of one frequency, 0 to 1 (Goertzel's algorithm). */
  const amplitudeOf = (samples: Float32Array, hz: number, rate: number): number => {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
    let last = 0;
    let before = 0;
    for (const sample of samples) [last, before] = [sample + turn * last - before, last];
    const power = Math.max(0, last * last + before * before - turn * last * before);
    return (2 * Math.sqrt(power)) / samples.length;
  };

  const loudest = (samples: Float32Array, rate: number): { hz: number; db: number } => {
    let best = { hz: 0, amplitude: 0 };
    for (let hz = 100; hz <= 2_400; hz += 5) {
      const amplitude = amplitudeOf(samples, hz, rate);
      if (amplitude > best.amplitude) best = { hz, amplitude };
    }
    const db = best.amplitude === 0 ? -Infinity : 20 * Math.log10(best.amplitude);
    return { hz: db < -55 ? 0 : best.hz, db };
  };

  const record = (streams: readonly MediaStream[], ms: number): Promise<Blob> =>
    new Promise((resolve, reject) => {
      const tracks = streams.flatMap((stream) => stream.getAudioTracks());
      const recorder = new MediaRecorder(new MediaStream(tracks.slice(-1)));
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }));
      recorder.onerror = () => reject(new Error('the recorder failed'));
      recorder.start();
      setTimeout(() => recorder.state !== 'inactive' && recorder.stop(), ms);
    });

  ears.listen = async (ms) => {
    const streams = ears.aloud();
    if (streams.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return { hz: 0, db: -Infinity };
    }
    const sound = await record(streams, ms);
    const decoder = new OfflineAudioContext(1, 1, 48_000);
    const { sampleRate, ...decoded } = await decoder.decodeAudioData(await sound.arrayBuffer()).then(
      (buffer) => ({ sampleRate: buffer.sampleRate, samples: buffer.getChannelData(0) }),
      () => ({ sampleRate: 48_000, samples: new Float32Array() }),
    );
    // The newest of it: a recording begins with what was there before.
    return loudest(decoded.samples.subarray(-Math.round((sampleRate * ms) / 2_000)), sampleRate);
  };

  let following = 0;
  let changes: { atMs: number; heard: boolean }[] = [];
  ears.follow = async (hz) => {
    following += 1;
    const mine = following;
    changes = [];
    const go = async () => {
      while (mine === following) {
        const atMs = performance.timeOrigin + performance.now();
        const heard = Math.abs((await ears.listen(150)).hz - hz) <= 15;
        if (changes.at(-1)?.heard !== heard) changes.push({ atMs, heard });
      }
    };
    void go();
  };
  ears.changes = () => changes;
}
