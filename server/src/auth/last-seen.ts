// When each device was last there, for "Your devices". Written when its socket comes or goes and every few minutes in
// between, in small batches, never with a request: ten thousand devices that reconnect at once cost a few writes.
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';

/** While it is connected, a device's time is written again this often. */
const REFRESH_MS = 5 * 60_000;
/** From the first that waits to be written, and between two batches. */
const BATCH_WAIT_MS = 2_000;
/** 10,000 devices come round well within `REFRESH_MS`. */
const BATCH = 200;

export interface LastSeen {
  came(sessionId: string): void;
  gone(sessionId: string): void;
  start(): void;
  /** Writes what is known, once; what is connected now was seen now. */
  stop(): Promise<void>;
}

export interface LastSeenOptions {
  readonly storage: Pick<Storage, 'sessions'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createLastSeen({ storage, clock, logger }: LastSeenOptions): LastSeen {
  const connected = new Set<string>();
  const queue = new Set<string>();
  let cancelRefresh: (() => void) | undefined;
  let cancelWrite: (() => void) | undefined;
  let isWriting = false;

  function enqueue(ids: Iterable<string>): void {
    for (const id of ids) queue.add(id);
    if (queue.size > 0 && !isWriting) cancelWrite ??= clock.after(BATCH_WAIT_MS, writeBatch);
  }

  /** One at a time: storage that is slow gets no second batch on top. */
  function writeBatch(): void {
    cancelWrite = undefined;
    if (!isWriting) void write([...queue].slice(0, BATCH)).then(() => enqueue([]));
  }

  async function write(ids: readonly string[]): Promise<void> {
    for (const id of ids) queue.delete(id);
    isWriting = true;
    try {
      await storage.sessions.seen(ids, clock.now());
    } catch (err) {
      logger.error({ err }, 'when devices were last seen could not be written; trying again');
      enqueue(ids);
    } finally {
      isWriting = false;
    }
  }

  function start(): void {
    cancelRefresh = clock.after(REFRESH_MS, () => {
      enqueue(connected);
      start();
    });
  }

  return {
    came(sessionId) {
      connected.add(sessionId);
      enqueue([sessionId]);
    },
    gone(sessionId) {
      connected.delete(sessionId);
      enqueue([sessionId]);
    },
    start,
    async stop() {
      cancelRefresh?.();
      await write([...new Set([...queue, ...connected])]);
      cancelWrite?.();
    },
  };
}
