// What devices measure of their calls' sound, taken only from a device that is in the call. Before the record is
// written the newest report counts; after that one more is appended to it, for the one that a hang-up overtook. Records
// are found in storage: a restart of the hub between a call and its last report loses nothing.
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
/** Of a person's newest records: one that ended within minutes is among them. */
const LOOKED_THROUGH = 20;
const done = { ok: true } as const;

/** A leg of a telephone call whose record is written. */
interface WrittenLeg {
  /** As its measures are kept. */
  readonly key: string;
  readonly sequence: number;
  readonly side: Side;
  readonly endMs: number;
}

interface SoughtLeg {
  /** The exchange has it now. */
  readonly isThere: () => boolean;
  /** Where its record may be. */
  readonly among: () => Promise<readonly Entry<CallEntry>[]>;
  /** It is theirs, whether a record has it or not. */
  readonly isOwn?: true;
}

export function createRatings({ storage, clock, recorder, tail }: RatingsOptions): Ratings {
  const { records, calls } = storage;
  /** Legs of telephone calls that were recorded within the last minutes. */
  const lately = new Map<string, WrittenLeg>();

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

  /** One that goes on needs no look into storage, and none that was recorded by this hub. */
  async function writtenLeg(key: string, { isThere, among }: SoughtLeg): Promise<WrittenLeg | undefined> {
    const known = lately.get(key);
    if (known || isThere()) return known;
    const sinceMs = clock.now() - limits.QUALITY_REPORT_MS;
    const ended = (await among()).filter(({ endMs }) => endMs >= sinceMs);
    return ended.flatMap(legsOf).find((leg) => leg.key === key);
  }

  async function rateLeg(key: string, quality: Quality, sought: SoughtLeg) {
    const written = await writtenLeg(key, sought);
    if (written) await amend(written.sequence, written.side, quality);
    else if (sought.isThere() || sought.isOwn) await records.putQuality(key, quality, clock.now());
    else return refuse('NOT_FOUND');
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
      const { session, person } = caller;
      const isThere = () => tail?.()?.hasLeg(deviceEndpoint(session.id), sipCallId) ?? false;
      const among = () => records.ofPerson(person.id, { limit: LOOKED_THROUGH });
      return recorder.inTurn(() =>
        rateLeg(legQualityKey(sipCallId, session.id), quality, { isThere, among }),
      );
    },
    async rateVisit(visitId, { sipCallId, ...quality }) {
      if (sipCallId === undefined) return refuse('INVALID_INPUT', { field: 'sipCallId' });
      // Whose call it is, the visit's key has shown; the record of another call asks for another key.
      return recorder.inTurn(() =>
        rateLeg(legQualityKey(sipCallId, visitId), quality, {
          ...{ isThere: () => false, isOwn: true },
          among: () => records.ofVisit(visitId),
        }),
      );
    },
    noteWritten(entry) {
      if (entry.kind !== 'call' || entry.legs === undefined) return;
      forgetOld();
      for (const leg of legsOf(entry)) lately.set(leg.key, leg);
    },
  };
}

/** The legs of devices and of a visitor, and on which side they were. */
function legsOf({ legs = [], visitId, sequence, endMs }: Entry<CallEntry>): WrittenLeg[] {
  return legs.flatMap(({ endpoint = '', sipCallId }, index): WrittenLeg[] => {
    const owner = index === 0 && visitId !== undefined ? visitId : sessionOf(endpoint);
    if (sipCallId === undefined || owner === undefined) return [];
    const side = index === 0 ? 'caller' : 'callee';
    return [{ key: legQualityKey(sipCallId, owner), sequence, side, endMs }];
  });
}
