import { describe, expect, it } from 'vitest';
import type { CallRecord } from './call.ts';
import { type CallEvent, type Decision, decide, roleOf, sideOf } from './room.ts';

const NOW = 1_000_000;
const caller = { sessionId: 's-alice', personId: 'u-alice' };
const callersOther = { sessionId: 's-alice-2', personId: 'u-alice' };
const winner = { sessionId: 's-bruno', personId: 'u-bruno' };
const calleesOther = { sessionId: 's-bruno-2', personId: 'u-bruno' };
const third = { sessionId: 's-carla', personId: 'u-carla' };

const ringing: CallRecord = {
  id: 'c-1',
  requestId: 'r-1',
  via: 'room',
  state: 'ringing',
  media: 'audio',
  callerId: caller.personId,
  callerSessionId: caller.sessionId,
  calleeId: winner.personId,
  createdAtMs: NOW,
  ringUntilMs: NOW + 45_000,
  lastSeenAtMs: NOW,
};
const active: CallRecord = { ...ringing, state: 'active', calleeSessionId: winner.sessionId };
const placed: CallRecord = { ...ringing, via: 'pbx', state: 'placed', dial: '1002' };
const hungUp: CallRecord = { ...active, state: 'ended', endReason: 'hangup', endedAtMs: NOW };
const unanswered: CallRecord = { ...ringing, state: 'ended', endReason: 'no-answer', endedAtMs: NOW };
const states = { ringing, active, placed, hungUp, unanswered };
type State = keyof typeof states;

/** A decision in one word: what is done, and the reason or code. */
function brief(decision: Decision): string {
  switch (decision.do) {
    case 'refuse':
      return decision.refusal.code;
    case 'end':
      return `end ${decision.reason}/${decision.stop}${decision.estimated ? ' estimated' : ''}`;
    case 'move':
      return `move ${decision.side}`;
    case 'forward':
      return `to ${decision.to}`;
    default:
      return decision.do;
  }
}

type Row = readonly [title: string, event: CallEvent, expected: Record<State, string>];
const nowhere = {
  ringing: 'NOT_FOUND',
  active: 'NOT_FOUND',
  placed: 'NOT_FOUND',
  hungUp: 'NOT_FOUND',
  unanswered: 'NOT_FOUND',
};
const unmoved = {
  ringing: 'nothing',
  active: 'nothing',
  placed: 'nothing',
  hungUp: 'nothing',
  unanswered: 'nothing',
};
const over = { hungUp: 'CALL_ENDED', unanswered: 'CALL_EXPIRED' };
const matrix: readonly Row[] = [
  [
    "C4, C5 accept by the callee's first device",
    { kind: 'accept', by: winner },
    { ...over, ringing: 'accept', active: 'repeat-reply', placed: 'NOT_FOUND' },
  ],
  [
    "C4 accept by the callee's other device",
    { kind: 'accept', by: calleesOther },
    { ...over, ringing: 'accept', active: 'ALREADY_ANSWERED', placed: 'NOT_FOUND' },
  ],
  ["C5 accept by the caller's device", { kind: 'accept', by: caller }, nowhere],
  ['C5 accept by a third person', { kind: 'accept', by: third }, nowhere],
  [
    "C6 decline by a device of the callee's",
    { kind: 'decline', by: calleesOther },
    { ...over, ringing: 'end declined/declined-elsewhere', active: 'ALREADY_ANSWERED', placed: 'NOT_FOUND' },
  ],
  ["C6 decline by the caller's device", { kind: 'decline', by: caller }, nowhere],
  ['C6 decline by a third person', { kind: 'decline', by: third }, nowhere],
  [
    "C7, R4 end by the caller's device",
    { kind: 'end', by: caller, reason: 'left' },
    {
      ringing: 'end cancelled/cancelled',
      active: 'end left/cancelled',
      placed: 'end left/cancelled',
      hungUp: 'nothing',
      unanswered: 'nothing',
    },
  ],
  [
    "T2 the caller's device tells that a telephone declined",
    { kind: 'end', by: caller, reason: 'declined' },
    {
      ringing: 'end cancelled/cancelled',
      active: 'end hangup/cancelled',
      placed: 'end declined/cancelled',
      hungUp: 'nothing',
      unanswered: 'nothing',
    },
  ],
  [
    "R4 end by the callee's winning device",
    { kind: 'end', by: winner, reason: 'hangup' },
    { ...nowhere, active: 'end hangup/cancelled', hungUp: 'nothing' },
  ],
  ["R1 end by the callee's other device", { kind: 'end', by: calleesOther, reason: 'hangup' }, nowhere],
  ["R1 end by the caller's other device", { kind: 'end', by: callersOther, reason: 'hangup' }, nowhere],
  ['R1 end by a third person', { kind: 'end', by: third, reason: 'hangup' }, nowhere],
  [
    "C13, R8 signal of the caller's device",
    { kind: 'signal', by: caller },
    {
      ringing: 'hold',
      active: 'to s-bruno',
      placed: 'NOT_FOUND',
      hungUp: 'CALL_ENDED',
      unanswered: 'CALL_ENDED',
    },
  ],
  [
    "R1 signal of the callee's winning device",
    { kind: 'signal', by: winner },
    { ...nowhere, active: 'to s-alice', hungUp: 'CALL_ENDED' },
  ],
  ["R1 signal of the callee's other device", { kind: 'signal', by: calleesOther }, nowhere],
  ["R1 signal of the caller's other device", { kind: 'signal', by: callersOther }, nowhere],
  ['R1 signal of a third person', { kind: 'signal', by: third }, nowhere],
  [
    'C14 replacement by the same device',
    { kind: 'replace', by: caller },
    {
      ringing: 'end replaced/replaced',
      active: 'ALREADY_IN_CALL',
      placed: 'end replaced/replaced',
      hungUp: 'nothing',
      unanswered: 'nothing',
    },
  ],
  [
    "M1 moving away from the caller's device",
    { kind: 'move', by: caller },
    { ...over, ringing: 'TRANSFER_REFUSED', active: 'move caller', placed: 'move caller' },
  ],
  [
    "M1 moving away from the callee's winning device",
    { kind: 'move', by: winner },
    { ...nowhere, active: 'move callee', hungUp: 'CALL_ENDED' },
  ],
  ["M1 moving away from the callee's other device", { kind: 'move', by: calleesOther }, nowhere],
  ['M1 moving by a third person', { kind: 'move', by: third }, nowhere],
  ["C14 replacement by the callee's device", { kind: 'replace', by: winner }, nowhere],
  ['C14 replacement by a third person', { kind: 'replace', by: third }, nowhere],
  [
    'T3 the answer of the call that it was transferred to',
    { kind: 'transferred', to: 'c-2' },
    { ...unmoved, active: 'end transferred/cancelled', placed: 'end transferred/cancelled' },
  ],
  ['C3 the ring timer', { kind: 'ring-timeout' }, { ...unmoved, ringing: 'end no-answer/no-answer' }],
  [
    "S6 the end of the caller's session",
    { kind: 'session-ended', sessionId: caller.sessionId },
    {
      ...unmoved,
      ringing: 'end signed-out/cancelled',
      active: 'end signed-out/cancelled',
      placed: 'end signed-out/cancelled',
    },
  ],
  [
    "S6 the end of the winner's session",
    { kind: 'session-ended', sessionId: winner.sessionId },
    { ...unmoved, active: 'end signed-out/cancelled' },
  ],
  ["S6 the end of a stranger's session", { kind: 'session-ended', sessionId: third.sessionId }, unmoved],
  ['R7 one socket away', { kind: 'abandoned', by: 'one' }, { ...unmoved, active: 'end lost/cancelled' }],
  [
    'R5 both sockets away',
    { kind: 'abandoned', by: 'both' },
    { ...unmoved, active: 'end lost/cancelled estimated' },
  ],
  ['C16 gone at the exchange', { kind: 'gone' }, { ...unmoved, placed: 'end lost/cancelled estimated' }],
  [
    'C16 the exchange tells how it ended',
    { kind: 'over', reason: 'busy', atMs: NOW },
    { ...unmoved, placed: 'end busy/cancelled' },
  ],
];

