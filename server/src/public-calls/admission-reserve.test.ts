// What is left for a visitor while others, each within their own limit, use up what all share.
import { describe, expect, test } from 'vitest';
import { memoryRateLimiters } from '../platform/rate-limiter.ts';
import { createAdmission } from './admission.ts';
import { type Act, PUBLIC_LIMITS, type Scope } from './limits.ts';

const none = Number.MAX_SAFE_INTEGER;
const ROOMY: Readonly<Record<Scope, number>> = { network: none, origin: none, destination: none, hub: none };

function admissionWith(act: Act, bounds: Partial<Record<Scope, number>>) {
  const perMinute = { ...PUBLIC_LIMITS.perMinute, [act]: { ...ROOMY, ...bounds } };
  return createAdmission({
    limits: { ...PUBLIC_LIMITS, perMinute },
    isBlocked: () => false,
    ...{ ownLimiters: memoryRateLimiters, sharedLimiters: memoryRateLimiters },
  });
}

async function countOf(times: number, attempt: () => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let index = 0; index < times; index += 1) if (await attempt()) count += 1;
  return count;
}

describe.each(['look', 'follow'] as const)('P10 %s', (act) => {
  function doing() {
    const admission = admissionWith(act, { hub: 200 });
    const isHeard = async (network: string) =>
      act === 'look'
        ? (await admission.enter({ address: network, network }, act)) === undefined
        : (await admission.follow({ network })) === undefined;
    return (network: string, times: number) => countOf(times, () => isHeard(network));
  }

  test('a greedy network takes nobody else\u2019s minute: each has sixty of what is kept back', async () => {
    const times = doing();
    expect(await times('greedy', 500)).toBe(260);
    expect(await times('honest', 20)).toBe(20);
    expect(await times('greedy', 500)).toBe(0);
    expect(await times('honest', 5)).toBe(5);
  });

  test('and all together have half as much again, no more', async () => {
    const times = doing();
    await times('greedy', 500);
    expect(await times('second', 500)).toBe(40);
    expect(await times('third', 1)).toBe(0);
  });
});

describe.each([
  ['message', 12],
  ['left', 2],
  ['visit', 2],
  ['voice', 2],
] as const)('P10 %s', (act, kept) => {
  test.each(['origin', 'destination', 'hub'] as const)(
    'where a greedy network has used up what is shared by %s, each other has a few',
    async (scope) => {
      const admission = admissionWith(act, { [scope]: 40 });
      const times = (network: string, count: number, shop = 'shop') =>
        countOf(count, async () => {
          const who = { network, origin: `https://${shop}.example`, destinationId: shop };
          return (await admission.take(act, who)).ok;
        });
      expect(await times('greedy', 100)).toBe(40 + kept);
      expect(await times('honest', 100)).toBe(kept);
      // What is no part of it has all that is its own.
      expect(await times('elsewhere', 15, 'other')).toBe(scope === 'hub' ? kept : 15);
      let all = 0;
      for (let index = 0; index < 30; index += 1) all += await times(`one of many ${index}`, 100);
      expect(all).toBe(scope === 'hub' ? 40 - 3 * kept : 40 - 2 * kept);
      expect(await times('the last', 1)).toBe(0);
    },
  );
});

test('P10 a refusal says whose limit it was, and when to come again', async () => {
  const admission = admissionWith('left', { origin: 0 });
  const who = { network: 'a', origin: 'https://shop.example', destinationId: 'sales' };
  const refused = await admission.take('left', who);
  expect(refused).toMatchObject({ ok: false, code: 'RATE_LIMITED', state: 'origin' });
  expect(!refused.ok && refused.retryAfterMs).toBeGreaterThan(0);
});

test('P10 of tickets nothing is kept back: they are shared out in another way', async () => {
  const admission = admissionWith('ticket', { hub: 3 });
  const who = { network: 'a', origin: 'https://shop.example', destinationId: 'sales' };
  expect(await countOf(9, async () => (await admission.take('ticket', who)).ok)).toBe(3);
});
