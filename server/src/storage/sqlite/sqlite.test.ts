import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from '@photostructure/sqlite';
import * as esbuild from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, NOW } from '../contract/samples.ts';
import { describeStorage } from '../contract.ts';
import { openStorage } from '../open.ts';
import { MIGRATIONS } from './migrations.ts';
import { openSqliteStorage } from './open.ts';

describeStorage(
  'SQLite in memory',
  async () => ({ open: () => openSqliteStorage({ file: ':memory:' }), remove: async () => {} }),
  { isTransient: true },
);

describeStorage('SQLite in a file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-sqlite-'));
  return {
    open: () => openSqliteStorage({ file: join(dir, 'ringtag.sqlite') }),
    remove: () => rm(dir, { recursive: true }),
  };
});

describe('the SQLite file', () => {
  let dir: string;
  let file: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ringtag-sqlite-'));
    file = join(dir, 'ringtag.sqlite');
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('is written by a ping, so that a full disk is noticed', async () => {
    const storage = await openSqliteStorage({ file });
    const other = new DatabaseSync(file);
    // Changes for one connection when another has written (SQLite, PRAGMA data_version).
    const version = () => other.prepare('PRAGMA data_version').get();
    const before = version();
    await storage.ping();
    expect(version()).not.toEqual(before);
    other.close();
    await storage.close();
  });

  test('is the default of openStorage', async () => {
    const storage = await openStorage({ dataDir: dir });
    await storage.ping();
    await storage.close();
    expect((await stat(file)).size).toBeGreaterThan(0);
  });

  test('is for its owner alone, and so is what lies beside it', async () => {
    const storage = await openSqliteStorage({ file });
    await storage.calls.create(call());
    for (const name of [file, `${file}-wal`, `${file}-shm`])
      expect((await stat(name)).mode & 0o777).toBe(0o600);
    await storage.close();
  });

  test('of a newer program is refused with a sentence, and left alone', async () => {
    await (await openSqliteStorage({ file })).close();
    const raw = new DatabaseSync(file);
    const newer = MIGRATIONS.length + 1;
    raw.exec(`PRAGMA user_version = ${newer}`);
    raw.close();
    await expect(openSqliteStorage({ file })).rejects.toThrow(
      `${file} has version ${newer}, but this program knows only versions up to ${MIGRATIONS.length}. Start the newer Ringtag`,
    );
  });

  test('that is no database is refused', async () => {
    await writeFile(file, 'no database, '.repeat(100));
    await expect(openSqliteStorage({ file })).rejects.toThrow();
  });

  test('loses nothing acknowledged when the process is killed', async () => {
    for (let round = 0; round < 3; round += 1) {
      const acknowledged = await writeUntilKilled(dir, file, round);
      const storage = await openSqliteStorage({ file });
      for (const id of acknowledged) expect(await storage.calls.byId(id)).toMatchObject({ state: 'active' });
      await storage.close();
    }
  }, 30_000);

  test('finds among 10,000 people by common and by rare terms alike', async () => {
    const storage = await openSqliteStorage({ file });
    await storage.people.seed(
      Array.from({ length: 10_000 }, (_, index) => ({
        key: String(index),
        name: `${index % 2 ? 'Ana' : 'Bruno'} ${index % 7 === 0 ? 'Silva' : 'Souza'} ${String(index).padStart(4, '0')}`,
        email: `p${index}@corp.example`,
      })),
    );
    const names = async (terms: string[]) => (await storage.people.search(terms, 2)).map(({ name }) => name);
    expect(await names(['an', 'sil'])).toEqual(['Ana Silva 0007', 'Ana Silva 0021']);
    expect(await names(['souza', 'bruno', '9998'])).toEqual(['Bruno Souza 9998']);
    expect(await names(['corp'])).toEqual(['Ana Silva 0007', 'Ana Silva 0021']);
    expect(await names(['ana', 'bruno'])).toEqual([]);
    await storage.close();
  }, 60_000);
});

/** A process that makes calls and says so, killed after some; returns what it said. */
async function writeUntilKilled(dir: string, file: string, round: number): Promise<string[]> {
  const script = join(dir, 'writer.mjs');
  const entry = new URL('./open.ts', import.meta.url).pathname;
  await esbuild.build({
    stdin: {
      contents: `
        import { openSqliteStorage } from ${JSON.stringify(entry)};
        const storage = await openSqliteStorage({ file: process.argv[2] });
        for (let n = 0; ; n += 1) {
          const id = process.argv[3] + n;
          // Each calls somebody else: one that was killed while it rang stands in nobody's way.
          const call = { ...${JSON.stringify(call())}, id, requestId: id, calleeId: id };
          await storage.calls.create(call);
          await storage.calls.accept(call.id, 's-1', ${NOW});
          process.stdout.write(call.id + '\\n');
        }`,
      resolveDir: new URL('.', import.meta.url).pathname,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: ['file:*'],
    alias: { '@photostructure/sqlite': import.meta.resolve('@photostructure/sqlite') },
    outfile: script,
  });
  const child = spawn(process.execPath, [script, file, `c-${round}-`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === 200) child.kill('SIGKILL');
  }
  await closed;
  expect(said.length).toBeGreaterThanOrEqual(200);
  return said;
}
