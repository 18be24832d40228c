import { expect, test } from 'vitest';
import { done, type Result, refused } from '../call/errors.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { askAgain } from './ask-again.ts';

/** A page whose first `dead` connections carry nothing: what is asked over them ends when it is given up. */
function setUp({ dead, answer = done('answer') }: { dead: number; answer?: Result<string> }) {
  const clock = createManualClock();
  const asked: (AbortSignal | undefined)[] = [];
  const asking = askAgain(clock, (signal) => {
    asked.push(signal);
    if (asked.length > dead) return Promise.resolve(answer);
    return new Promise<Result<string>>((settle) => {
      signal?.addEventListener('abort', () => settle(refused('HUB_UNREACHABLE')));
    });
  });
  return { clock, asked, asking };
}

test('an answer that comes at once is not asked for twice', async () => {
  const { clock, asked, asking } = setUp({ dead: 0 });
  expect(await asking).toEqual(done('answer'));
  await clock.advance(20_000);
  expect(asked).toHaveLength(1);
});

test('two connections are dead: the third is asked after two seconds, and the others are given up', async () => {
  const { clock, asked, asking } = setUp({ dead: 2 });
  await clock.advance(2_000);
  expect(await asking).toEqual(done('answer'));
  expect(asked.map((signal) => signal?.aborted)).toEqual([true, true, false]);
});

test('the last try is not given up here', async () => {
  const { clock, asked } = setUp({ dead: 4 });
  await clock.advance(60_000);
  expect(asked.map((signal) => signal?.aborted)).toEqual([true, true, true, undefined]);
});

test('a refusal is an answer', async () => {
  const { asked, asking } = setUp({ dead: 0, answer: refused('PBX_UNAVAILABLE') });
  expect(await asking).toEqual(refused('PBX_UNAVAILABLE'));
  expect(asked).toHaveLength(1);
});
