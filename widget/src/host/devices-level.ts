// How loud a microphone is, 0 to 1, some fifteen times a second. Where the browser lets no AudioContext run (no sound
// device, no gesture), a connection from the page to itself measures instead.

const EVERY_MS = 66;
/** A context that may run does so within this time. */
const START_MS = 500;
/** Quieter than this is nothing. */
const FLOOR_DB = -60;

/** Until the returned function is called. */
export function watchStream(stream: MediaStream, listener: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  void context.resume().catch(() => {});
  let stopOther = () => {};
  let over = false;
  const timer = setInterval(() => {
    if (context.state !== 'running') return;
    analyser.getFloatTimeDomainData(samples);
    listener(shown(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)));
  }, EVERY_MS);
  const patience = setTimeout(() => {
    if (over || context.state === 'running') return;
    clearInterval(timer);
    stopOther = watchByConnection(stream, listener);
  }, START_MS);
  return () => {
    over = true;
    clearInterval(timer);
    clearTimeout(patience);
    stopOther();
    void context.close().catch(() => {});
  };
}

/** Speech fills the middle of the meter. */
function shown(amplitude: number): number {
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(amplitude || 1e-9)) / FLOOR_DB));
}

function watchByConnection(stream: MediaStream, listener: (level: number) => void): () => void {
  const from = new RTCPeerConnection();
  const to = new RTCPeerConnection();
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined).catch(() => {});
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined).catch(() => {});
  for (const track of stream.getAudioTracks()) from.addTrack(track, stream);
  // Without a connection the meter stays still; nothing else depends on it.
  connect(from, to).catch(() => {});
  const timer = setInterval(() => {
    to.getStats().then(
      (stats) => {
        stats.forEach((entry: { type: string; audioLevel?: number }) => {
          if (entry.type === 'inbound-rtp' && entry.audioLevel !== undefined)
            listener(shown(entry.audioLevel));
        });
      },
      () => {},
    );
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    from.close();
    to.close();
  };
}

async function connect(from: RTCPeerConnection, to: RTCPeerConnection): Promise<void> {
  await from.setLocalDescription();
  if (from.localDescription) await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  if (to.localDescription) await from.setRemoteDescription(to.localDescription);
}
