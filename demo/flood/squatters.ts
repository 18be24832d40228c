// Hostile visitors who keep to every limit: each from a network of their own, each proves work honestly, presses the
// button and takes a place, and never calls or writes a word. What they take is places that others would need.
import { setMaxListeners } from 'node:events';
import { squatterSource } from './addresses.ts';
import { beginVisit, eventsOf, type Page, post, Refused, type Visit } from './page.ts';
import { pause } from './pause.ts';

export interface SquatOrder {
  readonly hubPort: number;
  readonly origin: string;
  readonly destination: string;
  /** `call`: places in its queue, and its turns. `chat`: the public's places in all. */
  readonly intent: 'call' | 'chat';
  /** Networks that they have. */
  readonly networks: number;
  /** Visits of each network at a time; the hub's limit may be lower. */
  readonly each: number;
  readonly hasIpv6: boolean;
  /** It ends then, whatever happens. */
  readonly atMostMs: number;
}

export interface SquatReport {
  /** Visits that they got. */
  readonly visits: number;
  /** The most that they held at a time. */
  readonly mostAtOnce: number;
  /** Turns that they let pass. */
  readonly turns: number;
  /** Visits that the hub ended. */
  readonly ended: number;
  /** Networks that held a place at least once, and those of them that share one /48. */
  readonly networks: number;
  readonly neighbours: number;
  /** Answers that were refusals, by code. */
  readonly refusals: Readonly<Record<string, number>>;
}

export interface Squat {
  /** Gives all places back. */
  stop(): Promise<SquatReport>;
}

/** Between two presses of one who was refused. */
const PAUSE_MS = 1_000;

export function startSquat(order: SquatOrder): Squat {
  const { hubPort, origin, destination: to, intent, networks, each, hasIpv6, atMostMs } = order;
  const aborter = new AbortController();
  const { signal } = aborter;
  setMaxListeners(0, signal);
  const refusals: Record<string, number> = {};
  const holders = new Set<string>();
  const counts = { visits: 0, turns: 0, ended: 0, mostAtOnce: 0 };
  let held = 0;

  async function sit(page: Page, visit: Visit): Promise<void> {
    holders.add(page.address);
    counts.visits += 1;
    held += 1;
    counts.mostAtOnce = Math.max(counts.mostAtOnce, held);
    try {
      for await (const { type } of eventsOf(page, visit, signal)) {
        if (type === 'ready') counts.turns += 1;
        if (type !== 'ended') continue;
        counts.ended += 1;
        return;
      }
    } finally {
      held -= 1;
    }
  }

  async function squat(page: Page): Promise<void> {
    while (!signal.aborted) {
      let visit: Visit | undefined;
      try {
        visit = await beginVisit(page, { to, intent, presses: 1, signal });
        await sit(page, visit);
      } catch (error) {
        const codes = error instanceof Refused ? error.codes : ['BROKEN'];
        if (!signal.aborted) for (const code of codes) refusals[code] = (refusals[code] ?? 0) + 1;
      }
      if (visit && signal.aborted)
        await post(page, `/api/public/visits/${visit.visitId}/end`, {}, visit.key).catch(() => {});
      await pause(PAUSE_MS, signal);
    }
  }

  const timer = setTimeout(() => aborter.abort(), atMostMs);
  const all = Array.from({ length: networks * each }, (_, index) => {
    const { address } = squatterSource(index % networks, hasIpv6);
    return squat({ hubPort, origin, address });
  });
  return {
    async stop() {
      clearTimeout(timer);
      aborter.abort();
      await Promise.all(all);
      const neighbours = [...holders].filter((address) => address.includes(':')).length;
      return { ...counts, networks: holders.size, neighbours, refusals };
    },
  };
}
