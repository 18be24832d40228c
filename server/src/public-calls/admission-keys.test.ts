import { limits } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { hashSecret } from '../platform/ids.ts';
import { createKeyCheck } from './admission-keys.ts';

const SHOP = 'https://shop.example';
const KEY = 'k'.repeat(43);
const SOURCE = { address: '192.0.2.7', network: '192.0.2.7', origin: SHOP };

function checking() {
  const clock = createManualClock();
  const records = new Map([['v-1', { keyHash: hashSecret(KEY), source: SOURCE }]]);
  const check = createKeyCheck({
    recordOf: (visitId) => records.get(visitId),
    isElsewhere: (visitId) => visitId === 'v-other-hub',
    clock,
  });
  const judge = (over: { visitId?: string; authorization?: string; origin?: string } = {}) => {
    const { visitId = 'v-1', authorization = `Bearer ${KEY}`, origin = SHOP } = over;
    return check({ visitId, authorization, origin })?.code;
  };
  return { clock, judge };
}

test('P4 a visit is opened by its own key, from its own origin', () => {
  const { judge } = checking();
  expect(judge()).toBeUndefined();
  expect(judge({ authorization: `Bearer ${'x'.repeat(43)}` })).toBe('NOT_FOUND');
  expect(judge({ origin: 'https://evil.example' })).toBe('NOT_FOUND');
  for (const authorization of ['', 'Bearer short', `Basic ${KEY}`, `Bearer ${KEY}\u00e9`])
    expect(judge({ authorization })).toBe('SIGNED_OUT');
});

test('P4 of visits that ended before the hub was started storage is asked, for as long as their keys are good', () => {
  const { clock, judge } = checking();
  expect(judge({ visitId: 'v-9' })).toBeUndefined();
  clock.advance(limits.RATING_MS);
  expect(judge({ visitId: 'v-9' })).toBe('NOT_FOUND');
  expect(judge({ visitId: 'v-other-hub' })).toBe('VISIT_ELSEWHERE');
  expect(judge()).toBeUndefined();
});
