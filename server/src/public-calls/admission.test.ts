import { describe, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createLogger } from '../platform/logger.ts';
import { memoryRateLimiters } from '../platform/rate-limiter.ts';
import { createAdmission } from './admission.ts';
import { createLoad } from './admission-load.ts';
import { createAdmissionWatch } from './admission-watch.ts';
import { PUBLIC_LIMITS, type PublicLimits, readPublicLimits } from './limits.ts';

const admissionOf = (changes: Partial<PublicLimits> = {}) =>
  createAdmission({
    limits: { ...PUBLIC_LIMITS, ...changes },
    isBlocked: (address) => address === '192.0.2.66',
    ...{ ownLimiters: memoryRateLimiters, sharedLimiters: memoryRateLimiters },
  });
const client = (address: string) => ({ address, network: address });

describe('P10 visits at the same time', () => {
  const who = { network: '192.0.2.7', origin: 'https://shop.example', destinationId: 'sales' };

  test.each([
    ['network', 'address', { origin: 'https://b.example', destinationId: 'b' }],
    ['origin', 'origin', { network: '192.0.2.8', destinationId: 'b' }],
    ['destination', 'destination', { network: '192.0.2.8', origin: 'https://b.example' }],
    ['hub', 'hub', { network: '192.0.2.8', origin: 'https://b.example', destinationId: 'b' }],
  ])('are limited by %s; one that is released makes room, once', async (scope, state, other) => {
    const atOnce = { network: 9, origin: 9, destination: 9, hub: 9, [scope]: 2 };
    const admission = admissionOf({ atOnce });
    const first = await admission.hold(who);
    expect((await admission.hold({ ...who, ...other })).ok).toBe(true);
    const third = await admission.hold({ ...who, ...other });
    expect(third).toMatchObject({ ok: false, code: 'RATE_LIMITED', state });
    expect(!third.ok && third.retryAfterMs).toBeGreaterThan(0);
    if (!first.ok) throw new Error('not held');
    first.release();
    first.release();
    expect((await admission.hold({ ...who, ...other })).ok).toBe(true);
    expect((await admission.hold({ ...who, ...other })).ok).toBe(false);
    expect(admission.held).toBe(2);
  });
});

describe('P10 the door', () => {
  test('a blocked address is refused before it is counted', async () => {
    const perMinute = {
      ...PUBLIC_LIMITS.perMinute,
      ticket: { network: 1, origin: 1, destination: 1, hub: 1 },
    };
    const admission = admissionOf({ perMinute });
    for (let index = 0; index < 3; index += 1)
      expect(await admission.enter(client('192.0.2.66'), 'ticket')).toMatchObject({
        code: 'ADDRESS_BLOCKED',
      });
    expect(await admission.enter(client('192.0.2.7'), 'ticket')).toBeUndefined();
    expect(await admission.enter(client('192.0.2.7'), 'ticket')).toMatchObject({ state: 'address' });
    // Another act, and another network, are counted for themselves.
    expect(await admission.enter(client('192.0.2.7'), 'visit')).toBeUndefined();
    expect(await admission.enter(client('192.0.2.8'), 'ticket')).toBeUndefined();
  });

  test('a blocked address is not let in by saying that it may be another', async () => {
    const doubtful = { ...client('10.0.0.1'), doubtful: ['198.51.100.1', '192.0.2.66'] };
    expect(await admissionOf().enter(doubtful, 'look')).toMatchObject({ code: 'ADDRESS_BLOCKED' });
    const other = { ...doubtful, doubtful: ['198.51.100.1'] };
    expect(await admissionOf().enter(other, 'look')).toBeUndefined();
  });

  test('so many cards are looked at in all; who follows a visit is not held up by that', async () => {
    const perMinute = { ...PUBLIC_LIMITS.perMinute, look: { network: 9, origin: 9, destination: 9, hub: 2 } };
    const admission = admissionOf({ perMinute });
    const look = (address: string) => admission.enter(client(address), 'look');
    expect([await look('192.0.2.1'), await look('192.0.2.2')]).toEqual([undefined, undefined]);
    // And one that is kept back for whoever has had few.
    expect(await look('192.0.2.3')).toBeUndefined();
    expect(await look('192.0.2.3')).toMatchObject({ code: 'RATE_LIMITED', state: 'hub' });
    expect(await admission.enter(client('192.0.2.3'), 'follow')).toBeUndefined();
  });

  test('the public has so many requests in work, and not one more', () => {
    const admission = admissionOf({ inWork: 2 });
    const first = admission.work();
    const second = admission.work();
    expect(admission.work()).toBeUndefined();
    first?.();
    first?.();
    expect(admission.work()).toBeDefined();
    expect(admission.work()).toBeUndefined();
    second?.();
    expect(admission.work()).toBeDefined();
  });
});

