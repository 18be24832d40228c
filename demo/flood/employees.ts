// Employees who go on calling each other while the public side is flooded: pairs of signed-in devices on the wire. What
// is measured is what they feel: from the request for a call to the event at the other's device.
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { limits } from '@ringtag/server/protocol';
import { Wire } from '../bench/wire.ts';
import { pause } from './pause.ts';

export interface Employee {
  readonly personId: string;
  readonly bearer: string;
}

export interface EmployeesOptions {
  readonly hubPort: number;
  readonly origin: string;
  /** Pairs: the first calls the second. */
  readonly pairs: readonly (readonly [Employee, Employee])[];
}

export interface Ringing {
  readonly ringMs: readonly number[];
  /** Calls that did not ring in time, or were refused. */
  readonly failures: readonly string[];
}

export interface Employees {
  /** Calls again and again until `signal` aborts. */
  call(signal: AbortSignal): Promise<Ringing>;
  /** Sockets that were lost since the beginning. */
  readonly lost: number;
  close(): void;
}

/** Each pair's calls come at this pace, out of step with the others. */
const EVERY_MS = 1_000;
const RINGS_WITHIN_MS = 10_000;

interface Pair {
  readonly from: Employee;
  readonly to: Employee;
  /** Of the first and the second; one that was cut is opened again before the next call. */
  readonly wires: [Wire | undefined, Wire | undefined];
}

export async function openEmployees({ hubPort, origin, pairs }: EmployeesOptions): Promise<Employees> {
  let lost = 0;
  const open = (bearer: string): Promise<Wire> => {
    const auth = { bearer, protocol: limits.PROTOCOL_VERSION };
    const late = pause(RINGS_WITHIN_MS).then(() => {
      throw new Error('no socket could be had');
    });
    return Promise.race([Wire.open({ port: hubPort, origin, auth }), late]);
  };
  const wireOf = async ({ from, to, wires }: Pair, side: 0 | 1): Promise<Wire> => {
    const { bearer } = side === 0 ? from : to;
    const wire = wires[side] ?? (await open(bearer));
    wires[side] = wire;
    wire.onGone = () => {
      wires[side] = undefined;
      lost += 1;
    };
    return wire;
  };
  const all: Pair[] = pairs.map(([from, to]) => ({ from, to, wires: [undefined, undefined] }));
  for (const pair of all) for (const side of [0, 1] as const) await wireOf(pair, side);

  async function post(path: string, bearer: string, body: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`http://127.0.0.1:${hubPort}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${bearer}`, Origin: origin, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(RINGS_WITHIN_MS),
    });
    const said = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${path.split('/').at(-1)} was answered ${answer.status} ${said.code}`);
    return said;
  }

  async function callOnce(pair: Pair, isAnew: boolean): Promise<number> {
    const { from, to } = pair;
    if (isAnew) {
      pair.wires[0]?.close();
      pair.wires[0] = undefined;
    }
    await wireOf(pair, 0);
    const wire = await wireOf(pair, 1);
    const rings = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('it did not ring')), RINGS_WITHIN_MS);
      wire.onEvent = (text) => {
        if (!text.startsWith('42["call:ringing"')) return;
        clearTimeout(timer);
        resolve(performance.now());
      };
    });
    rings.catch(() => {});
    const order = {
      requestId: randomBytes(16).toString('hex'),
      to: { personId: to.personId },
      media: 'audio',
    };
    const clickedAt = performance.now();
    const { callId } = await post('/api/calls', from.bearer, order);
    try {
      return (await rings) - clickedAt;
    } finally {
      await post(`/api/calls/${String(callId)}/end`, from.bearer, {});
    }
  }

  async function callOn(pair: Pair, index: number, { signal, heard }: Round): Promise<void> {
    await pause((EVERY_MS * index) / all.length, signal);
    while (!signal.aborted) {
      const startedAt = performance.now();
      // One of them loads the page anew before each call.
      await callOnce(pair, index === 0).then(
        (ms) => heard.ringMs.push(ms),
        (error: unknown) => heard.failures.push(error instanceof Error ? error.message : String(error)),
      );
      await pause(EVERY_MS - (performance.now() - startedAt), signal);
    }
  }

  return {
    async call(signal) {
      setMaxListeners(0, signal);
      const heard = { ringMs: [] as number[], failures: [] as string[] };
      await Promise.all(all.map((pair, index) => callOn(pair, index, { signal, heard })));
      return heard;
    },
    get lost() {
      return lost;
    },
    close() {
      for (const { wires } of all) for (const wire of wires) wire?.close();
    },
  };
}

interface Round {
  readonly signal: AbortSignal;
  readonly heard: { readonly ringMs: number[]; readonly failures: string[] };
}
