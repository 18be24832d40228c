// What is known of visits and of what was left, and how each piece of news changes it. Pure; times are made this
// clock's as they come in, because the hub tells durations.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';

/** `heardAtMs`: when its durations were true. */
export type KnownVisit = Visit & { readonly heardAtMs: number };
export type KnownLeft = LeftMessage & { readonly heardAtMs: number };

/** A message of this person that the hub has not got yet; `failed` says why not. */
export interface Unsent {
  readonly id: string;
  readonly text: string;
  readonly failed?: 'taken' | 'ended' | 'unreachable';
}

export interface VisitsState {
  /** Newest first; absent: not fetched yet. */
  readonly visits?: readonly KnownVisit[];
  readonly left?: readonly KnownLeft[];
  /** The last fetch came to nothing. */
  readonly failed: boolean;
  /** Of each visit, by its id. */
  readonly unsent: Readonly<Record<string, readonly Unsent[]>>;
  /** How much of what is known nobody here has read, by the id of the visit or of what was left; none are left out. */
  readonly unread: Readonly<Record<string, number>>;
  /** Chats of which this person wants to be told no more, by id, and how much was written in each by then. */
  readonly dismissed: Seen;
  /** The visit that is to be shown next. */
  readonly wanted?: string | undefined;
}

export const noVisits: VisitsState = { failed: false, unsent: {}, unread: {}, dismissed: {} };

/** How much this person has read, by id: messages of a visitor, or 1 for something left. */
export type Seen = Readonly<Record<string, number>>;

/** Enough for a day of a busy desk; what is over longest goes first. */
const KEPT = 200;

export function withVisit(state: VisitsState, visit: KnownVisit): VisitsState {
  const others = (state.visits ?? []).filter(({ id }) => id !== visit.id);
  const visits = [...others, visit].sort((a, b) => beganAtMs(b) - beganAtMs(a)).slice(0, KEPT);
  const arrived = new Set(visit.messages.map(({ id }) => id));
  const unsent = (state.unsent[visit.id] ?? []).filter(({ id }) => !arrived.has(id));
  return { ...state, visits, unsent: { ...state.unsent, [visit.id]: unsent } };
}

export function withLeft(state: VisitsState, left: KnownLeft): VisitsState {
  const others = (state.left ?? []).filter(({ id }) => id !== left.id);
  return { ...state, left: [...others, left].sort((a, b) => beganAtMs(b) - beganAtMs(a)) };
}

/** `unsent` in the place of the same message before, or behind the others. */
export function withUnsent(state: VisitsState, visitId: string, unsent: Unsent): VisitsState {
  const before = state.unsent[visitId] ?? [];
  const isNew = !before.some(({ id }) => id === unsent.id);
  const next = isNew ? [...before, unsent] : before.map((each) => (each.id === unsent.id ? unsent : each));
  return { ...state, unsent: { ...state.unsent, [visitId]: next } };
}

/** Chats that are told of on the screen: nobody here has read them. */
export function toTell({ visits = [], unread, dismissed }: VisitsState): readonly KnownVisit[] {
  return visits.filter(
    (visit) => unread[visit.id] && writtenBy(visit, 'visitor') > (dismissed[visit.id] ?? 0),
  );
}

export function beganAtMs({ heardAtMs, agoMs }: { heardAtMs: number; agoMs: number }): number {
  return heardAtMs - agoMs;
}

/** Whom nobody else has, and who is still there. */
export function isOpenFor(visit: Visit, me: string | undefined): boolean {
  return visit.state !== 'ended' && (visit.agent === undefined || visit.agent.personId === me);
}

export function writtenBy(visit: Visit, from: 'visitor' | 'agent'): number {
  return visit.messages.filter((message) => message.from === from).length;
}

/** With its counts of what is not read: messages that came after the last answer, and what was left, until it is done or somebody called back. */
export function counted(state: VisitsState, seen: Seen, me: string | undefined): VisitsState {
  const unread: Record<string, number> = {};
  for (const visit of state.visits ?? []) {
    const answeredAt = visit.messages.findLastIndex(({ from }) => from === 'agent');
    const answered = visit.messages.slice(0, answeredAt + 1).filter(({ from }) => from === 'visitor').length;
    const count = writtenBy(visit, 'visitor') - Math.max(answered, seen[visit.id] ?? 0);
    if (count > 0 && isOpenFor(visit, me)) unread[visit.id] = count;
  }
  for (const { id, done, called } of state.left ?? []) if (!done && !called && !seen[id]) unread[id] = 1;
  return { ...state, unread };
}
