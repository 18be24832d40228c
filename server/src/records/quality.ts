// What devices measure of their calls' sound, taken only from a device that is in the call. Before the record is
// written the newest report counts; after that one more is appended to it, for the one that a hang-up overtook.
import { limits, type QualityReport, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import { refuseEnded, roleOf } from '../calls/room.ts';
import { deviceEndpoint, sessionOf } from '../pbx/credentials.ts';
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
  /** Of the visitor's side of a call that somebody has answered; `INVALID_INPUT` without its Call-ID. */
  rateVisit(visitId: string, report: QualityReport): Promise<{ ok: true } | Refusal>;
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

  /** `isThere`: whether that leg is known where no record has it. */
  async function rateLeg(key: string, quality: Quality, isThere: () => boolean) {
    const written = lately.get(key);
    if (!written && !isThere()) return refuse('NOT_FOUND');
    if (written) await amend(written.sequence, written.side, quality);
    else await records.putQuality(key, quality, clock.now());
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
      const { id } = caller.session;
      const isThere = () => tail?.()?.hasLeg(deviceEndpoint(id), sipCallId) ?? false;
      return recorder.inTurn(() => rateLeg(legQualityKey(sipCallId, id), quality, isThere));
    },
    async rateVisit(visitId, { sipCallId, ...quality }) {
      if (sipCallId === undefined) return refuse('INVALID_INPUT', { field: 'sipCallId' });
      // Whose call it is, the visit's key has shown; the record of another call asks for another key.
      return recorder.inTurn(() => rateLeg(legQualityKey(sipCallId, visitId), quality, () => true));
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

/** The legs of devices and of a visitor, and on which side they were. */
function legsOf({ legs = [], visitId }: CallEntry): [string, Side][] {
  return legs.flatMap(({ endpoint = '', sipCallId }, index): [string, Side][] => {
    const owner = index === 0 && visitId !== undefined ? visitId : sessionOf(endpoint);
    if (sipCallId === undefined || owner === undefined) return [];
    return [[legQualityKey(sipCallId, owner), index === 0 ? 'caller' : 'callee']];
  });
}
