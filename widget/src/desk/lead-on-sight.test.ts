import { expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { LeadOnSight } from './lead-on-sight.ts';

function tab() {
  const clock = createManualClock();
  const taken: number[] = [];
  const mind = { wants: false };
  const beganMs = clock.now();
  const lead = new LeadOnSight({
    clock,
    wants: () => mind.wants,
    take: () => taken.push(clock.now() - beganMs),
  });
  const want = (wants: boolean) => {
    mind.wants = wants;
    lead.look();
  };
  return { clock, taken, lead, want };
}

test('a tab that stays in sight takes the lead after a second, once', async () => {
  const { clock, taken, want } = tab();
  want(true);
  await clock.advance(999);
  expect(taken).toEqual([]);
  await clock.advance(10_000);
  expect(taken).toEqual([1_000]);
});

test('word from other tabs does not put the second off', async () => {
  const { clock, taken, want } = tab();
  want(true);
  await clock.advance(600);
  want(true);
  await clock.advance(600);
  expect(taken).toEqual([1_000]);
});

test('whoever only passes through a tab moves nothing', async () => {
  const { clock, taken, want } = tab();
  for (let round = 0; round < 5; round++) {
    want(true);
    await clock.advance(900);
    want(false);
    await clock.advance(900);
  }
  expect(taken).toEqual([]);
});

test('the end of a call begins the wait, a call that comes ends it', async () => {
  const { clock, taken, want } = tab();
  want(false);
  await clock.advance(60_000);
  want(true);
  await clock.advance(500);
  want(false);
  await clock.advance(60_000);
  expect(taken).toEqual([]);
  want(true);
  await clock.advance(1_000);
  expect(taken).toEqual([121_500]);
});

test('a page that goes takes nothing any more', async () => {
  const { clock, taken, lead, want } = tab();
  want(true);
  lead.stop();
  await clock.advance(10_000);
  expect(taken).toEqual([]);
});
