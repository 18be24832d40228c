import { expect, test } from 'vitest';
import { type Connection, Connections, DEFAULT_QUOTAS, type GateQuotas } from './quotas.ts';

const NOW = 1_800_000_000_000;
let made = 0;

const open = (quotas: Partial<GateQuotas>) => new Connections({ ...DEFAULT_QUOTAS, ...quotas });
const guest = (network?: string): Connection => {
  made += 1;
  return { endpoint: `g-${made}`, kind: 'guest', network, close() {} };
};
/** Adds it if there is room. */
function enter(connections: Connections, connection: Connection, nowMs = NOW): boolean {
  const hasRoom = connections.hasRoomFor(connection, nowMs);
  if (hasRoom) connections.add(connection);
  return hasRoom;
}

test('P10 visitors of one network have so many connections; others, and employees there, are served', () => {
  const connections = open({ guestsPerNetwork: 2 });
  const [first, second] = [guest('192.0.2.1'), guest('192.0.2.1')];
  expect([enter(connections, first), enter(connections, second)]).toEqual([true, true]);
  expect(enter(connections, guest('192.0.2.1'))).toBe(false);
  expect(enter(connections, guest('192.0.2.2'))).toBe(true);
  expect(enter(connections, { endpoint: 'd-1', kind: 'employee', network: '192.0.2.1', close() {} })).toBe(
    true,
  );
  connections.delete(first);
  connections.delete(first);
  expect(enter(connections, guest('192.0.2.1'))).toBe(true);
  expect(enter(connections, guest('192.0.2.1'))).toBe(false);
  expect(connections.count()).toEqual({ employees: 1, guests: 3 });
});

test('P10 a network may begin so many connections in a minute, however soon it ends them', () => {
  const connections = open({ guestStartsPerMinute: 3 });
  const comeAndGo = (nowMs: number) => {
    const connection = guest('192.0.2.1');
    const hasEntered = enter(connections, connection, nowMs);
    connections.delete(connection);
    return hasEntered;
  };
  expect([1, 2, 3, 4].map(() => comeAndGo(NOW))).toEqual([true, true, true, false]);
  expect(comeAndGo(NOW + 60_000)).toBe(true);
});

test('P5 a visitor’s endpoint that the hub has closed connects no more', () => {
  const connections = open({});
  const closed: number[] = [];
  const own = { ...guest(), close: (code: number) => closed.push(code) };
  enter(connections, own);
  expect(connections.closeEndpoint(own.endpoint, 1008, 'signed out')).toBe(1);
  connections.delete(own);
  expect(closed).toEqual([1008]);
  expect(enter(connections, { ...own })).toBe(false);
  expect(enter(connections, guest())).toBe(true);
});
