// With the real sip-gate where one is up; a server that never answers stands for one that hangs.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGate, type Gate } from '../../gate/gate.ts';
import { createManualClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import { type GateHealth, watchGate } from './gate-health.ts';

const SECRET = 'a secret of thirty-two characters or more';
let clock: ReturnType<typeof createManualClock>;
let gate: Gate | undefined;
let health: GateHealth | undefined;
let hanging: Server | undefined;
let changes: boolean[];

beforeEach(() => {
  clock = createManualClock();
  changes = [];
});
afterEach(async () => {
  health?.close();
  await gate?.close();
  gate = undefined;
  hanging?.close();
  hanging?.closeAllConnections();
  hanging = undefined;
});

const openGate = (port = 0): Promise<Gate> =>
  createGate({ asteriskUrl: 'ws://127.0.0.1:9/ws', secret: SECRET, port });

function watch(port: number): GateHealth {
  const watching = watchGate({
    url: `http://127.0.0.1:${port}`,
    clock,
    logger: silentLogger,
    onChange: () => changes.push(watching.isUp),
  });
  health = watching;
  return watching;
}

/** Moves the clock until the watch has seen that, or the test's own deadline ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    clock.advance(3_000);
  }
}

test('a gate that dies is noticed, and so is one that comes back', async () => {
  gate = await openGate();
  const { port } = gate;
  const watching = watch(port);
  await gate.close();
  await until(() => !watching.isUp);
  gate = await openGate(port);
  await until(() => watching.isUp);
  expect(changes).toEqual([false, true]);
});

test('a gate that hangs is down at its second silence, not at its first', async () => {
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  hanging = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const watching = watch((server.address() as AddressInfo).port);
  await until(() => !watching.isUp);
  expect(asked).toBe(2);
});

test('without an address to ask at, the gate is taken to be up', () => {
  const watching = watchGate({ url: undefined, clock, logger: silentLogger, onChange: () => {} });
  expect(watching.isUp).toBe(true);
});
