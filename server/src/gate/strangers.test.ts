import { expect, test } from 'vitest';
import { DEFAULT_STRANGER_QUOTAS, Strangers } from './strangers.ts';

const NOW = 1_800_000_000_000;

function open(quotas: { pendingPerNetwork?: number; pending?: number; refusalsPerNetwork?: number }) {
  const strangers = new Strangers({ ...DEFAULT_STRANGER_QUOTAS, ...quotas });
  const dropped: string[] = [];
  const arrive = (key: string, network: string) =>
    strangers.arrive(key, { network, drop: () => dropped.push(key) });
  return { strangers, dropped, arrive };
}

test('P10 of one network those that have waited longest at the door are dropped; others wait on', () => {
  const { strangers, dropped, arrive } = open({ pendingPerNetwork: 2 });
  for (const key of ['a', 'b']) arrive(key, '192.0.2.1');
  arrive('other', '192.0.2.2');
  arrive('c', '192.0.2.1');
  expect(dropped).toEqual(['a']);
  strangers.leave('b');
  strangers.leave('b');
  arrive('d', '192.0.2.1');
  expect(dropped).toEqual(['a']);
  arrive('e', '192.0.2.1');
  expect(dropped).toEqual(['a', 'c']);
  expect(strangers.count).toBe(3);
});

test('P10 of too many in all the first is dropped, whatever its network', () => {
  const { strangers, dropped, arrive } = open({ pending: 3 });
  for (const index of [1, 2, 3, 4, 5]) arrive(`c${index}`, `192.0.2.${index}`);
  expect(dropped).toEqual(['c1', 'c2']);
  expect(strangers.count).toBe(3);
});

test('P10 a network that is refused too often in a minute is tiresome until the next', () => {
  const { strangers } = open({ refusalsPerNetwork: 2 });
  const refuse = (network: string, nowMs = NOW) => strangers.isTiresome(network, nowMs);
  expect([refuse('a'), refuse('a'), refuse('a'), refuse('b')]).toEqual([false, false, true, false]);
  expect(refuse('a', NOW + 60_000)).toBe(false);
});
