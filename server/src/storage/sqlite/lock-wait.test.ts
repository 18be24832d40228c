import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdLock, watchStall } from '../../testing/lock-holder.ts';
import { call } from '../contract/samples.ts';
import { createLockWait, waitingForLock } from './lock-wait.ts';
import { openSqliteStorage } from './open.ts';

const locked = () => Object.assign(new Error('database is locked'), { errcode: 5 });

describe('whoever meets a lock', () => {
  test('gets through when it is gone, in the order of coming, and once', async () => {
    const lockWait = createLockWait();
    let isLocked = true;
    const written: string[] = [];
    const write = (name: string) =>
      lockWait.run(async () => {
        lockWait.keepTurn();
        if (isLocked) throw locked();
        return written.push(name);
      });
    const first = write('first');
    const second = write('second');
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    isLocked = false;
    // It would be free for this one, but others have waited longer.
    const third = write('third');
    expect(await Promise.all([first, second, third])).toEqual([1, 2, 3]);
    expect(written).toEqual(['first', 'second', 'third']);
    await lockWait.idle();
  });

  test('hears so after a while, with nothing written, and others are tried on', async () => {
    const lockWait = createLockWait(50);
    let tries = 0;
    const lost = lockWait.run(async () => {
      tries += 1;
      throw locked();
    });
    await expect(lost).rejects.toThrow('the database is locked');
    const before = tries;
    expect(before).toBeGreaterThan(1);
    expect(await lockWait.run(async () => 'written')).toBe('written');
    expect(tries).toBe(before);
  });

  test('does not wait for what is no lock', async () => {
    const lockWait = createLockWait();
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    await expect(lockWait.run(() => Promise.reject(full))).rejects.toBe(full);
    const store = { get: async (value: number) => value + 1 };
    expect(await waitingForLock(store, lockWait).get(1)).toBe(2);
  });
});

describe('while another process holds the lock of the file', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ringtag-lock-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('the program goes on and reads, and all that is written arrives in its order', async () => {
    const file = join(dir, 'ringtag.sqlite');
    const storage = await openSqliteStorage({ file });
    await storage.calls.create(call());
    const release = await holdLock(file, 1_500);
    const stall = watchStall();
    const source = { address: '192.0.2.7', network: '192.0.2.7', origin: 'https://shop.example' };
    const ticket = { destinationId: 'sales', intent: 'call' as const, source, context: { data: [] } };
    const put = storage.tickets.put({ ...ticket, id: 't-1', expiresAtMs: Number.MAX_SAFE_INTEGER });
    const ended = storage.calls.end(call().id, { reason: 'hangup', atMs: 2 });
    const again = storage.calls.end(call().id, { reason: 'failed', atMs: 3 });
    expect(await storage.calls.byId(call().id)).toMatchObject({ state: 'ringing' });
    await release();
    expect(await ended).toMatchObject({ changed: true, call: { endReason: 'hangup' } });
    expect(await again).toMatchObject({ changed: false });
    await put;
    expect(await storage.tickets.spend('t-1', { origin: source.origin, nowMs: 1 })).toMatchObject({
      kind: 'spent',
    });
    expect(stall()).toBeLessThan(1_000);
    await storage.close();
  });

  test('closing waits for what was accepted', async () => {
    const file = join(dir, 'ringtag.sqlite');
    const storage = await openSqliteStorage({ file });
    const release = await holdLock(file, 300);
    const created = storage.calls.create(call());
    const closed = storage.close();
    await release();
    await closed;
    expect(await created).toMatchObject({ kind: 'created' });
    const next = await openSqliteStorage({ file });
    expect(await next.calls.byId(call().id)).toBeDefined();
    await next.close();
  });
});
