// What is left for honest visitors while hostile ones keep to every limit: first those who fill the queue of one
// destination and let their turns pass, then those who open chats and never write. Nobody can tell them from people by
// what they do until they have done it; how many honest ones are served nonetheless is a figure of its own.
import type { FloodChild } from './child.ts';
import { pause } from './pause.ts';
import { DESK_TONE_HZ, type Scene } from './scene.ts';
import type { SquatReport } from './squatters.ts';
import type { SquattersOrder } from './squatters-process.ts';
import type { VisitorsOrder, VisitorsReport } from './visitors-process.ts';

export interface SquatCast {
  readonly scene: Scene;
  readonly visitors: FloodChild;
  readonly squatters: FloodChild;
  readonly hasIpv6: boolean;
}

export interface SquatOptions {
  readonly seconds: number;
  /** Every other one comes to the destination that is squatted. */
  readonly honest: number;
  /** Networks of the hostile ones. */
  readonly networks: number;
}

export interface SquatStep {
  readonly intent: 'call' | 'chat';
  readonly options: SquatOptions;
  readonly counter: string;
  readonly squat: SquatReport;
  readonly honest: VisitorsReport;
}

/** Their places are taken before the first honest one comes. */
const RISE_MS = { call: 10_000, chat: 40_000 } as const;
/** Visits of each network: more than enough for a queue, and for all places of an origin. */
const EACH = { call: 1, chat: 4 } as const;
/** A person in a queue waits longer than one whose call begins at once. */
const PATIENCE_MS = 60_000;
const GIVE_BACK_MS = 60_000;

export async function runSquat(
  { scene, visitors, squatters, hasIpv6 }: SquatCast,
  intent: 'call' | 'chat',
  options: SquatOptions,
): Promise<SquatStep> {
  const { hubPort, origin, counter, destinations, projection } = scene;
  const { seconds, honest, networks } = options;
  const overMs = seconds * 1_000;
  const mostMs = RISE_MS[intent] + overMs + 2 * PATIENCE_MS;
  const start = { hubPort, origin, destination: counter, intent, networks, each: EACH[intent], hasIpv6 };
  squatters.tell({ start: { ...start, atMostMs: mostMs } } satisfies SquattersOrder);
  await pause(RISE_MS[intent]);
  let served: VisitorsReport = { served: [], failures: [] };
  if (projection !== undefined) {
    // Desks that do not answer at the counter have nothing to do with it.
    const other = destinations.at(-1) ?? counter;
    const order: VisitorsOrder = {
      ...{ hubPort, origin, projection, destinations: [counter, other], toneHz: DESK_TONE_HZ },
      ...{ count: honest, overMs, patienceMs: PATIENCE_MS },
    };
    visitors.tell(order);
    served = await visitors.hear<VisitorsReport>(overMs + 3 * PATIENCE_MS);
  }
  squatters.tell({ stop: true } satisfies SquattersOrder);
  const squat = await squatters.hear<SquatReport>(GIVE_BACK_MS);
  return { intent, options, counter, squat, honest: served };
}

export function squatReportOf({ intent, options, counter, squat, honest }: SquatStep): string[] {
  const at = (isCounter: boolean) => {
    const isThere = ({ to }: { readonly to: string }) => (to === counter) === isCounter;
    const served = honest.served.filter(isThere).length;
    return `${served} of ${served + honest.failures.filter(isThere).length}`;
  };
  const what =
    intent === 'call'
      ? 'who fill one queue and let every turn pass'
      : 'who open chats and never write a word';
  const refused = Object.entries(squat.refusals).map(([code, count]) => `${code} ${count}`);
  return [
    `${options.networks} networks of hostile visitors within all limits, ${what}, ${options.seconds} s:`,
    `  honest served              ${at(true)} at the destination that they squat, ${at(false)} at another one`,
    `  hostile                    ${squat.visits} visits from ${squat.networks} networks (${squat.neighbours} of them in one /48), at most ${squat.mostAtOnce} at a time; ${squat.turns} turns let pass, ${squat.ended} ended by the hub`,
    `  refused to them            ${refused.join(', ') || 'nothing'}`,
    ...reasons(honest),
  ];
}

function reasons({ failures }: VisitorsReport): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of failures) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `  honest, not served         ${count} × ${reason}`);
}
