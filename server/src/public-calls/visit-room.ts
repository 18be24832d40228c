// Makes room where the public's places are all taken (P10): the oldest visit in which its visitor has not said a word
// gives its own to whoever comes. It is only a page that is open, and may be written in again; so thousands of silent
// ones keep nobody out.
import type { Clock } from '../platform/clock.ts';
import type { PublicCapacity } from './ports.ts';
import type { Conductor } from './visit-conduct.ts';
import { inTurn, type LiveVisit, type LiveVisits } from './visit-live.ts';

export interface RoomyCapacityOptions {
  readonly capacity: PublicCapacity;
  readonly live: Pick<LiveVisits, 'in'>;
  readonly conductor: Pick<Conductor, 'note'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Nobody writes faster than that. */
const FIRST_WORD_MS = 15_000;
/** Who came to leave something may be in the middle of a longer text. */
const LEAVING_MS = 3 * 60_000;

type Who = Parameters<PublicCapacity['hold']>[0];

export function createRoomyCapacity({
  capacity,
  live,
  conductor,
  clock,
}: RoomyCapacityOptions): PublicCapacity {
  function isSilent({ record }: LiveVisit): boolean {
    const { messages, intent, createdAtMs } = record;
    if (messages.some(({ from }) => from === 'visitor')) return false;
    return clock.now() - createdAtMs >= (intent === 'chat' ? FIRST_WORD_MS : LEAVING_MS);
  }

  /** The oldest silent one that takes a place where there is none. */
  function silentIn(scope: string | undefined, who: Who): LiveVisit | undefined {
    // What one network has taken, nobody else gives it.
    if (scope !== 'origin' && scope !== 'destination' && scope !== 'hub') return undefined;
    const isThere = ({ record: { source, destinationId } }: LiveVisit) =>
      scope === 'hub' ||
      (scope === 'origin' ? source.origin === who.origin : destinationId === who.destinationId);
    const silent = live.in('open').filter((visit) => isThere(visit) && isSilent(visit));
    return silent.sort((a, b) => a.record.createdAtMs - b.record.createdAtMs)[0];
  }

  return {
    async hold(who) {
      const held = await capacity.hold(who);
      const silent = held.ok ? undefined : silentIn(held.state, who);
      if (!silent) return held;
      await inTurn(silent, async () => {
        if (silent.record.stage.state === 'open' && isSilent(silent))
          await conductor.note(silent, { kind: 'over', end: 'idle' });
      });
      return capacity.hold(who);
    },
  };
}
