// A visit as the visitor's page drives it: begun with a ticket, listened to, written in, called from, ended, rated.
// Refusals are values; where it goes on is the conductor's and the queue's business.
import { timingSafeEqual } from 'node:crypto';
import {
  type AnyErrorCode,
  type Destination,
  limits,
  type Offers,
  type QualityReport,
  type RatingRequest,
  type Refusal,
  refuse,
  type VisitCallRequest,
  type VisitGrant,
  type VisitMessage,
  type VisitMessageRequest,
  type VisitRequest,
} from '@ringtag/server/protocol';
import { hashSecret } from '../platform/ids.ts';
import { isLive, type KeptMessage } from './visit.ts';
import { type BeginningOptions, createBeginning, type Done, type VisitRefusal } from './visit-begin.ts';
import { clearTimer, inTurn, type LiveVisit, setTimer, type VisitStream } from './visit-live.ts';
import { offersAfter, snapshotOf, toMessage } from './visit-view.ts';
import { visitorText } from './visitor-text.ts';

export interface VisitService {
  begin(origin: string, request: VisitRequest): Promise<{ ok: true; grant: VisitGrant } | VisitRefusal>;
  /** The visit that this key opens from this origin (P4): `SIGNED_OUT` without a key, `VISIT_ELSEWHERE`, `NOT_FOUND`. */
  admit(
    visitId: string,
    by: { key: string | undefined; origin: string | undefined },
  ): Promise<LiveVisit | Refusal<AnyErrorCode>>;
  /** Where a call that comes now goes on, as the operator wants it; undefined: it stays, or is refused. */
  sendsTo(destination: Destination, isStaffed: boolean): string | undefined;
  /** Counts what a stranger does (P10). */
  attempt(visit: LiveVisit, act: 'visit' | 'message' | 'left' | 'voice'): Promise<Done | VisitRefusal>;
  /** Takes over from an older stream; the snapshot is sent at once. */
  listen(visit: LiveVisit, stream: VisitStream): void;
  /** The stream is gone. */
  unlisten(visit: LiveVisit, stream: VisitStream): void;
  say(
    visit: LiveVisit,
    request: VisitMessageRequest,
  ): Promise<{ ok: true; message: VisitMessage } | VisitRefusal>;
  call(visit: LiveVisit, request: VisitCallRequest): Promise<Done | VisitRefusal>;
  end(visit: LiveVisit, reason: 'hangup' | 'left' | 'failed'): Promise<Done>;
  /** How the call has sounded so far; `CONFLICT` where nobody has answered one. */
  sounded(visit: LiveVisit, report: QualityReport): Promise<Done | VisitRefusal>;
  rate(visit: LiveVisit, rating: RatingRequest): Promise<Done | VisitRefusal>;
}

const done: Done = { ok: true };

