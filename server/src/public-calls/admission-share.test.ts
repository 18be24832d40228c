// Who gets a destination's next ticket when many want one, by the limiters that the hub counts with.
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryRateLimiters } from '../platform/rate-limiter.ts';
import { type Admission, createAdmission } from './admission.ts';
import { PUBLIC_LIMITS } from './limits.ts';

/** Tickets of a destination a minute; half of them go to whoever comes first. */
const ALL = 300;
let admission: Admission;
beforeEach(() => {
  admission = createAdmission({
    limits: PUBLIC_LIMITS,
    isBlocked: () => false,
    ...{ ownLimiters: memoryRateLimiters, sharedLimiters: memoryRateLimiters },
  });
});

const wanted = (network: string, destinationId = 'sales') => ({
  ...{ network, destinationId, origin: 'https://shop.example' },
});
const take = (network: string, destinationId?: string) =>
  admission.take('ticket', wanted(network, destinationId));
/** How many of so many it gets. */
async function got(count: number, network: (index: number) => string, destinationId?: string) {
  let given = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await take(network(index), destinationId)).ok) given += 1;
  }
  return given;
}
const far = (index: number) => `198.${index >> 8}.${index & 0xff}.7`;

describe('P10 tickets of a destination', () => {
  test('go to whoever comes first until half of a minute’s is used: an office has as many as it wants', async () => {
    expect(await got(ALL / 2, () => '192.0.2.7')).toBe(ALL / 2);
    expect(await take('192.0.2.7')).toMatchObject({ ok: false, code: 'RATE_LIMITED', state: 'address' });
  });

  test('go from then on to networks that had few, and one that had none is served to the last', async () => {
    // Three hundred wishes of fifty networks, as fast as they can.
    const greedy = await got(ALL, (index) => far(index % 50));
    expect(greedy).toBeGreaterThanOrEqual(ALL / 2);
    expect(greedy).toBeLessThan(ALL / 2 + 10);
    expect(await got(100, (index) => `203.0.${index}.7`)).toBe(100);
  });

  test('that were refused there use up nothing of the page’s other destinations', async () => {
    await got(4 * ALL, (index) => far(index % 400));
    expect(await got(100, (index) => `203.0.${index}.7`, 'support')).toBe(100);
  });

  test('are left for others of the same network where it had none', async () => {
    await got(ALL / 2, far);
    expect(await got(10, () => '192.0.2.7')).toBe(2);
  });

  test('are not to be had by more addresses of one neighbourhood', async () => {
    await got(ALL / 2, far);
    const [four, six] = [
      (index: number) => `192.0.2.${index}`,
      (index: number) => `2001:db8:1:${index}::/64`,
    ];
    expect([await got(40, four), await got(40, six)]).toEqual([8, 8]);
    // Whoever comes from farther away is another neighbourhood.
    expect((await take('2001:db8:2:1::/64')).ok).toBe(true);
  });

  test('of another destination are another matter', async () => {
    await got(ALL / 2, () => '192.0.2.7');
    expect((await take('192.0.2.7', 'support')).ok).toBe(true);
  });

  test('are looked at without being counted, with the time until there are more', async () => {
    await got(ALL / 2, () => '192.0.2.7');
    const looked = await admission.look('ticket', wanted('192.0.2.7'));
    expect(looked).toMatchObject({ ok: false, state: 'address' });
    expect(!looked.ok && looked.retryAfterMs).toBeGreaterThan(0);
    for (let index = 0; index < 5; index += 1)
      expect((await admission.look('ticket', wanted('203.0.113.7'))).ok).toBe(true);
    expect(await got(2, () => '203.0.113.7')).toBe(2);
  });

  test('that are used up are the destination’s limit, not the network’s', async () => {
    await got(ALL, far);
    expect(await take('198.0.0.7')).toMatchObject({ state: 'destination' });
    expect(await take('203.0.113.7')).toMatchObject({ state: 'destination' });
  });
});
