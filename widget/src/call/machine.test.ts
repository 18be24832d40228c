import { describe, expect, test } from 'vitest';
import { type CallEvent, type CallState, isLive, transition } from './machine.ts';

const over = { reason: 'no-answer' } as const;
const mine = { reason: 'cancelled' } as const;
const noMicrophone = { reason: 'error', code: 'MICROPHONE_DENIED' } as const;

const states = {
  idle: { phase: 'idle' },
  preparing: { phase: 'preparing' },
  dialing: { phase: 'dialing' },
  ringing: { phase: 'ringing' },
  'connecting, not accepted': { phase: 'connecting', accepted: false, held: false },
  'connecting, not accepted, held': { phase: 'connecting', accepted: false, held: true },
  connecting: { phase: 'connecting', accepted: true, held: false },
  'connecting, held': { phase: 'connecting', accepted: true, held: true },
  active: { phase: 'active' },
  held: { phase: 'held' },
  reconnecting: { phase: 'reconnecting', held: false },
  'reconnecting, held': { phase: 'reconnecting', held: true },
  ending: { phase: 'ending', end: mine },
  ended: { phase: 'ended', end: mine },
} satisfies Record<string, CallState>;
type StateName = keyof typeof states;

const events = {
  place: { type: 'place', permitted: false },
  'place, permitted': { type: 'place', permitted: true },
  ring: { type: 'ring' },
  answer: { type: 'answer', permitted: false },
  'answer, permitted': { type: 'answer', permitted: true },
  decline: { type: 'decline' },
  'media-opened': { type: 'media-opened' },
  'media-refused': { type: 'media-refused', end: noMicrophone },
  answered: { type: 'answered' },
  connected: { type: 'connected' },
  'transport-lost': { type: 'transport-lost' },
  hold: { type: 'hold' },
  resume: { type: 'resume' },
  'resume-refused': { type: 'resume-refused' },
  'hang-up': { type: 'hang-up', end: mine },
  over: { type: 'over', end: over },
  closed: { type: 'closed' },
} satisfies Record<string, CallEvent>;
type EventName = keyof typeof events;

/** Where each pair leads, `next state: effects`; a pair that is not listed changes nothing. */
const table: Record<StateName, Partial<Record<EventName, string>>> = {
  idle: {
    place: 'preparing: open-media',
    'place, permitted': 'dialing: open-media dial',
    ring: 'ringing:',
  },
  preparing: { 'media-opened': 'dialing: dial' },
  dialing: { 'media-opened': 'dialing: give-media', answered: 'connecting:' },
  ringing: {
    answer: 'connecting, not accepted: open-media',
    'answer, permitted': 'connecting: open-media accept',
    decline: 'ending declined: decline',
  },
  'connecting, not accepted': {
    'media-opened': 'connecting: accept give-media',
    connected: 'active: start-clock',
    hold: 'connecting, not accepted, held: hold',
    'resume-refused': 'connecting, not accepted, held:',
  },
  'connecting, not accepted, held': {
    'media-opened': 'connecting, held: accept give-media',
    connected: 'held: start-clock',
    resume: 'connecting, not accepted: unhold',
  },
  connecting: {
    'media-opened': 'connecting: give-media',
    connected: 'active: start-clock',
    hold: 'connecting, held: hold',
    'resume-refused': 'connecting, held:',
  },
  'connecting, held': {
    'media-opened': 'connecting, held: give-media',
    connected: 'held: start-clock',
    resume: 'connecting: unhold',
  },
  active: { hold: 'held: hold', 'resume-refused': 'held:', 'transport-lost': 'reconnecting:' },
  held: { resume: 'active: unhold', 'transport-lost': 'reconnecting, held:' },
  reconnecting: {
    connected: 'active:',
    hold: 'reconnecting, held: hold',
    'resume-refused': 'reconnecting, held:',
  },
  'reconnecting, held': { connected: 'held:', resume: 'reconnecting: unhold' },
  ending: { closed: 'ended cancelled: release', over: 'ended cancelled: release' },
  ended: {},
};

/** The same for every live state. */
const ends: Partial<Record<EventName, string>> = {
  'hang-up': 'ending cancelled: end',
  'media-refused': 'ending error: end',
  over: 'ended no-answer: release',
};

function name(state: CallState): string {
  const known = Object.entries(states).find(([, value]) => JSON.stringify(value) === JSON.stringify(state));
  return 'end' in state ? `${state.phase} ${state.end.reason}` : (known?.[0] ?? JSON.stringify(state));
}

describe('every event in every state', () => {
  for (const [stateName, state] of Object.entries(states) as [StateName, CallState][]) {
    for (const [eventName, event] of Object.entries(events) as [EventName, CallEvent][]) {
      const expected = table[stateName][eventName] ?? (isLive(state) ? ends[eventName] : undefined);
      test(`${stateName} × ${eventName} → ${expected ?? 'nothing'}`, () => {
        const next = transition(state, event);
        if (expected === undefined) {
          expect(next).toEqual({ state, effects: [] });
          expect(next.state).toBe(state);
        } else expect(`${name(next.state)}: ${next.effects.join(' ')}`.trim()).toBe(expected);
      });
    }
  }
});

test('a call that has ended never moves again', () => {
  for (const event of Object.values(events)) {
    expect(transition(states.ended, event).state).toBe(states.ended);
  }
});
