// `npm run flood`: floods a whole hub on loopback, step by step, and reports what honest visitors and employees felt of
// it. Bounded, and everything that it starts stops with it.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { IPV6_PREFIX } from './addresses.ts';
import { openCast } from './cast.ts';
import { heldPerSecond, isHeld, reportOf } from './findings.ts';
import { runSquat, squatReportOf } from './squat.ts';
import { runStep, type Step } from './step.ts';

const USAGE = `npm run flood -- [--steps 250,500,1000,2000 | --steps none] [--seconds 60] [--honest 50] [--squatters 80] [--no-browsers]`;
const MOST_PER_SECOND = 5_000;
const MOST_SECONDS = 600;
const MOST_SQUATTERS = 250;
/** Of squatters' steps: longer than a turn that is let pass, twice. */
const SQUAT_SECONDS = 40;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '250,500,1000,2000' },
    seconds: { type: 'string', default: '60' },
    honest: { type: 'string', default: '50' },
    squatters: { type: 'string', default: '80' },
    'no-browsers': { type: 'boolean', default: false },
    'hub-script': { type: 'string' },
  },
});
const isWithin = (value: number, most: number) => Number.isInteger(value) && value > 0 && value <= most;
const rates = values.steps === 'none' ? [] : values.steps.split(',').map(Number);
const seconds = Number(values.seconds);
const honest = Number(values.honest);
const networks = Number(values.squatters);
if (
  !rates.every((rate) => isWithin(rate, MOST_PER_SECOND)) ||
  !isWithin(seconds, MOST_SECONDS) ||
  !(honest >= 0) ||
  !(networks >= 0 && networks <= MOST_SQUATTERS)
) {
  console.error(USAGE);
  process.exit(64); // EX_USAGE of sysexits.h
}

const say = (line: string) => console.log(`· ${line}`);
const hasIpv6 = process.env.RINGTAG_FLOOD_IPV6 === '1';
say(
  hasIpv6
    ? `attempts come from 127.16.0.0/20 and ${IPV6_PREFIX}, routed locally in a network namespace of its own`
    : `attempts come from 127.16.0.0/20; IPv6 is left out: ${process.env.RINGTAG_FLOOD_WHY ?? 'no network namespace'}`,
);
const hubScript = values['hub-script'];
const cast = await openCast({
  ...{ hasIpv6, say, withBrowsers: !values['no-browsers'] },
  ...(hubScript === undefined ? {} : { hubScript }),
});
const steps: Step[] = [];
try {
  for (const perSecond of rates) {
    say(`${perSecond} attempts/s: ${seconds} s against the sink, ${seconds} s against the hub`);
    const step = await runStep(cast, { perSecond, seconds, honest });
    steps.push(step);
    console.log(
      `\n${reportOf(step).join('\n')}\n  load of the machine        ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores\n`,
    );
  }
  for (const intent of networks > 0 ? (['call', 'chat'] as const) : []) {
    say(`${networks} networks within all limits (${intent}): ${SQUAT_SECONDS} s`);
    const step = await runSquat(cast, intent, { seconds: SQUAT_SECONDS, honest, networks });
    console.log(`\n${squatReportOf(step).join('\n')}\n`);
  }
} finally {
  await cast.close();
}
if (steps.length > 0)
  console.log(
    `flood-step-per-s: ${heldPerSecond(steps)} (the highest step, of those tried, that is held with all below it)`,
  );
process.exit(steps.every(isHeld) ? 0 : 1);
