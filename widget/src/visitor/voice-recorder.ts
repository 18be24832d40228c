// A voice message: records what the microphone hears, at most so long, and keeps it here until it is sent.
import { VOICE_MS } from '@ringtag/server/protocol/limits';
import type { Clock } from '../call/clock.ts';
import { type LocalMedia, stopTracks } from '../call/media.ts';
import { type Answer, refusal } from './answer.ts';

/** What browsers can record and the hub takes, best first. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
const BITS_PER_SECOND = 24_000;

export interface Recording {
  readonly recording: Blob;
  readonly lengthMs: number;
}

export interface Recorder {
  /** Ends it; also what happens by itself at the limit. */
  stop(): void;
  readonly startedAtMs: number;
  /** Null where nothing was recorded. */
  readonly recorded: Promise<Recording | null>;
}

export function canRecord(): boolean {
  return typeof MediaRecorder === 'function' && TYPES.some((type) => MediaRecorder.isTypeSupported(type));
}

export async function startRecording(media: LocalMedia, clock: Clock): Promise<Answer<Recorder>> {
  const opened = await media.open('audio');
  if (!opened.ok) return refusal(opened.code);
  const stream = opened.value;
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  const startedAtMs = clock.now();
  const pieces: Blob[] = [];
  const cancel = clock.after(VOICE_MS - 500, () => recorder.stop());
  const recorded = new Promise<Recording | null>((resolve) => {
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      cancel();
      stopTracks(stream);
      // Without parameters, which the hub does not take.
      const recording = new Blob(pieces, { type: mimeType.replace(/;.*/, '') });
      resolve(recording.size > 0 ? { recording, lengthMs: clock.now() - startedAtMs } : null);
    };
  });
  recorder.start();
  const stop = () => recorder.state !== 'inactive' && recorder.stop();
  return { ok: true, value: { stop: () => void stop(), startedAtMs, recorded } };
}
