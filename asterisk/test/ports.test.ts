// Ports that are taken in the moment between their choice and Asterisk's bind: held here, not met by luck.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findAsterisk, startAsterisk } from '../index.mjs';

vi.setConfig({ testTimeout: 120_000 });

/** The choices that are to be spoilt, by their number and kind; those spoilt, with what lets go of each. */
const between = vi.hoisted(() => ({
  spoilTcp: new Set<number>(),
  spoilUdp: new Set<number>(),
  wishedUdp: 0,
  tcpChoices: 0,
  udpChoices: 0,
  taken: [] as { readonly port: number; readonly release: () => void }[],
}));

vi.mock('../lib/ports.mjs', async (load) => {
  const ports = await load<typeof import('../lib/ports.mjs')>();
  return {
    ...ports,
    async freeTcpPort(host: string) {
      const port = await ports.freeTcpPort(host);
      between.tcpChoices += 1;
      if (between.wishedUdp && between.taken.length === 0) await takeUdp(between.wishedUdp, host);
      if (between.spoilTcp.has(between.tcpChoices)) await takeTcp(port, host);
      return port;
    },
    async freeUdpPort(host: string) {
      const port = await ports.freeUdpPort(host);
      between.udpChoices += 1;
      if (between.spoilUdp.has(between.udpChoices)) await takeUdp(port, host);
      return port;
    },
  };
});

async function takeTcp(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  between.taken.push({ port, release: () => server.close() });
}

async function takeUdp(port: number, host: string): Promise<void> {
  const socket = createSocket('udp4').bind(port, host);
  await once(socket, 'listening');
  between.taken.push({ port, release: () => socket.close() });
}

const found = await findAsterisk();
const dirs: string[] = [];
async function freshDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-ports-'));
  dirs.push(dir);
  return dir;
}

afterEach(async () => {
  for (const { release } of between.taken.splice(0)) release();
  between.spoilTcp.clear();
  between.spoilUdp.clear();
  between.wishedUdp = 0;
  between.tcpChoices = 0;
  between.udpChoices = 0;
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

/** In the order of their choice. */
const TCP = { tls: 1, http: 2, ami: 3 };

describe.skipIf(!found)('a port that is taken before Asterisk binds it', () => {
  it.each(['tls', 'http', 'ami'] as const)('is chosen again: %s', async (kind) => {
    between.spoilTcp.add(TCP[kind]);
    const log = vi.fn();
    const asterisk = await startAsterisk({ dir: await freshDir(), log });
    await asterisk.stop();
    const ports = [asterisk.sipTlsPort, Number(new URL(asterisk.ariUrl).port)];
    expect(between.taken).toHaveLength(1);
    expect(ports).not.toContain(between.taken[0]?.port);
    expect(log.mock.calls[0]?.[0]).toMatch(/choosing ports again\.$/);
  });

  it('is chosen again: plain UDP', async () => {
    between.spoilUdp.add(1);
    const asterisk = await startAsterisk({ dir: await freshDir() });
    await asterisk.stop();
    expect(between.taken).toHaveLength(1);
    expect(asterisk.sipUdpPort).not.toBe(between.taken[0]?.port);
  });

  it('ends the third boot with its reason, and leaves no port to the next run', async () => {
    const dir = await freshDir();
    for (const choice of [1, 2, 3]) between.spoilUdp.add(choice);
    await expect(startAsterisk({ dir })).rejects.toThrow(/^Asterisk did not start: .*Address already in use/);
    expect(between.taken).toHaveLength(3);
    const asterisk = await startAsterisk({ dir });
    await asterisk.stop();
    expect(between.taken.map(({ port }) => port)).not.toContain(asterisk.sipUdpPort);
  });

  it('is never replaced where it was wished: it is named', async () => {
    const { freeUdpPort } = await import('../lib/ports.mjs');
    const port = await freeUdpPort('127.0.0.1');
    // It is free when it is looked at, and taken while the next one is chosen.
    between.wishedUdp = port;
    const attempt = startAsterisk({ dir: await freshDir(), sipUdpPort: port });
    await expect(attempt).rejects.toThrow(`Port ${port}/udp on 127.0.0.1 is in use`);
    expect(between.taken).toHaveLength(1);
  });
});
