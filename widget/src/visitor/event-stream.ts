// Server-sent events read with fetch, because `EventSource` can send no bearer (WHATWG HTML §9.2). Each connection
// begins with a snapshot, so a lost one is simply opened again, at a moment of its own.
import { backoffMs, type Clock, pause } from '../call/clock.ts';

/** Nothing heard for so long, not even a comment: the line is dead, whatever the browser believes. */
const SILENT_MS = 25_000;
const AGAIN_MAX_MS = 4_000;

/** Takes the stream piece by piece; calls with the data of each whole event (§9.2.6). */
export function eventParser(heard: (data: string) => void): (text: string) => void {
  let rest = '';
  let data: string[] = [];
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        heard(data.join('\n'));
        data = [];
      }
    }
  };
}

export interface StreamOptions {
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly heard: (data: string) => void;
  /** Whether the line is up. */
  readonly online: (online: boolean) => void;
  /** The hub knows of no such visit (any more), or of no such key. */
  readonly gone: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Reads until `signal` aborts or the visit is gone. */
export function followEvents(options: StreamOptions): void {
  void follow(options);
}

async function follow(options: StreamOptions): Promise<void> {
  const { signal, clock, gone, online } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const outcome = await listen(options);
    if (signal.aborted) return;
    if (outcome === 'gone') return gone();
    if (outcome === 'heard') attempt = 0;
    online(false);
    await pause(clock, backoffMs(attempt, AGAIN_MAX_MS));
  }
}

/** One connection, until it ends. `heard`: it carried something. */
async function listen({
  open,
  heard,
  online,
  clock,
  signal,
}: StreamOptions): Promise<'heard' | 'nothing' | 'gone'> {
  const line = new AbortController();
  let outcome: 'heard' | 'nothing' = 'nothing';
  let cancel = () => {};
  const watch = () => {
    cancel();
    cancel = clock.after(SILENT_MS, () => line.abort());
  };
  try {
    watch();
    const response = await open(AbortSignal.any([signal, line.signal]));
    if ([401, 403, 404, 410].includes(response.status)) return 'gone';
    if (!response.ok || !response.body) return 'nothing';
    online(true);
    const parse = eventParser((data) => {
      outcome = 'heard';
      heard(data);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return outcome;
      watch();
      parse(value);
    }
  } catch {
    return outcome;
  } finally {
    cancel();
  }
}
