import { describe, expect, test } from 'vitest';
import { endOf, nextStage, type VisitStage, type VisitStageEvent } from './visit-stage.ts';

const NOW = 1_000_000;
const STAGES = {
  open: { state: 'open' },
  waiting: { state: 'waiting', sinceMs: 1 },
  ready: { state: 'ready', sinceMs: 1, untilMs: 2 },
  ringing: { state: 'ringing', untilMs: 2 },
  talking: { state: 'talking', sinceMs: NOW - 5_000, untilMs: 2 },
  ended: { state: 'ended', end: 'hangup', atMs: 3 },
} as const satisfies Record<string, VisitStage>;
const EVENTS: Record<VisitStageEvent['kind'], VisitStageEvent> = {
  asked: { kind: 'asked' },
  turn: { kind: 'turn', untilMs: 7 },
  ringing: { kind: 'ringing', untilMs: 7 },
  answered: { kind: 'answered', untilMs: 7 },
  passed: { kind: 'passed', pausedMs: 7 },
  forwarded: { kind: 'forwarded' },
  resumed: { kind: 'resumed' },
  over: { kind: 'over', end: 'busy' },
  wrote: { kind: 'wrote' },
};

/** What each event makes of each stage, in the order of `STAGES`; a dash: it means nothing there. */
const TABLE: Record<VisitStageEvent['kind'], readonly (keyof typeof STAGES | '-')[]> = {
  asked: ['waiting', '-', '-', '-', '-', 'waiting'],
  turn: ['-', 'ready', '-', '-', '-', '-'],
  ringing: ['-', '-', 'ringing', '-', '-', '-'],
  answered: ['-', '-', 'talking', 'talking', '-', '-'],
  passed: ['-', '-', '-', '-', 'talking', '-'],
  forwarded: ['-', 'waiting', 'waiting', 'waiting', '-', '-'],
  resumed: ['-', '-', 'waiting', '-', '-', '-'],
  over: ['ended', 'ended', 'ended', 'ended', 'ended', '-'],
  wrote: ['-', '-', '-', '-', '-', 'open'],
};

describe('stages of a visit', () => {
  for (const [kind, row] of Object.entries(TABLE)) {
    test.each(Object.keys(STAGES).map((state, index) => [state, row[index]] as const))(
      `P13 ${kind} makes of %s: %s`,
      (state, expected) => {
        const stage = STAGES[state as keyof typeof STAGES];
        const event = EVENTS[kind as VisitStageEvent['kind']];
        expect(nextStage(stage, event, NOW)?.state ?? '-').toBe(expected);
      },
    );
  }

  test('P7 who waits again after a restart keeps the place, who is sent elsewhere gets a new one', () => {
    expect(nextStage(STAGES.ready, EVENTS.resumed, NOW)).toEqual({ state: 'waiting', sinceMs: 1 });
    expect(nextStage(STAGES.ready, EVENTS.forwarded, NOW)).toEqual({ state: 'waiting', sinceMs: NOW });
  });

  test('an answered call keeps how long it was, another one has no length', () => {
    expect(nextStage(STAGES.talking, EVENTS.over, NOW)).toMatchObject({ talkedMs: 5_000, atMs: NOW });
    expect(nextStage(STAGES.ringing, EVENTS.over, NOW)).not.toHaveProperty('talkedMs');
  });

  test('P8 the time of a call stands still while it is passed on', () => {
    expect(nextStage(STAGES.talking, EVENTS.passed, NOW)).toEqual({ ...STAGES.talking, untilMs: 9 });
  });

  test('P8 a call that was cut is too long, whatever its cause', () => {
    expect(endOf(STAGES.talking, { cause: 16, tooLong: true })).toBe('too-long');
  });

  test.each([
    [16, 'hangup'],
    [41, 'hangup'],
    [44, 'failed'],
    [17, 'busy'],
    [19, 'no-answer'],
    [21, 'declined'],
  ])('an answered call that ends with cause %i is %s', (cause, end) => {
    expect(endOf(STAGES.talking, { cause, tooLong: false })).toBe(end);
  });
});
