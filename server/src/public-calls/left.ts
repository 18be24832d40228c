// What visitors leave where nobody could be called: a text, a voice, the wish to be called back. Kept until somebody who
// answers the destination marks it done, and a week more (P15).
import { type Destination, type LeftMessage, limits, type Refusal, refuse } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import { leftView } from './agent-view.ts';
import type { Answerers } from './answerers.ts';
import { cleanText } from './context.ts';
import { offersOf } from './destination-card.ts';
import type { Destinations } from './ports.ts';
import type { VisitRecord } from './visit.ts';
import type { VisitRefusal } from './visit-begin.ts';
import { inTurn, type LiveVisit } from './visit-live.ts';
import type { LeftRecord, LeftStore } from './visit-store.ts';
import { offersAfter } from './visit-view.ts';
import { visitorText } from './visitor-text.ts';
import { voiceType } from './voice.ts';

export interface LeftServiceOptions {
  readonly left: LeftStore;
  readonly destinations: Destinations;
  readonly answerers: Pick<Answerers, 'destinationsOf'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Those who answer are to see it as it is now. */
  readonly onLeft: (record: LeftRecord) => void;
}

/** What the page gives of it. */
export type Leaving = Pick<LeftRecord, 'kind' | 'name' | 'reach' | 'text'>;
type Left = { readonly ok: true; readonly leftId: string } | VisitRefusal;

type Changed = { readonly ok: true; readonly left: LeftMessage } | Refusal;

export interface LeftService {
  leave(visit: LiveVisit, request: Leaving): Promise<Left>;
  /** Belongs to the newest voice message of the visit that has no sound yet, or is one of its own. */
  putVoice(visit: LiveVisit, voice: { sound: Uint8Array; lengthMs: number }): Promise<Left>;
  list(person: PersonRecord): Promise<LeftMessage[]>;
  setDone(person: PersonRecord, leftId: string, done: boolean): Promise<Changed>;
  /** This person calls back now. */
  setCalled(person: PersonRecord, leftId: string): Promise<Changed>;
  voice(
    person: PersonRecord,
    leftId: string,
  ): Promise<{ ok: true; sound: Uint8Array; type: string } | Refusal>;
}

/** What is done is listed as far as there is room beside all that waits. */
const DONE_LISTED = 200;
/** With `+` or without, as people write them. */
const NUMBER = /^\+?\d[\d ().-]{3,30}$/;
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/;

