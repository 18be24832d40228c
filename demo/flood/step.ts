// One step of the flood, twice: against the sink, then against hub and gate. Everything else is the same in both:
// employees who call, honest visitors, one call between two browsers.
import type { Person } from '../e2e/person.ts';
import { type FloodChild, startFloodChild } from './child.ts';
import type { Employees, Ringing } from './employees.ts';
import type { Target } from './generator.ts';
import type { GeneratorOrder } from './generator-process.ts';
import type { Loot } from './hostile.ts';
import { gatherLoot } from './loot.ts';
import { pause } from './pause.ts';
import { DESK_TONE_HZ, type Scene } from './scene.ts';
import type { Tally } from './tally.ts';
import { collectedHeapOf, type Usage, usageOf } from './usage.ts';
import type { VisitorsOrder, VisitorsReport } from './visitors-process.ts';

export interface Cast {
  readonly scene: Scene;
  readonly employees: Employees;
  /** The browser call; left out where there are no browsers. */
  readonly browsers: readonly [Person, Person] | undefined;
  readonly generator: FloodChild;
  readonly visitors: FloodChild;
  readonly squatters: FloodChild;
  readonly sinkPort: number;
  readonly hasIpv6: boolean;
}

export interface StepOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** Honest visitors. */
  readonly honest: number;
}

/** One half of a step. */
export interface Half {
  readonly ringing: Ringing;
  /** Sockets of employees that were cut. */
  readonly lostSockets: number;
  readonly honest: VisitorsReport;
  readonly tally: Tally;
  /** How long the flood went on. */
  readonly floodMs: number;
  readonly generatorCpuMs: number;
  readonly hub: HubUsage;
  /** What became of the call between browsers. */
  readonly browserCall: string;
}

interface HubUsage {
  readonly before: Usage;
  readonly after: Usage;
  /** Resident and on the heap, in bytes, a while after and without garbage; undefined where the hub does not tell. */
  readonly rested: { readonly residentBytes: number; readonly heapBytes: number } | undefined;
}

export interface Step extends StepOptions {
  readonly baseline: Half;
  readonly flood: Half;
}

const MB = 1024 * 1024;
/** Honest visitors press in the first part of the step, so that their calls are in it. */
const PRESSING = 0.6;
const PATIENCE_MS = 40_000;
/** What is kept of a request for a while is let go of by then: sockets, streams, waiting answers. */
const REST_MS = 5_000;
/** Before the employees' calls count. */
const RISE_MS = 1_000;
export const megabytes = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;

export async function runStep(cast: Cast, options: StepOptions): Promise<Step> {
  const { scene, sinkPort, hasIpv6 } = cast;
  // Anew for each: a chat in which nobody writes does not last.
  const loot = await gatherLoot(scene);
  const sink = { hubPort: sinkPort, gatePort: sinkPort, hasIpv6 };
  const hub = { hubPort: scene.hubPort, gatePort: scene.gatePort, hasIpv6 };
  const baseline = await runHalf(cast, { ...options, loot, target: sink });
  await pause(RISE_MS);
  const flood = await runHalf(cast, { ...options, loot, target: hub });
  return { ...options, baseline, flood };
}

async function runHalf(
  cast: Cast,
  {
    target,
    loot,
    perSecond,
    seconds,
    honest,
  }: StepOptions & { readonly target: Target; readonly loot: Loot },
): Promise<Half> {
  const { scene, employees, generator } = cast;
  const hubPid = scene.stage.world.hub.pid;
  const before = await usageOf(hubPid);
  const lostBefore = employees.lost;
  const atMostMs = seconds * 1_000 + PATIENCE_MS;
  const startedAt = performance.now();
  generator.tell({ start: { target, perSecond, loot, atMostMs } } satisfies GeneratorOrder);
  await pause(RISE_MS);
  const aborter = new AbortController();
  const calls = employees.call(aborter.signal);
  const visits = honestVisits(cast, { count: honest, overMs: seconds * 1_000 * PRESSING });
  const browserCall = callBetween(cast.browsers);
  await pause(startedAt + seconds * 1_000 - performance.now());
  aborter.abort();
  const ringing = await calls;
  // The flood goes on until the last of the honest ones has been served, or has given up.
  const [served, browsers] = await Promise.all([visits, browserCall]);
  const after = await usageOf(hubPid);
  generator.tell({ stop: true } satisfies GeneratorOrder);
  const floodMs = performance.now() - startedAt;
  const { tally, cpuMs } = await generator.hear<{ tally: Tally; cpuMs: number }>(PATIENCE_MS);
  return {
    ...{
      ringing,
      lostSockets: employees.lost - lostBefore,
      honest: served,
      tally,
      floodMs,
      generatorCpuMs: cpuMs,
    },
    ...{ hub: { before, after, rested: await rest(scene) }, browserCall: browsers },
  };
}

/** What the hub holds when all are gone. */
async function rest({ stage, dataDir }: Scene): Promise<HubUsage['rested']> {
  await pause(REST_MS);
  const heapBytes = await collectedHeapOf(stage.world.hub, dataDir);
  const { residentBytes } = await usageOf(stage.world.hub.pid);
  return heapBytes === undefined ? undefined : { residentBytes, heapBytes };
}

async function honestVisits(
  { visitors, scene }: Cast,
  { count, overMs }: { count: number; overMs: number },
): Promise<VisitorsReport> {
  const { hubPort, origin, destinations, projection } = scene;
  if (projection === undefined || count === 0) return { served: [], failures: [] };
  const order: VisitorsOrder = {
    ...{ hubPort, origin, destinations, projection, toneHz: DESK_TONE_HZ },
    ...{ count, overMs, patienceMs: PATIENCE_MS },
  };
  visitors.tell(order);
  return visitors.hear<VisitorsReport>(overMs + 3 * PATIENCE_MS);
}

async function callBetween(browsers: Cast['browsers']): Promise<string> {
  if (!browsers) return 'left out';
  const [caller, callee] = browsers;
  try {
    await caller.call(callee.id);
    await callee.answer(caller.id);
    await Promise.all([caller.expectToHearPerson(callee.id), callee.expectToHearPerson(caller.id)]);
    await caller.hangUp();
    await Promise.all([caller.expectNoCall(), callee.expectNoCall()]);
    return 'both heard each other';
  } catch (error) {
    return `FAILED: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`;
  }
}

export interface Crew {
  readonly generator: FloodChild;
  readonly visitors: FloodChild;
  readonly squatters: FloodChild;
  readonly sink: FloodChild;
  stop(): Promise<void>;
}

/** The processes that a step needs beside the scene. */
export async function startCrew(hasIpv6: boolean): Promise<Crew> {
  const started: FloodChild[] = [];
  const stop = async () => {
    await Promise.all(started.map((child) => child.stop()));
  };
  const start = async (...args: Parameters<typeof startFloodChild>): Promise<FloodChild> => {
    const child = await startFloodChild(...args);
    started.push(child);
    return child;
  };
  try {
    const generator = await start('generator-process', { onLastCore: true });
    const visitors = await start('visitors-process');
    const squatters = await start('squatters-process', { onLastCore: true });
    const sink = await start('sink', { env: { HOST: hasIpv6 ? '::' : '127.0.0.1' } });
    return { generator, visitors, squatters, sink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
