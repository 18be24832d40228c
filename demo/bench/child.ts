// One child process of a benchmark: started, asked what it uses, ended. It never outlives its parent.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { demoRoot } from '../src/sites/site.ts';

export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** V8's heap and what hangs on it. */
  readonly heapBytes: number;
}

export interface BenchChild {
  readonly port: number;
  /** `collect`: after a full garbage collection. */
  usage(how?: 'collect'): Promise<Usage>;
  stop(): Promise<void>;
}

const START_MS = 20_000;

export interface BenchChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For measuring memory. */
  readonly smallYoungGeneration?: boolean;
}

/** Starts `demo/bench/<script>`; rejects with the end of its output when it dies before it is ready. */
export async function startBenchChild(script: string, options: BenchChildOptions = {}): Promise<BenchChild> {
  const child = fork(join(demoRoot(), 'bench', script), {
    env: { ...process.env, ...options.env },
    // A small young generation: else its size, not what is alive, decides how much memory is resident.
    execArgv: ['--expose-gc', ...(options.smallYoungGeneration ? ['--max-semi-space-size=1'] : [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output = `${output}${chunk}`.slice(-2_000);
    });
  const port = await readiness(child, () => output);
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (what: string): Promise<Usage> => {
    const answered = once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
    child.send({ ask: what });
    return (await answered)[0] as Usage;
  };
  return {
    port,
    usage(how) {
      const answer = turn.then(() => ask(how ?? 'now'));
      turn = answer.catch(() => {});
      return answer;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function readiness(child: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The child did not start in time:\n${output()}`));
    }, START_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The child ended (${code}) while starting:\n${output()}`));
    });
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve((message as { ready: number }).ready);
    });
  });
}
