import { describe, expect, test } from 'vitest';
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

const told = (calls: GuestCalls, events: readonly object[]) => events.flatMap((event) => calls.hear(event));

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

test('a device that rings before Asterisk says whose call it is rings for that call', () => {
  const calls = new GuestCalls();
  const before = told(calls, [created(guest), created(channel('d-alice')), rings(alice)]);
  expect(before).toEqual([{ kind: 'begun', endpoint: 'g-1' }]);
  const ringing = [{ kind: 'ringing', endpoint: 'g-1' }];
  expect(told(calls, [dial(channel('d-alice')), dial(alice, 'RINGING'), rings(alice)])).toEqual(ringing);
  const late = new GuestCalls();
  told(late, [created(guest), rings(alice)]);
  expect(told(late, [dial(alice), dial(alice, 'RINGING')])).toEqual(ringing);
});

test('calls of employees, and what is no event, say nothing', () => {
  const calls = new GuestCalls();
  const employees = { type: 'Dial', caller: bruno, peer: alice, dialstatus: 'ANSWER' };
  const events = [created(bruno), created(alice), employees, rings(alice), destroyed(bruno)];
  expect(told(calls, [...events, {}, { type: 'Dial', peer: alice, dialstatus: '' }])).toEqual([]);
  expect(calls.hear(undefined)).toEqual([]);
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

describe('a call that is passed on', () => {
  const carla = channel('p-carla', 'Ringing');
  const enters = (of: object, id = 'b-1') => ({
    ...{ type: 'ChannelEnteredBridge', bridge: { id }, channel: of },
  });
  const leaves = (of: object, id = 'b-1') => ({ ...enters(of, id), type: 'ChannelLeftBridge' });
  const begin = (calls: GuestCalls) =>
    told(calls, [created(guest), dial(alice), dial(alice, 'ANSWER'), enters(alice), enters(guest)]);

  test('is nobody’s while it rings there, and then whose who answers', () => {
    const calls = new GuestCalls();
    expect(begin(calls).map(({ kind }) => kind)).toEqual(['begun', 'ringing', 'answered']);
    expect(told(calls, [leaves(guest), leaves(alice)])).toEqual([]);
    expect(told(calls, [dial(carla), dial(carla, 'RINGING'), dial(bruno)])).toEqual([
      { kind: 'parted', endpoint: 'g-1' },
    ]);
    expect(told(calls, [dial(carla, 'ANSWER'), enters(carla, 'b-2'), enters(guest, 'b-2')])).toEqual([
      { kind: 'passed', endpoint: 'g-1', by: 'p-carla', channel: carla.id, isJoined: false },
    ]);
    expect(told(calls, [destroyed(alice)])).toEqual([]);
  });

  test('goes on in the bridge of a call that was asked first, or with who takes a place in its own', () => {
    for (const events of [
      [enters(alice, 'b-2'), enters(carla, 'b-2'), leaves(guest), enters(guest, 'b-2'), leaves(alice, 'b-2')],
      [enters(carla), leaves(alice)],
    ]) {
      const calls = new GuestCalls();
      begin(calls);
      expect(told(calls, events).at(-1)).toEqual({
        ...{ kind: 'passed', endpoint: 'g-1', by: 'p-carla', channel: carla.id, isJoined: true },
      });
    }
  });

  test('and comes back is told as well; a hold, which keeps the bridge, or comes back to it, is not', () => {
    const calls = new GuestCalls();
    begin(calls);
    expect(told(calls, [leaves(guest), enters(guest)])).toEqual([]);
    expect(told(calls, [leaves(guest), leaves(alice), dial(alice), enters(alice), enters(guest)])).toEqual([
      { kind: 'parted', endpoint: 'g-1' },
      { kind: 'passed', endpoint: 'g-1', by: 'd-alice', channel: alice.id, isJoined: false },
    ]);
  });

  test('and is held by whoever talks to it is told, of no other call and not of the visitor’s own hold', () => {
    const calls = new GuestCalls();
    const hold = (of: object, type = 'ChannelHold') => ({ type, channel: of });
    begin(calls);
    told(calls, [enters(bruno, 'b-9'), enters(carla, 'b-9')]);
    expect(told(calls, [hold(guest), hold(bruno), hold(carla, 'ChannelUnhold')])).toEqual([]);
    expect(told(calls, [hold(alice), hold(alice, 'ChannelUnhold')])).toEqual([
      { kind: 'held', endpoint: 'g-1', isHeld: true },
      { kind: 'held', endpoint: 'g-1', isHeld: false },
    ]);
    told(calls, [leaves(alice)]);
    expect(told(calls, [hold(alice)])).toEqual([]);
  });

  test('is left by who talks to it, with or without a word, and rung for again where they are lost', () => {
    const calls = new GuestCalls();
    begin(calls);
    const left = { kind: 'left', endpoint: 'g-1', channel: alice.id };
    expect(told(calls, [destroyed(bruno), destroyed(carla, 44)])).toEqual([]);
    expect(told(calls, [leaves(alice), leaves(guest), destroyed(alice, 44)])).toEqual([
      { ...left, isLost: true },
    ]);
    // Nobody passes it on.
    expect(told(calls, [dial(alice), dial(alice, 'ANSWER'), enters(alice), enters(guest)])).toEqual([
      { kind: 'passed', endpoint: 'g-1', by: 'd-alice', channel: alice.id, isJoined: false },
    ]);
    expect(told(calls, [destroyed(alice)])).toEqual([{ ...left, isLost: false }]);
    // What a page says when it goes.
    expect(told(calls, [destroyed(alice, 19)])).toEqual([{ ...left, isLost: true }]);
    expect(told(calls, [destroyed(guest)])).toEqual([{ kind: 'over', endpoint: 'g-1', cause: 16 }]);
  });

  test('to another visitor is told of both', () => {
    const calls = new GuestCalls();
    begin(calls);
    const second = channel('g-2');
    const secondDial = { ...dial(bruno, 'ANSWER'), caller: second };
    told(calls, [created(second), secondDial, enters(bruno, 'b-2'), enters(second, 'b-2')]);
    expect(told(calls, [leaves(bruno, 'b-2'), leaves(alice), enters(second)])).toEqual([
      { kind: 'passed', endpoint: 'g-1', by: 'g-2', channel: second.id, isJoined: true },
      { kind: 'passed', endpoint: 'g-2', by: 'g-1', channel: guest.id, isJoined: true },
    ]);
  });

  test('while nobody listened is told after it', () => {
    const calls = new GuestCalls();
    begin(calls);
    const up = { ...guest, state: 'Up' };
    const bridge = { id: 'b-2', channels: [carla.id, guest.id] };
    expect(calls.reset([up, carla], [bridge])).toEqual([
      { kind: 'passed', endpoint: 'g-1', by: 'p-carla', channel: carla.id, isJoined: false },
    ]);
    expect(new GuestCalls().reset([up, carla], [bridge])).toEqual([
      { kind: 'begun', endpoint: 'g-1' },
      { kind: 'answered', endpoint: 'g-1', by: 'p-carla' },
    ]);
  });
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
