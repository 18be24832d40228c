// What it costs a page to measure a running call: one pass of the widget's sampler (statistics, E-model, comparison),
// in turn with a bare `getStats` of the same connection in the same page.
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Person } from '../e2e/person.ts';
import { demoRoot } from '../src/sites/site.ts';
import { type Finding, median, p95, spread } from './row.ts';
import { openStage } from './stage.ts';

const PASSES = 120;
/** Chromium answers anew only when the last answer is older than 50 ms. */
const APART_MS = 80;
/** Not counted: code is compiled. */
const WARM_UP = 10;

declare global {
  interface Window {
    ringtagConnections?: RTCPeerConnection[];
    /** What the bundle of the sampler's own source leaves behind. */
    ringtagSampler?: Sampler;
  }
}

/** As in the widget's `call/quality-sampler.ts`, whose project this one does not compile. */
interface Sampler {
  sampleQuality(options: {
    via: 'room';
    connection: () => RTCPeerConnection;
    clock: { now(): number; after(delayMs: number, task: () => void): () => void };
    heard: () => void;
    report: () => void;
  }): () => void;
}

interface Costs {
  readonly passMs: readonly number[];
  readonly bareMs: readonly number[];
  readonly entries: number;
  readonly heard: number;
}

export async function measureQuality(
  _: ReadonlySet<string>,
  say: (line: string) => void,
): Promise<Finding[]> {
  const stage = await openStage({ telephone: false, say });
  try {
    const sampler = await bundleSampler();
    const alice = await stage.enter('alice', 'webmail');
    const bruno = await stage.enter('bruno', 'intranet');
    await alice.page.evaluate(keepConnections);
    await alice.call('bruno');
    await bruno.answer('alice');
    await alice.expectInCall();
    await alice.page.evaluate(sampler);
    return findings(await costsIn(alice));
  } finally {
    await stage.close();
  }
}

async function bundleSampler(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(demoRoot(), '..', 'widget', 'src', 'call', 'quality-sampler.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'ringtagSampler',
    footer: { js: 'window.ringtagSampler = ringtagSampler;' },
  });
  return outputFiles[0]?.text ?? '';
}

/** In the page, before the call. */
function keepConnections(): void {
  const kept: RTCPeerConnection[] = [];
  window.ringtagConnections = kept;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

function costsIn({ page }: Person): Promise<Costs> {
  return page.evaluate(
    async ({ passes, warmUp, apartMs }) => {
      const connection = window.ringtagConnections?.findLast((one) => one.connectionState === 'connected');
      const { ringtagSampler } = window;
      if (!connection || !ringtagSampler) throw new Error('no running call to measure');
      let begin = () => {};
      let ended = () => {};
      let heard = 0;
      const stop = ringtagSampler.sampleQuality({
        via: 'room',
        connection: () => connection,
        heard: () => heard++,
        report: () => {},
        clock: {
          now: () => performance.now(),
          // A pass is over when the sampler asks for the next.
          after: (_, task) => {
            begin = task;
            ended();
            return () => {};
          },
        },
      });
      const apart = () => new Promise((resolve) => setTimeout(resolve, apartMs));
      const passMs: number[] = [];
      const bareMs: number[] = [];
      let entries = 0;
      for (let turn = -warmUp; turn < passes; turn += 1) {
        await apart();
        const bareFrom = performance.now();
        entries = (await connection.getStats()).size;
        const bare = performance.now() - bareFrom;
        await apart();
        const over = new Promise<void>((resolve) => {
          ended = resolve;
        });
        const from = performance.now();
        begin();
        await over;
        const pass = performance.now() - from;
        if (turn < 0) continue;
        bareMs.push(bare);
        passMs.push(pass);
      }
      stop();
      return { passMs, bareMs, entries, heard };
    },
    { passes: PASSES, warmUp: WARM_UP, apartMs: APART_MS },
  );
}

function findings({ passMs, bareMs, entries, heard }: Costs): Finding[] {
  if (heard === 0) throw new Error('the sampler heard nothing: its passes measured no call');
  const [value, floor] = [median(passMs), median(bareMs)];
  return [
    {
      row: {
        ...{ id: 'mos-sample-ms', value, unit: 'ms', n: passMs.length },
        ...{ floor, ratio: value / floor, worst: Math.max(...passMs) },
      },
      notes: [
        `wall time of a pass, one every 2 s in a call: ${spread(passMs)}; getStats alone: ${spread(bareMs)}, ${entries} entries`,
        `what the sampler adds to it at the median: ${(value - floor).toFixed(2)} ms (p95 of a pass: ${p95(passMs).toFixed(1)} ms)`,
      ],
    },
  ];
}
