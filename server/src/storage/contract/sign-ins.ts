// The suite's part about sign-in attempts.
import { describe, expect, test } from 'vitest';
import type { Stage } from '../contract.ts';
import { attempt, HOSTILE, NOW, twenty } from './samples.ts';

const released = (over = {}) =>
  attempt({ status: 'released', codeHash: 'code-1', codeExpiresAtMs: NOW + 60_000, ...over });

export function signInPromises(stage: Stage): void {
  describe('sign-ins', () => {
    walking(stage);
    codes(stage);
    pickups(stage);

    test('any text is only text', async () => {
      const { signIns } = stage.storage;
      for (const text of HOSTILE) {
        const record = attempt({ id: text, nonce: text, returnTo: text, browserHash: text });
        await signIns.create(record);
        expect(await signIns.byId(text)).toEqual(record);
        expect(await signIns.byNonce(text)).toEqual(record);
        const change = { status: 'released', codeHash: text, pickupCode: text } as const;
        expect(await signIns.advance(text, 'started', change, NOW)).toEqual({ ...record, ...change });
        expect(await signIns.takePickupCode(text, NOW)).toBe(text);
        expect((await signIns.spendCode(text, NOW))?.id).toBe(text);
      }
    });
  });
}

function walking(stage: Stage): void {
  test('an attempt is kept whole and found by id and nonce', async () => {
    const { signIns } = stage.storage;
    const record = attempt({ returnTo: 'https://mail.example/inbox', handedOffBy: 's-1' });
    await signIns.create(record);
    expect(await signIns.byId('attempt-1')).toEqual(record);
    expect(await signIns.byNonce('nonce-1')).toEqual(record);
    expect(await signIns.byId('attempt-2')).toBeUndefined();
    expect(await signIns.byNonce('nonce-2')).toBeUndefined();
  });

  test('of two attempts with one nonce the later counts', async () => {
    const { signIns } = stage.storage;
    await signIns.create(attempt({ id: 'later', expiresAtMs: NOW + 2 }));
    await signIns.create(attempt({ id: 'earlier', expiresAtMs: NOW + 1 }));
    expect((await signIns.byNonce('nonce-1'))?.id).toBe('later');
  });

  test('S8 advances from the state it is in, once', async () => {
    const { signIns } = stage.storage;
    await signIns.create(attempt());
    const results = await twenty((index) =>
      signIns.advance('attempt-1', 'started', { status: 'identified', personId: `u-${index}` }, NOW),
    );
    const winners = results.filter((result) => result !== undefined);
    expect(winners).toHaveLength(1);
    expect(await signIns.byId('attempt-1')).toEqual(winners[0]);
    expect(await signIns.advance('attempt-1', 'started', { status: 'refused' }, NOW)).toBeUndefined();
    expect(await signIns.advance('unknown', 'started', { status: 'refused' }, NOW)).toBeUndefined();
  });

  test('a change without a new state keeps everything else', async () => {
    const { signIns } = stage.storage;
    await signIns.create(attempt({ status: 'identified', personId: 'u-1' }));
    const changed = await signIns.advance('attempt-1', 'identified', { number: 42 }, NOW);
    expect(changed).toEqual(attempt({ status: 'identified', personId: 'u-1', number: 42 }));
  });

  test('does not advance once its time is over', async () => {
    const { signIns } = stage.storage;
    await signIns.create(attempt());
    const advance = (atMs: number) => signIns.advance('attempt-1', 'started', { status: 'identified' }, atMs);
    expect(await advance(NOW + 600_000)).toBeUndefined();
    expect(await advance(NOW + 599_999)).toBeDefined();
  });
}

function codes(stage: Stage): void {
  test('S2 a code is spent once, by one of twenty', async () => {
    const { signIns } = stage.storage;
    await signIns.create(released());
    const results = await twenty(() => signIns.spendCode('code-1', NOW));
    expect(results.filter((result) => result !== undefined)).toEqual([released({ status: 'spent' })]);
    expect((await signIns.byId('attempt-1'))?.status).toBe('spent');
  });

  test('S2 a code is no good after 60 s, nor when none is out', async () => {
    const { signIns } = stage.storage;
    await signIns.create(released());
    await signIns.create(attempt({ id: 'attempt-2', nonce: 'nonce-2', codeHash: 'code-2' }));
    expect(await signIns.spendCode('code-1', NOW + 60_000)).toBeUndefined();
    expect(await signIns.spendCode('code-2', NOW)).toBeUndefined();
    expect(await signIns.spendCode('unknown', NOW)).toBeUndefined();
  });
}

function pickups(stage: Stage): void {
  test('S7 a code that waits for its pane is taken once, by one of twenty', async () => {
    const { signIns } = stage.storage;
    await signIns.create(released({ pickupCode: 'the-code' }));
    const results = await twenty(() => signIns.takePickupCode('attempt-1', NOW));
    expect(results.filter((code) => code === 'the-code')).toHaveLength(1);
    expect(await signIns.byId('attempt-1')).toEqual(released());
    expect((await signIns.spendCode('code-1', NOW))?.status).toBe('spent');
  });

  test('S7 nothing is taken after its time, after the code was spent, or where nothing waits', async () => {
    const { signIns } = stage.storage;
    await signIns.create(released({ pickupCode: 'the-code' }));
    expect(await signIns.takePickupCode('attempt-1', NOW + 60_000)).toBeUndefined();
    await signIns.spendCode('code-1', NOW);
    expect(await signIns.takePickupCode('attempt-1', NOW)).toBeUndefined();
    await signIns.create(released({ id: 'attempt-2', nonce: 'nonce-2', codeHash: 'code-2' }));
    expect(await signIns.takePickupCode('attempt-2', NOW)).toBeUndefined();
    expect(await signIns.takePickupCode('unknown', NOW)).toBeUndefined();
  });
}
