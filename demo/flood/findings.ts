// The figures of a step, and the report that a person reads.
import { median, p95 } from '../bench/row.ts';
import { type Half, megabytes, type Step } from './step.ts';
import { throughOverLimits } from './tally.ts';
import type { Served } from './visitors-process.ts';

/** Tickets that are free while it is quiet: `workFrom` of an origin in the hub's limits (P11). */
const FREE_TICKETS = 100;
export const RATIO = 1.5;

export interface Figures {
  readonly through: number;
  readonly served: number;
  readonly baselineMs: number;
  readonly ringMs: number;
  readonly ratio: number;
  readonly sentPerSecond: number;
}

export function figuresOf({ baseline, flood }: Step): Figures {
  const [baselineMs, ringMs] = [ringP95(baseline), ringP95(flood)];
  return {
    ...{ baselineMs, ringMs, ratio: ringMs / baselineMs },
    through: throughOverLimits(flood.tally, FREE_TICKETS),
    served: flood.honest.served.length,
    sentPerSecond: flood.tally.sent / (flood.floodMs / 1_000),
  };
}

/** What did not ring counts as the longest that was waited for. */
function ringP95({ ringing: { ringMs, failures } }: Half): number {
  return p95([...ringMs, ...failures.map(() => 10_000)]);
}

/** Held at this rate: employees feel little and every call of theirs rang, and nobody hostile came through. */
export function isHeld(step: Step): boolean {
  const { ratio, through } = figuresOf(step);
  const { ringing, lostSockets, browserCall } = step.flood;
  const haveAllRung = ringing.failures.length === 0 && !browserCall.startsWith('FAILED');
  return ratio <= RATIO && through === 0 && haveAllRung && lostSockets === 0;
}

/** The highest rate that is held, with all below it. */
export function heldPerSecond(steps: readonly Step[]): number {
  const firstLost = steps.findIndex((step) => !isHeld(step));
  return (firstLost < 0 ? steps : steps.slice(0, firstLost)).at(-1)?.perSecond ?? 0;
}

export function reportOf(step: Step): string[] {
  const { baseline, flood, honest } = step;
  const figures = figuresOf(step);
  const { tally } = flood;
  const through = Object.entries(tally.through).map(([kind, count]) => `${count} × ${kind}`);
  return [
    `${step.perSecond} attempts/s for ${step.seconds} s: ratio ${figures.ratio.toFixed(2)}${isHeld(step) ? '' : ' (NOT HELD)'}`,
    `  sent really                ${figures.sentPerSecond.toFixed(0)}/s (${tally.sent}); against the sink ${sentPerSecond(baseline)}/s; generator ${cpu(flood.generatorCpuMs, flood)} of its core`,
    `  hostile through            ${figures.through} over the limits${through.length === 0 ? '' : ` (${through.join(', ')})`}; ${tally.verdicts.early} tickets that were free before it was loud, ${tally.verdicts.own} streams of their own visits, ${tally.verdicts.card} cards`,
    `  honest served              ${figures.served} of ${honest} (against the sink ${baseline.honest.served.length}); press to sound ${spread(soundMs(flood))} ms (${spread(soundMs(baseline))})`,
    `                             press to visit, turn, sound: ${stages(flood)} ms (${stages(baseline)})`,
    `  employees, click to ring   ${spread(flood.ringing.ringMs)} ms against ${spread(baseline.ringing.ringMs)} ms (median/p95/worst of ${flood.ringing.ringMs.length} and ${baseline.ringing.ringMs.length}); not rung ${flood.ringing.failures.length} and ${baseline.ringing.failures.length}; sockets lost ${flood.lostSockets} and ${baseline.lostSockets}`,
    `  call between browsers      ${flood.browserCall} (against the sink: ${baseline.browserCall})`,
    `  hub                        ${megabytes(flood.hub.before.residentBytes)} before, ${megabytes(flood.hub.after.residentBytes)} after${rested(step)}; ${cpu(flood.hub.after.cpuMs - flood.hub.before.cpuMs, flood)} of a core (against the sink ${cpu(baseline.hub.after.cpuMs - baseline.hub.before.cpuMs, baseline)})`,
    `  answers                    ${answers(flood)}; time to answer ${spread(tally.answerMs)} ms`,
    ...reasons(
      'honest, answered first',
      flood.honest.served.flatMap(({ refusals }) => refusals),
    ),
    ...reasons(
      'honest, not served',
      flood.honest.failures.map(({ reason }) => reason),
    ),
    ...reasons('employees, not rung', flood.ringing.failures),
  ];
}

const soundMs = ({ honest }: Half) => honest.served.map((one) => one.soundMs);
const sentPerSecond = ({ tally, floodMs }: Half) => (tally.sent / (floodMs / 1_000)).toFixed(0);
const cpu = (cpuMs: number, { floodMs }: Half) => `${((100 * cpuMs) / floodMs).toFixed(0)} %`;

/** Beside the sink the hub had no strangers but the honest ones. */
function rested({ baseline, flood }: Step): string {
  const [before, after] = [baseline.hub.rested, flood.hub.rested];
  if (!before || !after) return '';
  return `, ${megabytes(after.residentBytes)} at rest; heap without garbage ${megabytes(before.heapBytes)} before, ${megabytes(after.heapBytes)} at rest`;
}

/** Medians. */
function stages({ honest: { served } }: Half): string {
  if (served.length === 0) return '–';
  const of = (stage: (one: Served) => number) => median(served.map(stage)).toFixed(0);
  return `${of((one) => one.visitMs)}, ${of((one) => one.turnMs)}, ${of((one) => one.soundMs)}`;
}

function answers({ tally }: Half): string {
  const entries = Object.entries(tally.answers).sort(([, a], [, b]) => b - a);
  const counted = entries.map(([name, count]) => `${name} ${count}`);
  return [...counted, `broken ${tally.broken}`, `unanswered ${tally.unanswered}`].join(', ');
}

function spread(samples: readonly number[]): string {
  if (samples.length === 0) return '–';
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(0);
  return `${at(0.5)}/${at(0.95)}/${at(1)}`;
}

function reasons(title: string, failures: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const failure of failures) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  return [...counts].map(([failure, count]) => `  ${title.padEnd(27)}${count} × ${failure}`);
}
