// Memory of the hub's process for a device that is connected and does nothing, against Socket.IO alone. The slope
// between two numbers of devices is taken, so that what a process needs anyway does not count.
import { limits } from '@ringtag/server/protocol';
import { type BenchChild, startBenchChild, type Usage } from './child.ts';
import type { Finding } from './row.ts';
import { PAGE_ORIGIN, startSignedInHub } from './signed-in-hub.ts';
import { Wire } from './wire.ts';

/** Connected before the first look: pools and caches have their size then. */
const FIRST = 1_000;
const COUNTED = 2_000;
const AT_ONCE = 50;
/** What a handshake leaves behind (timers, closed requests) is gone after this long. */
const SETTLE_MS = 6_000;

const MEMORY = { smallYoungGeneration: true } as const;

type Auth = (index: number) => Readonly<Record<string, unknown>>;

export async function measureIdle(): Promise<Finding[]> {
  const hub = await startSignedInHub(FIRST + COUNTED, MEMORY);
  const hubSlope = await slope(hub.child, (index) => ({
    bearer: hub.bearers[index],
    protocol: limits.PROTOCOL_VERSION,
  })).finally(() => hub.stop());
  const bare = await startBenchChild('bare-relay.mjs', MEMORY);
  const bareSlope = await slope(bare, () => ({})).finally(() => bare.stop());
  return [
    {
      row: {
        id: 'idle-device-bytes',
        value: Math.round(hubSlope.rss),
        unit: 'bytes',
        n: COUNTED,
        floor: Math.round(bareSlope.rss),
        ratio: hubSlope.rss / bareSlope.rss,
      },
      notes: [
        `resident memory; of it V8's heap: hub ${Math.round(hubSlope.heap)} bytes, Socket.IO alone ${Math.round(bareSlope.heap)} bytes`,
      ],
    },
  ];
}

async function slope(child: BenchChild, auth: Auth): Promise<{ rss: number; heap: number }> {
  const wires: Wire[] = [];
  try {
    await connect(child, wires, { upTo: FIRST, auth });
    const before = await settledUsage(child);
    await connect(child, wires, { upTo: FIRST + COUNTED, auth });
    const after = await settledUsage(child);
    return {
      rss: (after.rssBytes - before.rssBytes) / COUNTED,
      heap: (after.heapBytes - before.heapBytes) / COUNTED,
    };
  } finally {
    for (const wire of wires) wire.close();
  }
}

async function settledUsage(child: BenchChild): Promise<Usage> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return child.usage('collect');
}

async function connect(
  { port }: BenchChild,
  wires: Wire[],
  { upTo, auth }: { upTo: number; auth: Auth },
): Promise<void> {
  while (wires.length < upTo) {
    const from = wires.length;
    const batch = Array.from({ length: Math.min(AT_ONCE, upTo - from) }, (_, index) =>
      Wire.open({ port, origin: PAGE_ORIGIN, auth: auth(from + index) }),
    );
    wires.push(...(await Promise.all(batch)));
  }
}
