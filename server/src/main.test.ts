// The hub as a process: what it says when it cannot start, and how it stops.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const server = fileURLToPath(new URL('..', import.meta.url));
/** Inside the package, so that its dependencies are found; `dist` is never committed. */
const bundle = join(server, 'dist', `main-${process.pid}.test.mjs`);
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ringtag-main-'));
  await build({
    entryPoints: [join(server, 'src', 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    plugins: [
      {
        name: 'dependencies stay outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
            kind === 'entry-point' || path.startsWith('@ringtag/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
});
afterAll(async () => {
  await rm(bundle, { force: true });
  await rm(dataDir, { recursive: true, force: true });
});

function start(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [bundle], { env: { PATH, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { child, output: () => Buffer.concat(chunks).toString() };
}

const GOOD = {
  PORT: '0',
  PUBLIC_URL: 'http://hub.localhost:4000',
  OIDC_ISSUER: 'http://id.localhost:9',
  OIDC_CLIENT_ID: 'hub',
};

async function untilListening({ child, output }: ReturnType<typeof start>): Promise<void> {
  while (!output().includes('the hub listens')) {
    const [chunk] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
    if (typeof chunk === 'number') throw new Error(output());
  }
}

test('a bad environment is told whole, by variable, and ends with EX_CONFIG', async () => {
  const { child, output } = start({ PORT: 'x', OIDC_ISSUER: 'google' });
  expect(await once(child, 'exit')).toEqual([78, null]);
  const variables = output()
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(variables.sort()).toEqual(['ADMIT', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PORT', 'PUBLIC_URL']);
});

test('a seed file with a mistake is a sentence with its line', async () => {
  const { child, output } = start({ ...GOOD, DATA_DIR: dataDir, SEED_FILE: join(dataDir, 'missing.csv') });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output()).toContain('missing.csv cannot be read');
});

test('SIGTERM stops it cleanly, and so does the end of its parent', async () => {
  const env = { ...GOOD, DATA_DIR: dataDir, RINGTAG_STOP_WITH_PARENT: '1' };
  const first = start(env);
  await untilListening(first);
  first.child.kill('SIGTERM');
  expect(await once(first.child, 'exit')).toEqual([0, null]);
  const second = start(env);
  await untilListening(second);
  second.child.stdin?.end();
  expect(await once(second.child, 'exit')).toEqual([0, null]);
}, 20_000);
