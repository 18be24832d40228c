// Destinations as they are now: the operator's file, what administrators made, and what they opened or closed by hand.
// Answers come from memory, since every card asks; storage is read again every few seconds, for what other hubs did.
import type { Destination, DestinationId, OpeningChange } from '@ringtag/server/protocol';
import { type AnyErrorCode, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { destinationProblems } from './destination-file.ts';
import type { DestinationStore, Opening } from './destination-store.ts';
import { openStateOf } from './hours.ts';
import type { Destinations } from './ports.ts';

/** A destination as administrators see it. */
export interface ManagedDestination {
  readonly destination: Destination;
  /** Of the operator's file: not to be changed but there. */
  readonly from: 'file' | 'api';
  readonly opening: Opening;
}

export interface DestinationRegister extends Destinations {
  managed(): readonly ManagedDestination[];
  /** Refusals: `CONFLICT` (`file`: it is the file's), `INVALID_INPUT` with the field. */
  put(destination: Destination): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  /** Refusals: `NOT_FOUND`, `CONFLICT` (`file`; `named`: another destination sends visitors there). */
  remove(id: DestinationId): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  /** By hand, whatever the hours say; of the file's as well. Refusals: `NOT_FOUND`. */
  setOpening(
    id: DestinationId,
    opening: OpeningChange['opening'],
  ): Promise<{ readonly ok: true } | Refusal<AnyErrorCode>>;
  /** Reads storage, and goes on doing so. */
  start(): Promise<void>;
  stop(): void;
}

export interface DestinationsOptions {
  /** Of the operator's file. */
  readonly file: readonly Destination[];
  readonly store: DestinationStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

const READ_AGAIN_MS = 5_000;

export function createDestinations({ file, store, clock, logger }: DestinationsOptions): DestinationRegister {
  const fileIds = new Set(file.map(({ id }) => id));
  const listeners = new Set<(id: DestinationId) => void>();
  let current = new Map(file.map((destination) => [destination.id, destination]));
  let openings: ReadonlyMap<string, Opening> = new Map();
  let origins = originsOf(current);
  let cancel: (() => void) | undefined;

  async function read(): Promise<void> {
    const [stored, byHand] = await Promise.all([store.all(), store.openings()]);
    const before = { current, openings };
    // The file goes before: an id that the operator takes hides what was made under it.
    const made = stored.filter(({ id }) => !fileIds.has(id)).map((made) => keepSame(before.current, made));
    current = new Map([...file, ...made].map((destination) => [destination.id, destination]));
    openings = byHand;
    origins = originsOf(current);
    for (const id of new Set([...before.current.keys(), ...current.keys()])) {
      const isSame =
        before.current.get(id) === current.get(id) && before.openings.get(id) === openings.get(id);
      if (!isSame) for (const listener of listeners) listener(id);
    }
  }

  function readAgain(): void {
    cancel = clock.after(READ_AGAIN_MS, () => {
      read().then(readAgain, (err: unknown) => {
        logger.warn({ err }, 'the destinations could not be read again');
        readAgain();
      });
    });
  }

  return {
    byId: (id) => current.get(id),
    all: () => [...current.values()],
    opening({ id, hours }, nowMs) {
      const byHand = openings.get(id);
      if (byHand === 'open') return { isOpen: true };
      // By hand it stays closed until somebody opens it: no time can be promised.
      if (byHand === 'closed') return { isOpen: false };
      return openStateOf(hours, nowMs);
    },
    knowsOrigin: (origin) => origins.has(origin),
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    managed: () =>
      [...current.values()].map((destination) => ({
        destination,
        from: fileIds.has(destination.id) ? 'file' : 'api',
        opening: openings.get(destination.id) ?? 'by-hours',
      })),
    async put(destination) {
      if (fileIds.has(destination.id)) return refuse('CONFLICT', { state: 'file' });
      const ids = new Set([...current.keys(), destination.id]);
      const [problem] = destinationProblems(destination, ids);
      if (problem) return refuse('INVALID_INPUT', { field: problem.field });
      await store.put(destination);
      await read();
      return { ok: true };
    },
    async remove(id) {
      if (fileIds.has(id)) return refuse('CONFLICT', { state: 'file' });
      if (!current.has(id)) return refuse('NOT_FOUND');
      const isNamed = [...current.values()].some(({ closed, busy, unanswered }) =>
        [closed, busy, unanswered].some(({ to }) => to === id),
      );
      if (isNamed) return refuse('CONFLICT', { state: 'named' });
      await store.remove(id);
      await read();
      return { ok: true };
    },
    async setOpening(id, opening) {
      if (!current.has(id)) return refuse('NOT_FOUND');
      await store.setOpening(id, opening);
      await read();
      return { ok: true };
    },
    async start() {
      await read();
      readAgain();
    },
    stop() {
      cancel?.();
    },
  };
}

/** The object that is there already where nothing changed: what was worked out for it stays good. */
function keepSame(before: ReadonlyMap<string, Destination>, now: Destination): Destination {
  const was = before.get(now.id);
  return was !== undefined && JSON.stringify(was) === JSON.stringify(now) ? was : now;
}

function originsOf(destinations: ReadonlyMap<string, Destination>): ReadonlySet<string> {
  return new Set([...destinations.values()].flatMap((destination) => destination.origins));
}