export function createVisitService(options: BeginningOptions): VisitService {
  const { destinations, visits, live, conductor, queue, clock } = options;
  const { begin, target } = createBeginning(options);

  function offersNow({ record }: LiveVisit): Offers {
    const { stage, destinationId } = record;
    const end = stage.state === 'ended' ? { end: stage.end } : {};
    const destination = destinations.byId(destinationId);
    const offers = offersAfter(destinations, { destination, ...end, nowMs: clock.now() });
    // What goes on is talked to its end, closing time or not.
    return isLive(record) && destination?.chat ? { ...offers, chat: true } : offers;
  }

  function sendSnapshot(visit: LiveVisit): void {
    const { record, account, isUnanswered, isHeld } = visit;
    const isWaiting = record.stage.state === 'waiting';
    const place = isWaiting ? queue.placeOf(visit) : undefined;
    visit.toldPlace = JSON.stringify(place);
    conductor.send(
      visit,
      snapshotOf({
        ...{ record, isUnanswered, isHeld, nowMs: clock.now(), offers: offersNow(visit) },
        destination: destinations.byId(record.destinationId),
        ...(place === undefined ? {} : { place }),
        ...(account === undefined ? {} : { account }),
      }),
    );
  }

  /** A visit that had ended holds its share of the public again while `task` reopens it, and on if it did. */
  async function holding<T>(
    visit: LiveVisit,
    task: () => Promise<T | VisitRefusal>,
  ): Promise<T | VisitRefusal> {
    const { source, destinationId } = visit.record;
    if (!isLive(visit.record)) {
      const held = await options.capacity.hold({ ...source, destinationId });
      if (!held.ok) return held;
      visit.release = () => held.release();
    }
    try {
      return await task();
    } finally {
      if (!isLive(visit.record)) {
        visit.release();
        visit.release = () => {};
      }
    }
  }

  type Said = { ok: true; message: VisitMessage } | VisitRefusal;

  async function say(visit: LiveVisit, { id, text: written }: VisitMessageRequest): Promise<Said> {
    const text = visitorText(written);
    if (text === '') return refuse('INVALID_INPUT', { field: 'text' });
    const isMine = (message: KeptMessage) => message.id === id && message.from === 'visitor';
    const known = visit.record.messages.find(isMine);
    if (known) return { ok: true, message: toMessage(known, clock.now()) };
    const offers = offersNow(visit);
    if (!offers.chat) return { ...refuse('CONFLICT', { state: 'no-chat' }), offers };
    return holding(visit, async (): Promise<Said> => {
      const message = { id, from: 'visitor' as const, text, atMs: clock.now() };
      const said = await visits.say(visit.record.id, message);
      if (!said || said.kind === 'full') return refuse('CONFLICT', { state: 'full' });
      visit.record = { ...visit.record, messages: said.visit.messages };
      await told(visit, message);
      return { ok: true, message: toMessage(message, clock.now()) };
    });
  }

  async function told(visit: LiveVisit, message: KeptMessage): Promise<void> {
    if (!isLive(visit.record)) {
      await conductor.apply(visit, { kind: 'wrote' });
      sendSnapshot(visit);
    } else {
      conductor.send(visit, { type: 'message', message: toMessage(message, clock.now()) });
      options.onChanged(visit.record);
    }
    if (visit.record.stage.state !== 'open' || visit.isUnanswered || visit.timers.has('chat')) return;
    setTimer(visit, { clock, name: 'chat', delayMs: limits.CHAT_UNANSWERED_MS }, () => {
      visit.isUnanswered = true;
      conductor.send(visit, { type: 'unanswered', offers: offersNow(visit) });
    });
  }

  async function call(visit: LiveVisit, { proof }: VisitCallRequest): Promise<Done | VisitRefusal> {
    const { stage, destinationId } = visit.record;
    if (stage.state !== 'open' && stage.state !== 'ended') return refuse('CONFLICT', { state: stage.state });
    const destination = destinations.byId(destinationId);
    if (!destination) return refuse('NOT_FOUND');
    if (!options.guestLine.available) return refuse('PBX_UNAVAILABLE');
    const { source } = visit.record;
    const chosen = target(destination, 'call', source.network);
    const isBusy = !chosen.ok && chosen.code === 'DESTINATION_BUSY';
    const pressed = await options.attempts.press({ network: source.network, destinationId }, isBusy);
    if (!pressed.ok) return pressed;
    if (!chosen.ok) return chosen;
    const unpaid = await options.toll.ask({ source, destination, proof });
    if (unpaid) {
      const { refusal, ...rest } = unpaid;
      return { ...refusal, ...rest };
    }
    // Asked for anew, it may go on anywhere again.
    const move = { destinationId: chosen.destination.id, before: chosen.before, intent: 'call' as const };
    return holding(visit, async () => {
      await conductor.apply(visit, { kind: 'asked' }, move);
      clearTimer(visit, 'chat');
      visit.isUnanswered = false;
      sendSnapshot(visit);
      return done;
    });
  }

  /** One that ended before this hub was started: its key is still good for what is left of its time. */
  async function recentlyEnded(visitId: string): Promise<LiveVisit | undefined> {
    const record = await visits.byId(visitId);
    if (record?.stage.state !== 'ended') return undefined;
    const leftMs = record.stage.atMs + limits.RATING_MS - clock.now();
    // Another request may have been faster.
    const known = live.get(visitId);
    if (known || leftMs <= 0) return known;
    const visit = live.add(record);
    setTimer(visit, { clock, name: 'stage', delayMs: leftMs }, () => live.remove(visit));
    return visit;
  }

  return {
    begin,
    async admit(visitId, { key, origin }) {
      if (key === undefined) return refuse('SIGNED_OUT');
      const visit = live.get(visitId) ?? (await recentlyEnded(visitId));
      if (!visit) return refuse(options.home.isElsewhere(visitId) ? 'VISIT_ELSEWHERE' : 'NOT_FOUND');
      if (visit.record.source.origin !== origin) return refuse('NOT_FOUND');
      if (!isSame(hashSecret(key), visit.record.keyHash)) return refuse('NOT_FOUND');
      // A page that asks something is not silent, whether it listens or not. In the queue only listening counts: its
      // turn comes to nobody else before.
      if (visit.silentSinceMs !== undefined && visit.record.stage.state !== 'waiting') {
        visit.silentSinceMs = clock.now();
        conductor.watchSilence(visit);
      }
      return visit;
    },
    sendsTo(destination, isStaffed) {
      const chosen = target(destination, 'call');
      if (!chosen.ok) return undefined;
      if (chosen.before.length > 0) return chosen.destination.id;
      return isStaffed ? undefined : destination.unanswered.to;
    },
    attempt: ({ record: { source, destinationId } }, act) =>
      options.attempts.take(act, { origin: source.origin, network: source.network, destinationId }),
    listen(visit, stream) {
      const older = visit.stream;
      visit.stream = stream;
      visit.silentSinceMs = undefined;
      visit.isResumed = false;
      older?.close();
      clearTimer(visit, 'away');
      sendSnapshot(visit);
      if (visit.record.stage.state === 'waiting') queue.settle(conductor);
    },
    unlisten(visit, stream) {
      if (visit.stream !== stream) return;
      visit.stream = undefined;
      visit.silentSinceMs = clock.now();
      if (live.get(visit.record.id) === visit) conductor.watchSilence(visit);
    },
    say: (visit, request) => inTurn(visit, () => say(visit, request)),
    call: (visit, request) => inTurn(visit, () => call(visit, request)),
    end: (visit, reason) =>
      inTurn(visit, async () => {
        await conductor.note(visit, { kind: 'over', end: reason });
        return done;
      }),
    async sounded({ record: { id, stage } }, report) {
      const isAnswered = stage.state === 'talking' || (stage.state === 'ended' && 'talkedMs' in stage);
      if (!isAnswered) return refuse('CONFLICT', { state: stage.state });
      return options.callRecords?.sounded(id, report) ?? done;
    },
    rate: (visit, rating) =>
      inTurn(visit, async () => {
        const { stage, messages } = visit.record;
        if (stage.state !== 'ended') return refuse('CONFLICT', { state: stage.state });
        const isAnswered = 'talkedMs' in stage || messages.some(({ from }) => from === 'agent');
        if (!isAnswered) return refuse('CONFLICT', { state: 'unanswered' });
        const text = visitorText(rating.text ?? '');
        const kept = { stars: rating.stars, ...(text === '' ? {} : { text }) };
        const isRated = await visits.rate(visit.record.id, kept);
        if (!isRated) return refuse('CONFLICT', { state: 'rated' });
        visit.record = { ...visit.record, rating: kept };
        options.callRecords?.rated(visit.record.id, kept);
        options.onChanged(visit.record);
        return done;
      }),
  };
}

/** Of hashes of equal length; compared in a time that tells nothing. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
