// Signals per second between the two devices of a room through the hub, against Socket.IO alone. Hub and floor are a
// process each, the same clients drive both, rounds alternate; the offer has the size of a real one.

import { randomBytes } from 'node:crypto';
import { limits } from '@ringtag/server/protocol';
import { type BenchChild, startBenchChild } from './child.ts';
import { type Finding, median } from './row.ts';
import { PAGE_ORIGIN, startSignedInHub } from './signed-in-hub.ts';
import { Wire } from './wire.ts';

const ROUNDS = 24;
const MESSAGES = 2_500;
/** Enough that the server is never idle, few enough that nothing piles up. */
const IN_FLIGHT = 256;
const SDP_CHARS = 1_500;
const ROUND_MS = 30_000;

interface Pair {
  readonly child: BenchChild;
  readonly sender: Wire;
  readonly receiver: Wire;
  /** The event without its number, ready to be put on the wire. */
  readonly event: string;
}

interface Round {
  readonly perSecond: number;
  /** CPU of the server's process, µs a message. */
  readonly cpuUs: number;
}

export async function measureRelay(): Promise<Finding[]> {
  const hub = await startSignedInHub(2);
  const floor = await startBenchChild('bare-relay.mjs').catch(async (error: unknown) => {
    await hub.stop();
    throw error;
  });
  const pairs: Pair[] = [];
  try {
    pairs.push(await hubPair(hub), await floorPair(floor));
    const rounds = await alternate(pairs as [Pair, Pair]);
    return [finding(rounds)];
  } finally {
    for (const { sender, receiver } of pairs) {
      sender.close();
      receiver.close();
    }
    await Promise.all([hub.stop(), floor.stop()]);
  }
}

async function hubPair(hub: Awaited<ReturnType<typeof startSignedInHub>>): Promise<Pair> {
  const { child, bearers, personIds } = hub;
  const open = (bearer = '') =>
    Wire.open({ port: child.port, origin: PAGE_ORIGIN, auth: { bearer, protocol: limits.PROTOCOL_VERSION } });
  const [sender, receiver] = [await open(bearers[0]), await open(bearers[1])];
  const order = {
    requestId: randomBytes(16).toString('hex'),
    to: { personId: personIds[1] },
    media: 'audio',
  };
  const { callId } = (await hub.post('/api/calls', bearers[0] ?? '', order)) as { callId: string };
  await hub.post(`/api/calls/${callId}/accept`, bearers[1] ?? '');
  return { child, sender, receiver, event: signalEvent(callId) };
}

async function floorPair(child: BenchChild): Promise<Pair> {
  const open = () => Wire.open({ port: child.port, origin: PAGE_ORIGIN, auth: { pair: 'bench' } });
  return { child, sender: await open(), receiver: await open(), event: signalEvent('c-0123456789abcdef') };
}

function signalEvent(callId: string): string {
  const sdp = `v=0\r\n${'a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host\r\n'.repeat(40)}`;
  const signal = { kind: 'description', type: 'offer', sdp: sdp.slice(0, SDP_CHARS) };
  return JSON.stringify(['room:signal', { callId, envelopes: [{ seq: 1, signal }] }]);
}

/** One unmeasured round each, then hub and floor in turn, the first of each pair of rounds changing. */
async function alternate([hub, floor]: [Pair, Pair]): Promise<{ hub: Round[]; floor: Round[] }> {
  const rounds = { hub: [] as Round[], floor: [] as Round[] };
  await drive(hub);
  await drive(floor);
  for (let index = 0; index < ROUNDS; index += 1) {
    if (index % 2 === 0) rounds.hub.push(await drive(hub));
    rounds.floor.push(await drive(floor));
    if (index % 2 === 1) rounds.hub.push(await drive(hub));
  }
  return rounds;
}

async function drive({ child, sender, receiver, event }: Pair): Promise<Round> {
  const before = await child.usage('collect');
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    let acknowledged = 0;
    let received = 0;
    const timer = setTimeout(() => reject(new Error('The relay stalled')), ROUND_MS);
    const next = () => {
      if (sent === MESSAGES) return;
      sent += 1;
      sender.send(`42${sent}${event}`);
    };
    const settle = () => {
      if (received < MESSAGES || acknowledged < MESSAGES) return;
      clearTimeout(timer);
      resolve();
    };
    sender.onAck = () => {
      acknowledged += 1;
      next();
      settle();
    };
    receiver.onEvent = () => {
      received += 1;
      settle();
    };
    sender.onGone = () => reject(new Error('The server closed the connection'));
    for (let index = 0; index < IN_FLIGHT; index += 1) next();
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await child.usage();
  return { perSecond: MESSAGES / seconds, cpuUs: (after.cpuUs - before.cpuUs) / MESSAGES };
}

function finding({ hub, floor }: { hub: Round[]; floor: Round[] }): Finding {
  const ratio = median(hub.map((round, index) => round.perSecond / (floor[index]?.perSecond ?? Number.NaN)));
  const rate = (rounds: Round[]) => Math.round(median(rounds.map((round) => round.perSecond)));
  const cpu = (rounds: Round[]) => median(rounds.map((round) => round.cpuUs));
  return {
    row: { id: 'relay-ratio', value: ratio, unit: 'ratio', n: ROUNDS, ratio },
    notes: [
      `1.5 kB offers, each acknowledged: hub ${rate(hub)}/s, Socket.IO alone ${rate(floor)}/s (medians of rounds of ${MESSAGES})`,
      `CPU a message: hub ${cpu(hub).toFixed(1)} µs, Socket.IO alone ${cpu(floor).toFixed(1)} µs; by CPU the ratio is ${(cpu(floor) / cpu(hub)).toFixed(2)}`,
    ],
  };
}
