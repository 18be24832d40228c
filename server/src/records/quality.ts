// What devices measure of their calls' sound, taken only from a device that is in the call. Before the record is
// written the newest report counts; after that one more is appended to it, for the one that a hang-up overtook.
import { limits, type QualityReport, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import { refuseEnded, roleOf } from '../calls/room.ts';
import { deviceEndpoint } from '../pbx/credentials.ts';
import type { ExchangeTail } from '../pbx/exchange-call.ts';
import type { Clock } from '../platform/clock.ts';
import type { Storage } from '../storage/port.ts';
import { legQualityKey, qualityKey } from './quality-keys.ts';
import type { CallEntry, Entry, Quality, Side } from './record.ts';
import type { Recorder } from './recorder.ts';

export interface RatingsOptions {
  readonly storage: Pick<Storage, 'records' | 'calls'>;
  readonly clock: Clock;
  readonly recorder: Pick<Recorder, 'inTurn' | 'append'>;
  readonly tail?: () => Pick<ExchangeTail, 'hasLeg' | 'poll'> | undefined;
}

export interface Ratings {
  /** `NOT_FOUND` from a device that is not in the call, `CALL_ENDED` long after it. */
  rate(caller: Caller, callId: string, report: QualityReport): Promise<{ ok: true } | Refusal>;
  /** Records are written: whose late report goes where. */
  noteWritten(entry: Entry): void;
}

/** Stands for the id of a call that the hub has not placed. */
const UNPLACED = 'sip';
/** However many devices report, the exchange's file is read no more often on their account. */
const LOOK_MS = 1_000;
const done = { ok: true } as const;

export function createRatings({ storage, clock, recorder, tail }: RatingsOptions): Ratings {
  const { records, calls } = storage;
  /** Legs of telephone calls that were recorded within the last minutes. */
  const lately = new Map<
    string,
    { readonly sequence: number; readonly side: Side; readonly endMs: number }
  >();

  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  /** Those who come while the last look is fresh wait for one look together. */
  function look(): Promise<void> {
    looking ??= untilDue().then(() => {
      looking = undefined;
      lookedAtMs = clock.now();
      return tail?.()?.poll();
    });
    return looking;
  }

  function untilDue(): Promise<void> {
    const leftMs = lookedAtMs + LOOK_MS - clock.now();
    return leftMs <= 0 ? Promise.resolve() : new Promise((resolve) => void clock.after(leftMs, resolve));
  }

  function isKnown(caller: Caller, sipCallId: string): boolean {
    const { id } = caller.session;
    const isGoingOn = tail?.()?.hasLeg(deviceEndpoint(id), sipCallId) ?? false;
    return isGoingOn || lately.has(legQualityKey(sipCallId, id));
  }

  async function rateCall(caller: Caller, callId: string, quality: Quality): Promise<{ ok: true } | Refusal> {
    const call = await calls.byId(callId);
    const side = call ? roleOf(call, caller.session.id) : 'stranger';
    if (!call || side === 'stranger') return refuse('NOT_FOUND');
    const { endedAtMs } = call;
    if (endedAtMs !== undefined && clock.now() - endedAtMs > limits.QUALITY_REPORT_MS) {
      return refuseEnded(call);
    }
    const record = await records.byCallId(callId);
    if (record) await amend(record.sequence, side, quality);
    else await records.putQuality(qualityKey(callId, side), quality, clock.now());
    return done;
  }

  async function rateLeg(
    caller: Caller,
    sipCallId: string,
    quality: Quality,
  ): Promise<{ ok: true } | Refusal> {
    const key = legQualityKey(sipCallId, caller.session.id);
    const written = lately.get(key);
    if (written) {
      await amend(written.sequence, written.side, quality);
      return done;
    }
    if (!tail?.()?.hasLeg(deviceEndpoint(caller.session.id), sipCallId)) return refuse('NOT_FOUND');
    await records.putQuality(key, quality, clock.now());
    return done;
  }

  async function amend(sequence: number, side: Side, quality: Quality): Promise<void> {
    const key = `quality:${sequence}:${side}`;
    await recorder.append([{ kind: 'amendment', key, amends: sequence, quality: { [side]: quality } }]);
  }

  function forgetOld(): void {
    const beforeMs = clock.now() - limits.QUALITY_REPORT_MS;
    for (const [key, { endMs }] of lately) if (endMs < beforeMs) lately.delete(key);
  }

  return {
    async rate(caller, callId, { sipCallId, ...quality }) {
      if (callId !== UNPLACED) return recorder.inTurn(() => rateCall(caller, callId, quality));
      if (sipCallId === undefined) return refuse('INVALID_INPUT', { field: 'sipCallId' });
      // The exchange's own file may be a second ahead of what was read of it.
      if (!isKnown(caller, sipCallId)) await look();
      return recorder.inTurn(() => rateLeg(caller, sipCallId, quality));
    },
    noteWritten(entry) {
      if (entry.kind !== 'call' || entry.legs === undefined) return;
      forgetOld();
      for (const [key, side] of legsOf(entry)) {
        lately.set(key, { sequence: entry.sequence, side, endMs: entry.endMs });
      }
    },
  };
}

/** The legs of devices, and on which side they were. */
function legsOf({ legs = [] }: CallEntry): [string, Side][] {
  return legs.flatMap(({ endpoint, sipCallId }, index): [string, Side][] => {
    if (sipCallId === undefined || !endpoint?.startsWith('d-')) return [];
    return [[legQualityKey(sipCallId, `s-${endpoint.slice(2)}`), index === 0 ? 'caller' : 'callee']];
  });
}
