import { expect, test } from 'vitest';
import { GuestCalls } from './guest-calls.ts';

const channel = (name: string, state = 'Ring') => ({
  id: `id-${name}`,
  name: `PJSIP/${name}-00000001`,
  state,
});
const guest = channel('g-1');
const alice = channel('d-alice', 'Ringing');
const bruno = channel('d-bruno', 'Ringing');

const created = (of: object) => ({ type: 'ChannelCreated', channel: of });
const dial = (peer: object, dialstatus = '') => ({ type: 'Dial', caller: guest, peer, dialstatus });
const rings = (of: object) => ({ type: 'ChannelStateChange', channel: of });
const destroyed = (of: object, cause = 16) => ({ type: 'ChannelDestroyed', channel: of, cause });

const told = (calls: GuestCalls, events: readonly object[]) =>
  events.flatMap((event) => calls.hear(event) ?? []);

test('a call begins, rings once, is answered once, and is over', () => {
  const calls = new GuestCalls();
  const events = [
    created(guest),
    ...[created(alice), dial(alice), created(bruno), dial(bruno)],
    ...[rings(alice), rings(bruno), dial(bruno, 'RINGING')],
    ...[dial(bruno, 'ANSWER'), rings(alice), dial(bruno, 'ANSWER'), destroyed(alice, 26), destroyed(guest)],
  ];
  expect(told(calls, events)).toEqual([
    { kind: 'begun', endpoint: 'g-1' },
    { kind: 'ringing', endpoint: 'g-1' },
    { kind: 'answered', endpoint: 'g-1', by: 'd-bruno' },
    { kind: 'over', endpoint: 'g-1', cause: 16 },
  ]);
});

test('calls of employees, and what is no event, say nothing', () => {
  const calls = new GuestCalls();
  const employees = { type: 'Dial', caller: bruno, peer: alice, dialstatus: 'ANSWER' };
  const events = [created(bruno), created(alice), employees, rings(alice), destroyed(bruno)];
  expect(told(calls, [...events, {}, { type: 'Dial', peer: alice, dialstatus: '' }])).toEqual([]);
  expect(calls.hear(undefined)).toBeUndefined();
});

test('a second call of the same account, which the dialplan refuses, ends nothing', () => {
  const calls = new GuestCalls();
  const second = { ...guest, id: 'id-second' };
  told(calls, [created(guest), dial(alice)]);
  expect(told(calls, [created(second), destroyed(second, 21)])).toEqual([]);
  expect(told(calls, [destroyed(guest)])).toEqual([{ kind: 'over', endpoint: 'g-1', cause: 16 }]);
});

test('who declines beside others is named, while their channels are still known', () => {
  const calls = new GuestCalls();
  told(calls, [created(guest), dial(alice), dial(bruno)]);
  const word = (eventname: string) => ({ type: 'ChannelUserevent', eventname, channel: alice });
  expect(told(calls, [word('Other'), word('RingtagDeclined')])).toEqual([
    { kind: 'declined', endpoint: 'g-1', by: 'd-alice' },
  ]);
  told(calls, [destroyed(alice, 21)]);
  expect([...calls.legsOf('g-1').values()]).toEqual(['d-bruno']);
});

test('after a silence, what ended, began and was answered meanwhile is told', () => {
  const calls = new GuestCalls();
  told(calls, [created(guest), created(channel('g-2')), created(channel('g-3'))]);
  expect(calls.reset([channel('g-2', 'Up'), channel('g-3'), channel('g-4', 'Up'), alice])).toEqual([
    { kind: 'over', endpoint: 'g-1', cause: 41 },
    { kind: 'answered', endpoint: 'g-2' },
    { kind: 'begun', endpoint: 'g-4' },
    { kind: 'answered', endpoint: 'g-4' },
  ]);
});