export function createLeftService(options: LeftServiceOptions): LeftService {
  const { left, destinations, answerers, clock, ids } = options;
  const view = (record: LeftRecord) => leftView(record, { destinations, nowMs: clock.now() });

  /** Why the destination has no room for one more, and what it still has room for. */
  async function crowded(
    destination: Destination,
    wish: LeftRecord['kind'] | 'sound',
  ): Promise<VisitRefusal | undefined> {
    const { open, voices } = await left.kept(destination.id);
    const isFull = open >= limits.LEFT_OPEN;
    const hasSound = voices < limits.VOICES_PER_DESTINATION && (await left.voices()) < limits.VOICES_KEPT;
    // A sound goes with what is counted already.
    const isRoom = (wish === 'sound' || !isFull) && (hasSound || !['voice', 'sound'].includes(wish));
    if (isRoom) return undefined;
    const offers = offersAfter(destinations, { destination, nowMs: clock.now() });
    const none = isFull ? { message: false, callback: false } : {};
    return { ...refuse('CONFLICT', { state: 'full' }), offers: { ...offers, voice: false, ...none } };
  }

  async function create(record: VisitRecord, request: Leaving): Promise<LeftRecord | VisitRefusal> {
    const { id: visitId, destinationId, intent, context } = record;
    const destination = destinations.byId(destinationId);
    if (!destination) return refuse('NOT_FOUND');
    if (!isTaken(destination, request.kind)) return refuse('CONFLICT', { state: 'not-offered' });
    if ((await left.ofVisit(visitId)).length >= limits.LEFT_PER_VISIT)
      return refuse('CONFLICT', { state: 'full' });
    const refused = await crowded(destination, request.kind);
    if (refused) return refused;
    const made = { id: ids.next('l'), visitId, destinationId, intent, ...request, context };
    const kept: LeftRecord = { ...made, createdAtMs: clock.now() };
    await left.create(kept);
    return kept;
  }

  async function find(person: PersonRecord, leftId: string): Promise<LeftRecord | undefined> {
    const record = await left.byId(leftId);
    return record && answerers.destinationsOf(person).includes(record.destinationId) ? record : undefined;
  }

  /** All who answer there see it at once. */
  async function changed(
    person: PersonRecord,
    leftId: string,
    change: () => Promise<LeftRecord | undefined>,
  ): Promise<Changed> {
    const record = (await find(person, leftId)) && (await change());
    if (!record) return refuse('NOT_FOUND');
    options.onLeft(record);
    return { ok: true, left: view(record) };
  }

  async function putVoice(
    visit: LiveVisit,
    { sound, lengthMs }: { sound: Uint8Array; lengthMs: number },
  ): Promise<Left> {
    const type = voiceType(sound);
    if (type === undefined) return refuse('INVALID_INPUT', { field: 'body' });
    const before = await left.ofVisit(visit.record.id);
    const waiting = before.find(({ kind, voice }) => kind === 'voice' && !voice);
    const destination = destinations.byId(visit.record.destinationId);
    // What strangers leave must not fill the disk of everybody's call records.
    const refused = waiting && destination && (await crowded(destination, 'sound'));
    if (refused) return refused;
    const record = waiting ?? (await create(visit.record, { kind: 'voice', name: '', reach: '', text: '' }));
    if ('ok' in record) return record;
    const kept = await left.putVoice(record.id, { type, lengthMs }, sound);
    if (!kept) return refuse('CONFLICT', { state: 'voice' });
    options.onLeft(kept);
    return { ok: true, leftId: kept.id };
  }

  return {
    async leave(visit, { text, name, reach, ...said }) {
      const request = { ...said, text: visitorText(text), name: cleanText(name), reach: cleanText(reach) };
      const field = missing(request);
      if (field !== undefined) return refuse('INVALID_INPUT', { field });
      return inTurn(visit, async () => {
        const record = await create(visit.record, request);
        if ('ok' in record) return record;
        // One whose sound is still to come is shown with it.
        if (record.kind !== 'voice') options.onLeft(record);
        return { ok: true, leftId: record.id };
      });
    },
    putVoice: (visit, voice) => inTurn(visit, () => putVoice(visit, voice)),
    async list(person) {
      const answers = answerers.destinationsOf(person);
      if (answers.length === 0) return [];
      const all = await left.of(answers, answers.length * limits.LEFT_OPEN + DONE_LISTED);
      return all.sort((a, b) => b.createdAtMs - a.createdAtMs).map(view);
    },
    setDone: (person, leftId, done) =>
      changed(person, leftId, () => left.setDone(leftId, done ? clock.now() : undefined)),
    setCalled: (person, leftId) =>
      changed(person, leftId, () =>
        left.setCalled(leftId, { personId: person.id, name: person.name, atMs: clock.now() }),
      ),
    async voice(person, leftId) {
      const record = await find(person, leftId);
      const sound = record?.voice && (await left.voice(leftId));
      return record?.voice && sound ? { ok: true, sound, type: record.voice.type } : refuse('NOT_FOUND');
    },
  };
}

/** The operator takes such messages in some state of the destination. */
function isTaken(
  destination: NonNullable<ReturnType<Destinations['byId']>>,
  kind: LeftRecord['kind'],
): boolean {
  return (['closed', 'busy', 'unanswered'] as const).some((state) => {
    const { message, callback } = offersOf(destination, state);
    return kind === 'callback' ? callback : message;
  });
}

/** The first field without which it is worth nothing, or that is not what it should be. */
function missing({ kind, reach, text }: Leaving): string | undefined {
  if (kind === 'callback' && !NUMBER.test(reach)) return 'reach';
  if (reach !== '' && !NUMBER.test(reach) && !EMAIL.test(reach)) return 'reach';
  return kind === 'message' && text === '' ? 'text' : undefined;
}
