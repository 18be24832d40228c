import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { networkOf } from './client-address.ts';
import { createSocketCap } from './socket-cap.ts';

class FakeSocket extends EventEmitter {
  readonly remoteAddress: string;
  isOpen = true;
  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy(): this {
    this.isOpen = false;
    this.emit('close');
    return this;
  }
}

function capOf(network: number, hub: number, cuts?: 'oldest') {
  const cap = createSocketCap({
    bounds: { network, hub },
    networkOf,
    isProxy: (address) => address === '10.0.0.1',
    ...(cuts ? { cuts } : {}),
  });
  const open = (address: string, count: number) =>
    Array.from({ length: count }, () => {
      const socket = new FakeSocket(address);
      cap.enter(socket);
      return socket;
    });
  const left = (sockets: readonly FakeSocket[]) => sockets.filter(({ isOpen }) => isOpen).length;
  return { cap, open, left };
}

test('P10 a network has so many connections on which nobody is known, IPv6 by its first 64 bits', () => {
  const { cap, open, left } = capOf(3, 100);
  const one = open('192.0.2.7', 5);
  expect(left(one)).toBe(3);
  expect(left(open('::ffff:192.0.2.7', 1))).toBe(0);
  expect(left([...open('2001:db8::1', 2), ...open('2001:db8::2', 2)])).toBe(3);
  one[0]?.destroy();
  expect(left(open('192.0.2.7', 2))).toBe(1);
  expect(cap.strangers).toBe(6);
});

test('P10 where honest ones are known in a moment, the oldest of a network makes room for the next', () => {
  const { cap, open } = capOf(2, 100, 'oldest');
  const [other] = open('192.0.2.8', 1);
  const all = open('192.0.2.7', 4);
  expect(all.map(({ isOpen }) => isOpen)).toEqual([false, false, true, true]);
  expect([other?.isOpen, cap.strangers]).toEqual([true, 3]);
});

test('P10 who is known takes no place', () => {
  const { cap, open, left } = capOf(2, 2);
  for (let index = 0; index < 10; index += 1) {
    const [socket] = open('192.0.2.7', 1);
    if (socket) cap.know(socket);
    expect(socket?.isOpen).toBe(true);
  }
  expect(left(open('192.0.2.7', 3))).toBe(2);
  expect(cap.strangers).toBe(2);
});

test('P10 where all places are taken, whoever has most loses the oldest', () => {
  const { open, left } = capOf(6, 8);
  const greedy = open('192.0.2.66', 6);
  const modest = open('192.0.2.7', 2);
  const next = open('192.0.2.8', 3);
  expect([left(greedy), left(modest), left(next)]).toEqual([3, 2, 3]);
  expect(greedy.map(({ isOpen }) => isOpen)).toEqual([false, false, false, true, true, true]);
});

test('P10 who has most is known, however they come and go', () => {
  const { cap, open, left } = capOf(9, 6);
  const [many, few] = [open('192.0.2.66', 4), open('192.0.2.7', 2)];
  for (const socket of many.slice(0, 3)) socket.destroy();
  expect(cap.strangers).toBe(3);
  const most = open('192.0.2.8', 3);
  const [next] = open('192.0.2.9', 1);
  expect([many[3]?.isOpen, few.map(({ isOpen }) => isOpen), next?.isOpen]).toEqual([
    true,
    [true, true],
    true,
  ]);
  expect(most.map(({ isOpen }) => isOpen)).toEqual([false, true, true]);
  for (const socket of few) socket.destroy();
  for (const address of ['192.0.2.10', '192.0.2.11', '192.0.2.12']) open(address, 1);
  expect(cap.strangers).toBe(6);
  expect([many[3]?.isOpen, left(most)]).toEqual([true, 1]);
});

test('P10 each connection costs as much, from however many networks they come', () => {
  const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  const spentMs = (networks: number): number => {
    const { open } = capOf(9, networks);
    for (let n = 0; n < networks; n += 1) open(address(n), 1);
    let leastMs = Number.POSITIVE_INFINITY;
    // The shortest of several rounds: in the others this process had to wait for the machine or its own memory.
    for (let round = 0; round < 10; round += 1) {
      const began = performance.now();
      for (let n = 0; n < 200; n += 1) open(address(networks + round * 200 + n), 1);
      leastMs = Math.min(leastMs, performance.now() - began);
    }
    return leastMs;
  };
  spentMs(100);
  // Walking through all of them would be hundreds of times as long.
  expect(spentMs(50_000)).toBeLessThan(20 * spentMs(100) + 5);
});

test('P10 a trusted proxy may have as many as it needs', () => {
  const { cap, open, left } = capOf(2, 4);
  expect(left(open('10.0.0.1', 50))).toBe(50);
  expect(cap.strangers).toBe(0);
});
