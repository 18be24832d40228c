// Networks that administrators have blocked, held in memory, since every request of the public asks; read again every
// few seconds, for what ended and what other hubs did.
import { networkOf } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { createNetworks, type Networks } from '../platform/networks.ts';
import type { BlockRecord, BlockStore } from './block-store.ts';

export interface Blocks {
  isBlocked(address: string): boolean;
  /** `listener` is called after each reading, also of what other hubs blocked: whoever is inside already goes. */
  follow(listener: () => void): void;
  /** Those in force, the newest first. */
  all(): Promise<readonly BlockRecord[]>;
  /** `network` is one of `spelledNetwork`, and none of `isWide`. */
  add(block: NewBlock): Promise<BlockRecord>;
  /** False where there is none. */
  lift(id: string): Promise<boolean>;
  start(): Promise<void>;
  stop(): void;
}

export interface NewBlock extends Pick<BlockRecord, 'network' | 'reason' | 'by'> {
  /** Absent: until it is lifted. */
  readonly forMs?: number;
}

export interface BlocksOptions {
  readonly store: BlockStore;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'next'>;
  readonly logger: Logger;
}

const READ_AGAIN_MS = 5_000;

export function createBlocks({ store, clock, ids, logger }: BlocksOptions): Blocks {
  let blocked: Networks = createNetworks([]);
  let heard: () => void = () => undefined;
  let cancel: (() => void) | undefined;

  async function read(): Promise<readonly BlockRecord[]> {
    const all = await store.all(clock.now());
    blocked = createNetworks(all.map(({ network }) => network));
    heard();
    return all;
  }

  function readAgain(): void {
    cancel = clock.after(READ_AGAIN_MS, () => {
      read().then(readAgain, (err: unknown) => {
        logger.warn({ err }, 'the blocked networks could not be read again');
        readAgain();
      });
    });
  }

  return {
    // A visit is blocked by its network, which of whoever is translated is the IPv4 address.
    isBlocked: (address) => blocked.has(address) || blocked.has(networkOf(address)),
    follow(listener) {
      heard = listener;
    },
    all: read,
    async add({ forMs, ...what }) {
      const createdAtMs = clock.now();
      const end = forMs === undefined ? {} : { endsAtMs: createdAtMs + forMs };
      const block = { id: ids.next('b'), ...what, createdAtMs, ...end };
      await store.put(block);
      await read();
      return block;
    },
    async lift(id) {
      const isLifted = await store.remove(id);
      await read();
      return isLifted;
    },
    async start() {
      await read();
      readAgain();
    },
    stop: () => cancel?.(),
  };
}