describe('P11 load', () => {
  const workFrom = { network: 3, origin: 100, destination: 100, hub: 20 };
  const keys = (network: string) => ({ network, origin: 'o', destination: 'd', hub: 'hub' });

  test('is quiet below its threshold, asks one network more and more, and forgets', () => {
    const load = createLoad(workFrom);
    const steps = (count: number, nowMs: number) =>
      Array.from({ length: count }, () => load.count(keys('a'), nowMs));
    expect(steps(4, 100_000)).toEqual([0, 0, 0, 1]);
    expect(steps(8, 100_000).at(-1)).toBe(2);
    expect(load.count(keys('b'), 100_000)).toBe(0);
    // The last window counts less and less.
    expect(load.count(keys('a'), 110_000)).toBe(2);
    expect(load.count(keys('a'), 119_500)).toBe(0);
    expect(steps(3, 200_000)).toEqual([0, 0, 0]);
  });

  test('begins anew where the clock is put back: nobody pays for an hour that has not been', () => {
    const load = createLoad(workFrom);
    const t = 7_200_000;
    for (let index = 0; index < 30; index += 1) load.count(keys('a'), t + index * 500);
    expect(load.count(keys('a'), t + 15_000)).toBeGreaterThan(1);
    expect(load.count(keys('a'), t - 3_600_000)).toBe(0);
    expect(load.count(keys('a'), t - 3_580_000)).toBe(0);
  });

  test('who only peeks is not counted', () => {
    const load = createLoad(workFrom);
    const { destination: _, ...known } = keys('a');
    for (let index = 0; index < 50; index += 1) expect(load.peek(known, 100_000)).toBe(0);
    for (let index = 0; index < 3; index += 1) load.count(keys('a'), 100_000);
    expect(load.peek(known, 100_000)).toBe(1);
    expect(load.peek({ ...known, network: 'b' }, 100_000)).toBe(0);
  });

  test('what all share never asks a phone for more than the second step', () => {
    const load = createLoad(workFrom);
    let highest = 0;
    for (let index = 0; index < 20_000; index += 1)
      highest = Math.max(highest, load.count(keys(`n${index}`), 100_000));
    expect(highest).toBe(2);
  });
});

describe('the watch', () => {
  function watching() {
    const clock = createManualClock(1_800_000_000_000 - (1_800_000_000_000 % 60_000));
    const lines: { level: number; msg: string }[] = [];
    const logger = createLogger({ destination: { write: (line) => lines.push(JSON.parse(line)) } });
    const counted: string[] = [];
    const watch = createAdmissionWatch({ clock, logger, onRefused: (code) => counted.push(code) });
    const refuse = (count: number) => {
      for (let index = 0; index < count; index += 1) watch.answered('RATE_LIMITED');
    };
    const warnings = () => lines.filter(({ level }) => level === 40).length;
    return { clock, lines, counted, watch, refuse, warnings };
  }

  test('a jump is one line, a badge, and over when it is over', () => {
    const { clock, watch, refuse, warnings, counted } = watching();
    refuse(50);
    expect(watch.summary()).toMatchObject({ lastMinute: 50, isOdd: false });
    refuse(2_000);
    expect(watch.summary()).toMatchObject({ lastMinute: 2_050, isOdd: true });
    expect(watch.summary().byCode).toEqual({ RATE_LIMITED: 2_050 });
    expect(counted).toHaveLength(2_050);
    expect(warnings()).toBe(1);
    clock.advance(120_000);
    expect(watch.summary().isOdd).toBe(false);
    clock.advance(15 * 60_000);
    const summary = { lastMinute: 0, usual: 0, isOdd: false, byCode: {} };
    expect(watch.summary()).toEqual({ ...summary, byCodeOfHour: { RATE_LIMITED: 2_050 } });
    clock.advance(60 * 60_000);
    expect(watch.summary()).toEqual({ ...summary, byCodeOfHour: {} });
    refuse(200);
    expect(warnings()).toBe(2);
  });

  test('what is usual is not odd', () => {
    const { clock, watch, refuse, warnings } = watching();
    for (let minute = 0; minute < 12; minute += 1) {
      refuse(40);
      clock.advance(60_000);
    }
    refuse(300);
    expect(watch.summary()).toMatchObject({ usual: 36, isOdd: false });
    expect(warnings()).toBe(0);
    refuse(200);
    expect(watch.summary().isOdd).toBe(true);
  });

  test('of a flood the log keeps a line a minute, with the counts', () => {
    const { clock, lines, watch, refuse } = watching();
    refuse(10_000);
    watch.answered(undefined);
    clock.advance(60_000);
    watch.answered(undefined);
    const said = lines.filter(({ msg }) => msg === 'requests of the public');
    expect(said).toEqual([expect.objectContaining({ answered: 10_001, refused: 10_000 })]);
    expect(lines.length).toBeLessThan(4);
  });
});

describe('the table', () => {
  test('takes any part of itself, and says what is wrong with the rest', () => {
    expect(readPublicLimits(undefined)).toBe(PUBLIC_LIMITS);
    expect(readPublicLimits('{"atOnce":{"network":4},"perMinute":{"ticket":{"hub":9}}}')).toEqual({
      ...PUBLIC_LIMITS,
      atOnce: { ...PUBLIC_LIMITS.atOnce, network: 4 },
      perMinute: { ...PUBLIC_LIMITS.perMinute, ticket: { ...PUBLIC_LIMITS.perMinute.ticket, hub: 9 } },
    });
    expect(readPublicLimits('4')).toHaveLength(1);
    expect(readPublicLimits('{')).toEqual(['must be JSON such as {"atOnce":{"network":4}}']);
    expect(readPublicLimits('{"atOnce":{"planet":1},"inWork":0}')).toHaveLength(2);
  });
});
