// Does the work that the hub asks of a page when attempts rise (SPEC P11): in a worker where the page's policy lets
// one start, in short slices otherwise.
import type { Challenge, Proof } from '@ringtag/server/protocol';
import { seek } from './proof-work.ts';

const SLICE_MS = 8;
/** Numbers between two looks at the clock. */
const STEP = 100;
const LARGEST = 0xffffffff;
/** A worker's chunk of numbers: short enough to be given up soon, long enough for its messages not to matter. */
const WORKER_STEP = 20_000;

/** Null where it was given up, or no number will do. */
export async function prove(challenge: Challenge, signal: AbortSignal): Promise<Proof | null> {
  const { id, parts, bits, token } = challenge;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const seekInWorker = startWorker(either);
  const answers: number[] = [];
  try {
    for (let part = 0; part < parts; part++) {
      const prefix = `${id}:${part}:`;
      const found = (await seekInWorker?.(prefix, bits)) ?? (await seekInSlices(prefix, bits, either));
      if (found < 0) return null;
      answers.push(found);
    }
    return { token, answers };
  } finally {
    done.abort();
  }
}

/** Undefined where there can be none; one that does not start answers with nothing. */
function startWorker(
  signal: AbortSignal,
): ((prefix: string, bits: number) => Promise<number | undefined>) | undefined {
  const source = `const seek=${seek};onmessage=({data:[prefix,bits,from,count]})=>postMessage(seek(prefix,bits,from,count))`;
  let worker: Worker;
  try {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    signal.addEventListener('abort', () => URL.revokeObjectURL(url));
    worker = new Worker(url);
  } catch {
    // No workers at all, or Trusted Types, under which this address is none.
    return undefined;
  }
  signal.addEventListener('abort', () => worker.terminate());
  let broken = false;
  const step = (...args: Parameters<typeof seek>) =>
    new Promise<number | undefined>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        broken = true;
        resolve(undefined);
      };
      signal.addEventListener('abort', () => resolve(-1), { once: true });
      worker.postMessage(args);
    });
  return async (prefix, bits) => {
    for (let from = 0; !broken && !signal.aborted && from < LARGEST; from += WORKER_STEP) {
      const found = await step(prefix, bits, from, WORKER_STEP);
      if (found === undefined) return undefined;
      if (found >= 0) return found;
    }
    return broken ? undefined : -1;
  };
}

/** The page stays quick: after each slice it has its turn. */
async function seekInSlices(prefix: string, bits: number, signal: AbortSignal): Promise<number> {
  let from = 0;
  while (!signal.aborted && from < LARGEST) {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      const found = seek(prefix, bits, from, STEP);
      if (found >= 0) return found;
      from += STEP;
    }
    await turn();
  }
  return -1;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