describe('decide: every state × every event', () => {
  for (const [title, event, expected] of matrix) {
    for (const state of Object.keys(states) as State[]) {
      it(`${title}, ${state}: ${expected[state]}`, () => {
        expect(brief(decide(states[state], event, NOW))).toBe(expected[state]);
      });
    }
  }
});

describe('decide', () => {
  it('C5 refuses an accept at the very end of the ringing, though its timer has not run', () => {
    const event: CallEvent = { kind: 'accept', by: winner };
    expect(brief(decide(ringing, event, ringing.ringUntilMs - 1))).toBe('accept');
    expect(brief(decide(ringing, event, ringing.ringUntilMs))).toBe('CALL_EXPIRED');
  });

  it("C6 carries the decliner's message, and none where none was given", () => {
    expect(decide(ringing, { kind: 'decline', by: winner, message: 'Later' }, NOW)).toMatchObject({
      message: 'Later',
    });
    expect(decide(ringing, { kind: 'decline', by: winner }, NOW)).not.toHaveProperty('message');
  });

  it('T4 a call that joins another one is for the device of that one alone', () => {
    const joining = { ...ringing, ringsOnly: winner.sessionId, joins: 'c-0' };
    expect(brief(decide(joining, { kind: 'accept', by: winner }, NOW))).toBe('accept');
    expect(brief(decide(joining, { kind: 'accept', by: calleesOther }, NOW))).toBe('NOT_FOUND');
    expect(brief(decide(joining, { kind: 'decline', by: calleesOther }, NOW))).toBe('NOT_FOUND');
  });

  it.each<[string | undefined, CallEvent]>([
    ['caller', { kind: 'end', by: caller, reason: 'left' }],
    ['callee', { kind: 'end', by: winner, reason: 'hangup' }],
    ['callee', { kind: 'decline', by: calleesOther }],
    ['caller', { kind: 'replace', by: caller }],
    ['callee', { kind: 'session-ended', sessionId: winner.sessionId }],
    [undefined, { kind: 'ring-timeout' }],
    [undefined, { kind: 'abandoned', by: 'one' }],
    [undefined, { kind: 'transferred', to: 'c-2' }],
  ])('G1 it is the doing of %s: %o', (side, event) => {
    expect(sideOf(active, event)).toBe(side);
  });

  it.each([
    ['declined', 'callee'],
    ['busy', undefined],
    ['no-answer', undefined],
    ['hangup', 'caller'],
  ] as const)('G1 a telephone call that ended as %s is the doing of %s', (reason, side) => {
    expect(sideOf(placed, { kind: 'end', by: caller, reason })).toBe(side);
  });

  it('R8 says how the call ended', () => {
    const decision = decide(hungUp, { kind: 'signal', by: caller }, NOW);
    expect(decision).toMatchObject({ refusal: { code: 'CALL_ENDED', state: 'hangup' } });
  });

  it('R1 knows the two devices of a room from everyone else', () => {
    const roles = [caller, winner, calleesOther, callersOther, third].map((d) => roleOf(active, d.sessionId));
    expect(roles).toEqual(['caller', 'callee', 'stranger', 'stranger', 'stranger']);
  });
});
