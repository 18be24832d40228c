// `npm run flood`, short: three of its steps, 15 s each against the sink and then against the hub. What was felt is told
// of the first one, which is the least that has to be held; what came through, of all.
import { openCast } from '../flood/cast.ts';
import { figuresOf, heldPerSecond, reportOf } from '../flood/findings.ts';
import { runStep, type Step } from '../flood/step.ts';
import type { Finding } from './row.ts';

export const FLOOD_IDS = [
  'flood-ring-ratio',
  'flood-honest-served',
  'flood-through',
  'flood-step-per-s',
] as const;

const RATES = [500, 1_000, 2_000] as const;
const EACH = { seconds: 15, honest: 50 } as const;

export async function benchFlood(_: ReadonlySet<string>, say: (line: string) => void): Promise<Finding[]> {
  // IPv6 sources need a network namespace, which `npm run flood` makes; browsers have benchmarks of their own.
  const cast = await openCast({ hasIpv6: false, withBrowsers: false, say });
  try {
    const steps: Step[] = [];
    for (const perSecond of RATES) {
      say(`${perSecond} attempts/s, against the sink and against the hub`);
      steps.push(await runStep(cast, { ...EACH, perSecond }));
    }
    const rows = rowsOf(steps);
    // Without an Asterisk nobody could be called.
    const shown = rows.filter(
      ({ id }) => id !== 'flood-honest-served' || cast.scene.projection !== undefined,
    );
    return shown.map((row, index) => (index === 0 ? { row, notes: steps.flatMap(reportOf) } : { row }));
  } finally {
    await cast.close();
  }
}

/** `n`: employees' calls that rang, attempts that were sent, steps that were tried, honest visitors. */
function rowsOf(steps: readonly Step[]): Finding['row'][] {
  const [least] = steps;
  if (!least) return [];
  const { ratio, served } = figuresOf(least);
  const { baseline, flood, honest } = least;
  const all = steps.map(({ flood: { tally } }) => tally.sent).reduce((sum, sent) => sum + sent, 0);
  const through = steps.map((step) => figuresOf(step).through).reduce((sum, count) => sum + count, 0);
  return [
    { id: 'flood-ring-ratio', value: ratio, unit: 'ratio', n: flood.ringing.ringMs.length, ratio },
    { id: 'flood-through', value: through, unit: 'count', n: all },
    { id: 'flood-step-per-s', value: heldPerSecond(steps), unit: 'per s', n: steps.length },
    {
      ...{ id: 'flood-honest-served', value: served, unit: 'count', n: honest },
      floor: baseline.honest.served.length,
    },
  ];
}
