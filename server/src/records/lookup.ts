// What a record needs to know beside the call itself: who the people were, whose endpoint a channel was, which call of
// the hub's it is, and what was measured.
import type { CallRecord } from '../calls/call.ts';
import { sessionOf } from '../pbx/credentials.ts';
import type { ExchangeCall, ExchangeLeg } from '../pbx/exchange-call.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Storage } from '../storage/port.ts';
import type { ExchangeKnows } from './exchange-entry.ts';
import { legQualityKey, qualityKey } from './quality-keys.ts';
import type { HubKnows } from './room-entry.ts';

export type LookupStorage = Pick<Storage, 'records' | 'calls' | 'people' | 'sessions' | 'pbx' | 'visits'>;

export interface Lookup {
  ofCall(call: CallRecord): Promise<HubKnows>;
  /** `taken`: calls of the hub's that others of the same batch are. */
  ofExchange(call: ExchangeCall, taken: ReadonlySet<string>): Promise<ExchangeKnows>;
}

/** Between a person's click and the INVITE: the browser may ask for the microphone first. */
const CLICK_TO_INVITE_MS = 60_000;
/** By how much two clocks may differ. */
const SKEW_MS = 5_000;
/** Telephone calls that are looked through for the one that was dialled. */
const CANDIDATES = 200;

export function createLookup(storage: LookupStorage): Lookup {
  const { records, calls, people, sessions, pbx, visits } = storage;

  async function ownersOf(legs: readonly ExchangeLeg[]): Promise<Map<string, PersonRecord>> {
    const endpoints = [...new Set(legs.flatMap(({ endpoint }) => endpoint ?? []))];
    const ids = await Promise.all(endpoints.map(personIdOf));
    const found = await people.byIds([...new Set(ids.flatMap((id) => id ?? []))]);
    const owners = new Map<string, PersonRecord>();
    for (const [index, endpoint] of endpoints.entries()) {
      const owner = found.find(({ id }) => id === ids[index]);
      if (owner) owners.set(endpoint, owner);
    }
    return owners;
  }

  /** Sessions are remembered after their end, their endpoints are not. */
  async function personIdOf(endpoint: string): Promise<string | undefined> {
    const sessionId = sessionOf(endpoint);
    if (sessionId !== undefined) return (await sessions.byId(sessionId))?.personId;
    return (await pbx.byEndpoint(endpoint))?.personId;
  }

  async function dialledPerson({ dialled = '' }: ExchangeCall): Promise<PersonRecord | undefined> {
    const number = dialled.replace(/^desk-/, '');
    if (number === '') return undefined;
    const [person, another] = await people.byNumbers([number]);
    return another ? undefined : person;
  }

  /** What a browser claims counts only for a call that its own person placed to that number about then. */
  async function placedCall(
    call: ExchangeCall,
    callerId: string | undefined,
    taken: ReadonlySet<string>,
  ): Promise<CallRecord | undefined> {
    const sessionId = sessionOf(call.legs[0]?.endpoint ?? '');
    if (sessionId === undefined || callerId === undefined) return undefined;
    const fits = (placed: CallRecord): boolean => {
      const leadMs = call.startMs - placed.createdAtMs;
      const isThen = leadMs >= -SKEW_MS && leadMs <= CLICK_TO_INVITE_MS;
      const isThere = placed.dial === call.dialled && placed.callerId === callerId;
      return placed.via === 'pbx' && isThen && isThere && !taken.has(placed.id);
    };
    const claimed = call.claimedCallId === undefined ? undefined : await calls.byId(call.claimedCallId);
    if (claimed && fits(claimed) && !(await isTaken(claimed.id, call))) return claimed;
    const all = [...(await calls.placed()), ...(await records.unrecorded('pbx', CANDIDATES))];
    const own = all.filter((placed) => placed.callerSessionId === sessionId && fits(placed));
    own.sort((a, b) => b.createdAtMs - a.createdAtMs);
    for (const candidate of own) if (!(await isTaken(candidate.id, call))) return candidate;
    return undefined;
  }

  /** Each call of the hub's is one at the exchange. */
  async function isTaken(callId: string, { linkedId }: ExchangeCall): Promise<boolean> {
    const entry = await records.byCallId(callId);
    if (!entry || entry.key === `pbx:${linkedId}`) return false;
    if (entry.key.startsWith('pbx:')) return true;
    return (await records.amendmentsTo(entry.sequence)).some(
      ({ key }) => key.startsWith('pbx:') && key !== `pbx:${linkedId}`,
    );
  }

  async function qualitiesOf({ legs, visitId }: ExchangeCall, placed: CallRecord | undefined) {
    const keys = legs.map(({ endpoint, sipCallId }, index): string => {
      if (index === 0 && placed) return qualityKey(placed.id, 'caller');
      const owner = index === 0 && visitId !== undefined ? visitId : sessionOf(endpoint ?? '');
      return owner && sipCallId ? legQualityKey(sipCallId, owner) : '';
    });
    const found = await records.qualities(keys.filter((key) => key !== ''));
    return new Map(
      legs.flatMap(({ uniqueId }, index) => {
        const quality = found.get(keys[index] ?? '');
        return quality ? [[uniqueId, quality] as const] : [];
      }),
    );
  }

  return {
    async ofCall(call) {
      const { id, callerId, calleeId } = call;
      const sides = { caller: qualityKey(id, 'caller'), callee: qualityKey(id, 'callee') };
      const [known, measured] = await Promise.all([
        people.byIds(calleeId === undefined ? [callerId] : [callerId, calleeId]),
        records.qualities(Object.values(sides)),
      ]);
      const [caller, callee] = [measured.get(sides.caller), measured.get(sides.callee)];
      return {
        people: known,
        quality: { ...(caller ? { caller } : {}), ...(callee ? { callee } : {}) },
      };
    },
    async ofExchange(call, taken) {
      const owners = await ownersOf(call.legs);
      const callerId = owners.get(call.legs[0]?.endpoint ?? '')?.id;
      const placed = await placedCall(call, callerId, taken);
      const isVisit = call.visitId !== undefined;
      const dialled = isVisit ? undefined : await dialledPerson(call);
      const visit = isVisit ? await visits.byId(call.visitId) : undefined;
      return { owners, dialled, placed, visit, qualities: await qualitiesOf(call, placed) };
    },
  };
}
