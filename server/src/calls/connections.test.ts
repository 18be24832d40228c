import { describe, expect, it } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createConnections } from './connections.ts';
import type { DeviceSocket } from './ports.ts';

const laptop = { sessionId: 's-laptop', personId: 'u-alice' };
const mobile = { sessionId: 's-mobile', personId: 'u-alice' };

function createSocket() {
  const sent: string[] = [];
  const socket = {
    sent,
    closed: false,
    emit: ((event) => {
      sent.push(event);
    }) as DeviceSocket['emit'],
    close() {
      socket.closed = true;
    },
  };
  return socket;
}

function setUp() {
  const clock = createManualClock();
  return { clock, connections: createConnections({ clock }) };
}

describe('connections', () => {
  it('H4 a newer socket of a device takes over, and the going of the older one changes nothing', () => {
    const { connections } = setUp();
    const [older, newer] = [createSocket(), createSocket()];
    connections.attach(laptop, older);
    connections.attach(laptop, newer);
    expect(older.closed).toBe(true);
    expect(connections.detach(laptop, older)).toBe(false);
    connections.send(laptop.sessionId, 'pbx:changed', { available: true });
    expect([older.sent, newer.sent]).toEqual([[], ['pbx:changed']]);
    expect(connections.count).toBe(1);
  });

  it('C10 a person counts as connected for 3 s after the last socket went', () => {
    const { clock, connections } = setUp();
    const [one, two] = [createSocket(), createSocket()];
    connections.attach(laptop, one);
    connections.attach(mobile, two);
    connections.detach(laptop, one);
    clock.advance(60_000);
    expect(connections.isOnline('u-alice')).toBe(true);
    connections.detach(mobile, two);
    clock.advance(2_999);
    expect(connections.isOnline('u-alice')).toBe(true);
    expect(connections.devicesOf('u-alice')).toEqual([]);
    clock.advance(1);
    expect(connections.isOnline('u-alice')).toBe(false);
  });

  it('C10 waits for whoever went, until they are back or the grace is over', async () => {
    const { clock, connections } = setUp();
    const socket = createSocket();
    connections.attach(laptop, socket);
    expect(await connections.untilBack('u-alice')).toBe(true);
    connections.detach(laptop, socket);
    const hopeful = connections.untilBack('u-alice');
    clock.advance(2_000);
    connections.attach(mobile, socket);
    expect(await hopeful).toBe(true);
    connections.detach(mobile, socket);
    const hopeless = connections.untilBack('u-alice');
    clock.advance(3_000);
    expect(await hopeless).toBe(false);
    expect(await connections.untilBack('u-alice')).toBe(false);
  });

  it('S6 a dismissed device is told, closed, and leaves no grace behind', () => {
    const { connections } = setUp();
    const socket = createSocket();
    connections.attach(laptop, socket);
    connections.dismiss(laptop.sessionId);
    expect([socket.sent, socket.closed]).toEqual([['session:ended'], true]);
    expect(connections.isOnline('u-alice')).toBe(false);
    expect(connections.detach(laptop, socket)).toBe(false);
    expect(connections.isOnline('u-alice')).toBe(false);
  });
});
