import { expect, test } from 'vitest';
import { type AriEvent, endpointOf, LiveState } from './live-state.ts';

const contact = (resource: string, uri: string, status: string): AriEvent => ({
  type: 'ContactStatusChange',
  endpoint: { technology: 'PJSIP', resource },
  contact_info: { uri, contact_status: status },
});
const channel = (
  type: 'ChannelCreated' | 'ChannelStateChange' | 'ChannelDestroyed',
  name: string,
  state: string,
) => ({ type, channel: { id: name, name, state } }) as AriEvent;

test('an endpoint is registered while some contact of it rings', () => {
  const live = new LiveState();
  live.apply(contact('d-a', 'sip:1', 'NonQualified'));
  live.apply(contact('d-a', 'sip:1', 'Reachable'));
  expect(live.isRegistered('d-a')).toBe(true);
  // A page that reloaded: its new contact comes before the old one goes.
  live.apply(contact('d-a', 'sip:2', 'NonQualified'));
  live.apply(contact('d-a', 'sip:1', 'Removed'));
  expect(live.isRegistered('d-a')).toBe(true);
  live.apply(contact('d-a', 'sip:2', 'Unreachable'));
  expect(live.isRegistered('d-a')).toBe(false);
});

test('a contact known only from the list goes with the first news of it', () => {
  const live = new LiveState();
  live.reset([{ technology: 'PJSIP', resource: 'd-a', state: 'online' }], []);
  expect(live.isRegistered('d-a')).toBe(true);
  live.apply(contact('d-a', 'sip:1', 'Removed'));
  expect(live.isRegistered('d-a')).toBe(false);
});

test('an endpoint that only rings is in no call; one that calls or talks is', () => {
  const live = new LiveState();
  const name = 'PJSIP/d-a-0000001a';
  live.apply(channel('ChannelCreated', name, 'Down'));
  live.apply(channel('ChannelStateChange', name, 'Ringing'));
  expect(live.isInCall('d-a')).toBe(false);
  live.apply(channel('ChannelStateChange', name, 'Up'));
  expect(live.isInCall('d-a')).toBe(true);
  live.apply(channel('ChannelCreated', 'PJSIP/d-b-0000001b', 'Ring'));
  expect(live.isInCall('d-b')).toBe(true);
  live.apply(channel('ChannelDestroyed', name, 'Up'));
  expect([live.isInCall('d-a'), live.isInCall('d-b')]).toEqual([false, true]);
});

test('calls are counted, and one that is not answered is not talked in', () => {
  const live = new LiveState();
  live.apply(channel('ChannelCreated', 'PJSIP/d-a-0000001a', 'Ring'));
  live.apply(channel('ChannelCreated', 'PJSIP/d-a-0000001b', 'Ringing'));
  expect([live.callsOf('d-a'), live.isTalking('d-a')]).toEqual([1, false]);
  live.apply(channel('ChannelStateChange', 'PJSIP/d-a-0000001b', 'Up'));
  expect([live.callsOf('d-a'), live.isTalking('d-a')]).toEqual([2, true]);
  live.apply(channel('ChannelDestroyed', 'PJSIP/d-a-0000001b', 'Up'));
  expect([live.callsOf('d-a'), live.isTalking('d-a')]).toEqual([1, false]);
});

test('the lists replace what was known, and only what changed is told', () => {
  const live = new LiveState();
  live.apply(contact('d-a', 'sip:1', 'Reachable'));
  live.apply(contact('d-b', 'sip:1', 'Reachable'));
  live.apply(channel('ChannelCreated', 'PJSIP/d-c-00000001', 'Up'));
  const changed = live.reset(
    [
      { technology: 'PJSIP', resource: 'd-a', state: 'online' },
      { technology: 'PJSIP', resource: 'd-b', state: 'offline' },
      { technology: 'Local', resource: 'd-x', state: 'online' },
    ],
    [{ id: '1', name: 'PJSIP/d-d-00000002', state: 'Up' }],
  );
  expect(changed.sort()).toEqual(['d-b', 'd-c', 'd-d']);
  expect([live.isRegistered('d-a'), live.isRegistered('d-b'), live.isRegistered('d-x')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([live.isInCall('d-c'), live.isInCall('d-d')]).toEqual([false, true]);
});

test.each([
  ['PJSIP/d-3q2f-0000001a', 'd-3q2f'],
  ['PJSIP/p-desk-phone-2-0000001a', 'p-desk-phone-2'],
  ['Local/1001@employees-0000001a;1', undefined],
  ['PJSIP/d-3q2f', undefined],
])('the channel %s belongs to %s', (name, endpoint) => {
  expect(endpointOf(name)).toBe(endpoint);
});
