import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { takenSentence } from './main.ts';
import { freeBasePort, portsFrom, takenPorts } from './ports.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function occupy(port: number, host: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve());
  });
}

test('a port that another program has is named, with what to do', async () => {
  const base = await freeBasePort();
  await occupy(base + 2, '127.0.0.1');
  const taken = await takenPorts(portsFrom(base));
  expect(taken).toEqual([base + 2]);
  expect(takenSentence(taken, base)).toBe(
    `Port ${base + 2} is in use by another program. Stop it, or choose another range: npm run demo -- --port ${base + 100}`,
  );
});

test('somebody on ::1 counts too, because browsers go there first', async (context) => {
  const base = await freeBasePort();
  await occupy(base + 4, '::1').catch(() => context.skip('this machine has no IPv6 loopback'));
  expect(await takenPorts(portsFrom(base))).toEqual([base + 4]);
});

test('a free range is free', async () => {
  expect(await takenPorts(portsFrom(await freeBasePort()))).toEqual([]);
});
