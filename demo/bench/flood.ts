// One step of `npm run flood`, short: 500 attempts a second for 20 s, against the sink and then against the hub.
import { openCast } from '../flood/cast.ts';
import { figuresOf, heldPerSecond, reportOf } from '../flood/findings.ts';
import { runStep } from '../flood/step.ts';
import type { Finding } from './row.ts';

export const FLOOD_IDS = [
  'flood-ring-ratio',
  'flood-honest-served',
  'flood-through',
  'flood-step-per-s',
] as const;

const STEP = { perSecond: 500, seconds: 20, honest: 50 } as const;

export async function benchFlood(_: ReadonlySet<string>, say: (line: string) => void): Promise<Finding[]> {
  // IPv6 sources need a network namespace, which `npm run flood` makes; browsers have benchmarks of their own.
  const cast = await openCast({ hasIpv6: false, withBrowsers: false, say });
  try {
    const step = await runStep(cast, STEP);
    const { ratio, served, through } = figuresOf(step);
    const { baseline, flood } = step;
    const rows: Finding['row'][] = [
      { id: 'flood-ring-ratio', value: ratio, unit: 'ratio', n: flood.ringing.ringMs.length, ratio },
      { id: 'flood-through', value: through, unit: 'count', n: flood.tally.sent },
      { id: 'flood-step-per-s', value: heldPerSecond([step]), unit: 'per s', n: 1 },
    ];
    // Without an Asterisk nobody could be called.
    if (cast.scene.projection !== undefined) {
      const floor = baseline.honest.served.length;
      rows.push({ id: 'flood-honest-served', value: served, unit: 'count', n: STEP.honest, floor });
    }
    return rows.map((row, index) => (index === 0 ? { row, notes: reportOf(step) } : { row }));
  } finally {
    await cast.close();
  }
}
