// Trying microphone and speakers before a call: three seconds recorded and played back, and a short sound. Plays
// through elements, whose speaker every browser that can choose one lets choose; nothing is fetched, no blob is linked,
// so no policy of the page is in the way.
import { chosenId } from './devices-chosen.ts';
import { playThrough } from './sound.ts';
import { render } from './tones.ts';

const RECORD_MS = 3_000;
const CHIME_MS = 1_500;

/** Until it has been played or `signal` says stop. Rejects where the browser cannot record. */
export async function playBack(stream: MediaStream, playing: () => void, signal: AbortSignal): Promise<void> {
  const recorded = await record(stream, signal);
  if (signal.aborted) return;
  const context = new AudioContext();
  try {
    const buffer = await context.decodeAudioData(await recorded.arrayBuffer());
    playing();
    await play({ context, buffer, sinkId: chosenId('speaker'), forMs: buffer.duration * 1_000, signal });
  } finally {
    await context.close();
  }
}

/** The ringtone once, through that device. */
export async function chime(kind: 'speaker' | 'ringer', signal: AbortSignal): Promise<void> {
  const context = new AudioContext();
  try {
    const buffer = render(context, 'ring');
    await play({ context, buffer, sinkId: chosenId(kind), forMs: CHIME_MS, signal });
  } finally {
    await context.close();
  }
}

async function record(stream: MediaStream, signal: AbortSignal): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void parts.push(data);
  const stopped = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  recorder.start();
  await passed(RECORD_MS, signal);
  if (recorder.state !== 'inactive') recorder.stop();
  await stopped;
  return new Blob(parts, { type: recorder.mimeType });
}

interface Played {
  readonly context: AudioContext;
  readonly buffer: AudioBuffer;
  readonly sinkId: string;
  readonly forMs: number;
  readonly signal: AbortSignal;
}

async function play({ context, buffer, sinkId, forMs, signal }: Played): Promise<void> {
  const out = context.createMediaStreamDestination();
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(out);
  const element = new Audio();
  element.srcObject = out.stream;
  playThrough(element, sinkId);
  await Promise.all([context.resume(), element.play()]);
  source.start();
  await passed(forMs, signal);
  source.stop();
  element.srcObject = null;
}

function passed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
