// Visits as the people who answer them work with them (P9): seen by those whom the destination rings, had by the first
// who answers or to whom it was passed on. To anybody else a visit does not exist.
import {
  type AnyErrorCode,
  type Refusal,
  refuse,
  type Visit,
  type VisitMessage,
  type VisitMessageRequest,
} from '@ringtag/server/protocol';
import type { Connections } from '../calls/connections.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PeopleStore } from '../storage/port.ts';
import { createAudience } from './agent-audience.ts';
import { isShown, leftView, visitView } from './agent-view.ts';
import type { Answerers } from './answerers.ts';
import type { Destinations } from './ports.ts';
import { destinationsOf, type VisitRecord } from './visit.ts';
import type { Conductor } from './visit-conduct.ts';
import { clearTimer, inTurn, type LiveVisit, type LiveVisits } from './visit-live.ts';
import type { EarlierVisit, LeftRecord, VisitStore } from './visit-store.ts';
import { toMessage } from './visit-view.ts';

export interface AgentDeskOptions {
  readonly visits: VisitStore;
  readonly live: LiveVisits;
  readonly destinations: Destinations;
  readonly answerers: Answerers;
  readonly people: Pick<PeopleStore, 'byIds'>;
  readonly conductor: Conductor;
  readonly connections: Pick<Connections, 'devicesOf' | 'send' | 'isOnline'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AgentDesk {
  /** Live ones, and those of the last hour; newest first. */
  list(person: PersonRecord): Promise<Visit[]>;
  one(person: PersonRecord, visitId: string): Promise<{ ok: true; visit: Visit } | Refusal>;
  say(
    person: PersonRecord,
    visitId: string,
    request: VisitMessageRequest,
  ): Promise<{ ok: true; message: VisitMessage } | Refusal<AnyErrorCode>>;
  end(person: PersonRecord, visitId: string): Promise<{ ok: true } | Refusal<AnyErrorCode>>;
  /** Shows the visit, as it is then, to everybody who may see it and is connected. */
  show(record: VisitRecord): void;
  showLeft(record: LeftRecord): void;
  /** Settles when everything shown so far has been sent. */
  settled(): Promise<void>;
}

const LISTED_MS = 3_600_000;
const LISTED = 100;
const EARLIER = 20;

export function createAgentDesk(options: AgentDeskOptions): AgentDesk {
  const { visits, live, destinations, answerers, conductor, connections, clock, logger } = options;
  let showing: Promise<unknown> = Promise.resolve();
  const unshown = new Set<string>();
  const audience = createAudience(options);

  function mayRead(person: PersonRecord, record: VisitRecord): boolean {
    if (record.agent?.personId === person.id) return true;
    const answers = answerers.destinationsOf(person);
    return destinationsOf(record).some((id) => answers.includes(id));
  }

  const earlierOf = async ({ visitor }: VisitRecord) =>
    visitor === undefined ? [] : visits.ofVisitor(visitor, EARLIER);

  function viewWith(
    earlier: readonly EarlierVisit[],
    { person, record }: { person: PersonRecord; record: VisitRecord },
  ): Visit {
    const answers = answerers.destinationsOf(person);
    return visitView(record, { destinations, nowMs: clock.now(), earlier, answers });
  }

  const view = async (person: PersonRecord, record: VisitRecord): Promise<Visit> =>
    viewWith(await earlierOf(record), { person, record });

  async function find(person: PersonRecord, visitId: string): Promise<VisitRecord | undefined> {
    const record = live.get(visitId)?.record ?? (await visits.byId(visitId));
    return record && mayRead(person, record) ? record : undefined;
  }

  /** What this person may change: had by nobody else who is there, and going on. */
  async function workOn<T extends { readonly ok: true }>(
    person: PersonRecord,
    visitId: string,
    work: (visit: LiveVisit, insteadOf: string | undefined) => Promise<T | Refusal<AnyErrorCode>>,
  ): Promise<T | Refusal<AnyErrorCode>> {
    const record = await find(person, visitId);
    if (!record) return refuse('NOT_FOUND');
    const visit = live.get(visitId);
    if (!visit) return refuse('CONFLICT', { state: 'ended' });
    return inTurn(visit, async () => {
      const { stage, agent } = visit.record;
      if (stage.state === 'ended') return refuse('CONFLICT', { state: 'ended' });
      const isOthers = agent !== undefined && agent.personId !== person.id;
      if (isOthers && connections.isOnline(agent.personId)) return refuse('CONFLICT', { state: 'taken' });
      return work(visit, agent?.personId);
    });
  }

  async function say(
    person: PersonRecord,
    visit: LiveVisit,
    { id, text, insteadOf }: VisitMessageRequest & { insteadOf: string | undefined },
  ): Promise<{ ok: true; message: VisitMessage } | Refusal<AnyErrorCode>> {
    const { id: visitId } = visit.record;
    const agent = { personId: person.id, name: person.name };
    const taken = await visits.take(visitId, agent, insteadOf);
    if (taken?.agent?.personId !== person.id) return refuse('CONFLICT', { state: 'taken' });
    const message = { id, from: 'agent' as const, name: person.name, text, atMs: clock.now() };
    const said = await visits.say(visitId, message);
    if (!said || said.kind === 'full') return refuse('CONFLICT', { state: 'full' });
    visit.record = { ...visit.record, agent: taken.agent, messages: said.visit.messages };
    const kept = said.visit.messages.find((each) => each.id === id && each.from === 'agent') ?? message;
    if (said.kind === 'said') {
      clearTimer(visit, 'chat');
      visit.isUnanswered = false;
      conductor.send(visit, { type: 'message', message: toMessage(kept, clock.now()) });
      show(visit.record);
    }
    return { ok: true, message: toMessage(kept, clock.now()) };
  }

  /** One after another, so that nobody sees an older state last. */
  function inOrder(task: () => Promise<void>): void {
    showing = showing
      .then(task)
      .catch((err: unknown) => logger.error({ err }, 'those who answer could not be told'));
  }

  async function toPeople(
    people: Promise<PersonRecord[]>,
    send: (person: PersonRecord, devices: readonly string[]) => void,
  ): Promise<void> {
    for (const person of await people) {
      const devices = connections.devicesOf(person.id);
      if (devices.length > 0) send(person, devices);
    }
  }

  function show({ id }: VisitRecord): void {
    // What waits to be shown is shown as it is then: a stranger who writes fast makes no queue of it.
    if (unshown.has(id)) return;
    unshown.add(id);
    inOrder(async () => {
      unshown.delete(id);
      const record = live.get(id)?.record ?? (await visits.byId(id));
      if (!record || !isShown(record)) return;
      const earlier = await earlierOf(record);
      await toPeople(audience.of(record), (person, devices) => {
        const shown = viewWith(earlier, { person, record });
        for (const sessionId of devices) connections.send(sessionId, 'visit:changed', shown);
      });
    });
  }

  return {
    async list(person) {
      const answers = answerers.destinationsOf(person);
      const sinceMs = clock.now() - LISTED_MS;
      const recent = answers.length === 0 ? [] : await visits.since(answers, sinceMs, LISTED);
      const going = live.in('open', 'waiting', 'ready', 'ringing', 'talking').map(({ record }) => record);
      const all = new Map([...recent, ...going].map((record) => [record.id, record]));
      const mine = [...all.values()].filter((record) => isShown(record) && mayRead(person, record));
      mine.sort((a, b) => b.createdAtMs - a.createdAtMs);
      return Promise.all(mine.slice(0, LISTED).map((record) => view(person, record)));
    },
    async one(person, visitId) {
      const record = await find(person, visitId);
      return record ? { ok: true, visit: await view(person, record) } : refuse('NOT_FOUND');
    },
    say: (person, visitId, request) =>
      workOn(person, visitId, (visit, insteadOf) => say(person, visit, { ...request, insteadOf })),
    end: (person, visitId) =>
      workOn(person, visitId, async (visit) => {
        await conductor.note(visit, { kind: 'over', end: 'hangup' });
        return { ok: true };
      }),
    show,
    showLeft(record) {
      inOrder(() =>
        toPeople(answerers.of([record.destinationId]), (_, devices) => {
          const shown = leftView(record, { destinations, nowMs: clock.now() });
          for (const sessionId of devices) connections.send(sessionId, 'visit:left', shown);
        }),
      );
    },
    async settled() {
      await showing;
    },
  };
}
