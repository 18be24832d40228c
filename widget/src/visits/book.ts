// The visits that this person answers, live and just over, and what visitors have left: fetched, kept up with the hub's
// news, and worked on. In the tab that leads the news come by socket; the others fetch when told that there are some.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';
import { createObservable } from '../call/state.ts';
import type { Attention } from '../host/attention.ts';
import type { Bearers } from '../hub/api.ts';
import { newsOf } from './news.ts';
import { type Arrival, notifyOf, showNotes } from './notify.ts';
import { SeenVisits } from './seen.ts';
import { subjectOf } from './shown-context.ts';
import { createVisitsApi, type VisitsApi } from './visits-api.ts';
import {
  counted,
  noVisits,
  toTell,
  type Unsent,
  type VisitsState,
  withLeft,
  withUnsent,
  withVisit,
  writtenBy,
} from './visits-state.ts';

/** What the elements see of it. */
export interface Visits {
  readonly state: VisitsState;
  /** Calls `listener` after each change, and once at once. */
  subscribe(listener: (state: VisitsState) => void): () => void;
  /** Fetches everything anew. */
  refresh(): Promise<void>;
  /** Fetches this visit, also one that is no longer listed. */
  open(visitId: string): Promise<void>;
  /** The person sees this visit, or this that was left, as it is now. */
  look(id: string): void;
  /** The person wants to be told no more of what is written in this visit so far. */
  dismiss(visitId: string): void;
  /** This visit is to be shown; undefined: it is. */
  want(visitId: string | undefined): void;
  /** Writes to the visitor; `id` again to try one that failed. Whoever answers first has the visit. */
  say(visitId: string, text: string, id?: string): Promise<void>;
  /** False where it could not be ended. */
  end(visitId: string): Promise<boolean>;
  /** Shown at once; the hub's refusal takes it back and is false. */
  setDone(leftId: string, done: boolean): Promise<boolean>;
  /** Tells the others that this person calls back now. */
  setCalled(leftId: string): Promise<void>;
  /** What the visitor looked at, in a few words; empty: not known, or not any more. */
  subject(visitId: string): string;
  /** The sound that was left; null where it cannot be had. */
  voice(leftId: string): Promise<Blob | null>;
}

export interface BookOptions {
  readonly hubUrl: string;
  readonly bearers: Bearers;
  /** Who is signed in. */
  readonly me: () => string | undefined;
  /** After each change: so much is not read. */
  readonly told: (unread: number) => void;
  /** A visitor has written, or left something. Default: a notification where nobody looks. */
  readonly arrived?: (news: Arrival) => void;
  /** Told of chats that nobody has read. */
  readonly attention?: Pick<Attention, 'news'>;
  /** Called while there are such. Default: shows them on the page. */
  readonly tell?: () => void;
  readonly api?: VisitsApi;
  readonly seen?: SeenVisits;
}

export class VisitsBook implements Visits {
  readonly #options: BookOptions;
  readonly #api: VisitsApi;
  readonly #seen: SeenVisits;
  readonly #observable = createObservable<VisitsState>(noVisits);

  constructor(options: BookOptions) {
    this.#options = options;
    this.#api = options.api ?? createVisitsApi(options.hubUrl, options.bearers);
    this.#seen = options.seen ?? new SeenVisits();
    this.#seen.onChange(() => this.#set(this.state));
  }

  get state(): VisitsState {
    return this.#observable.value;
  }

  subscribe(listener: (state: VisitsState) => void): () => void {
    return this.#observable.subscribe(listener);
  }

  async refresh(): Promise<void> {
    const [visits, left] = await Promise.all([this.#api.list(), this.#api.left()]);
    const heardAtMs = Date.now();
    const failed = !visits.ok || !left.ok;
    let next: VisitsState = { ...this.state, failed };
    if (visits.ok) {
      next = { ...next, visits: [] };
      for (const visit of visits.value.visits) next = withVisit(next, { ...visit, heardAtMs });
    }
    if (left.ok) next = { ...next, left: left.value.left.map((each) => ({ ...each, heardAtMs })) };
    this.#set(next);
  }

  /** The hub, on the socket of this tab. */
  hear(event: { readonly visit: Visit } | { readonly left: LeftMessage }): void {
    const heardAtMs = Date.now();
    const before = this.state;
    if ('visit' in event) {
      const { visit } = event;
      this.#set(withVisit(before, { ...visit, heardAtMs }));
      if ((this.state.unread[visit.id] ?? 0) > (before.unread[visit.id] ?? 0)) this.#arrived('chat', visit);
    } else {
      const { left } = event;
      const isNew = !left.done && !before.left?.some(({ id }) => id === left.id);
      this.#set(withLeft(before, { ...left, heardAtMs }));
      if (isNew) this.#arrived('left', left);
    }
    // The first news of all come before the lists.
    if (before.visits === undefined || before.left === undefined) void this.refresh();
  }

  async open(visitId: string): Promise<void> {
    const found = await this.#api.one(visitId);
    if (found.ok) this.#set(withVisit(this.state, { ...found.value, heardAtMs: Date.now() }));
  }

  look(id: string): void {
    const visit = this.state.visits?.find((each) => each.id === id);
    if (this.#seen.add(id, visit ? writtenBy(visit, 'visitor') : 1)) this.#set(this.state);
  }

  dismiss(visitId: string): void {
    const visit = this.state.visits?.find(({ id }) => id === visitId);
    const { dismissed } = this.state;
    if (visit)
      this.#set({ ...this.state, dismissed: { ...dismissed, [visitId]: writtenBy(visit, 'visitor') } });
  }

  want(visitId: string | undefined): void {
    this.#set({ ...this.state, wanted: visitId });
  }

  async say(visitId: string, text: string, id: string = crypto.randomUUID()): Promise<void> {
    this.#set(withUnsent(this.state, visitId, { id, text }));
    const said = await this.#api.say(visitId, { id, text });
    if (said.ok) {
      const visit = this.state.visits?.find((each) => each.id === visitId);
      if (!visit) return;
      const messages = [...visit.messages.filter((each) => each.id !== id), said.value];
      this.#set(withVisit(this.state, { ...visit, messages }));
    } else {
      const failed: Unsent['failed'] =
        said.state === 'taken' ? 'taken' : said.code === 'CONFLICT' ? 'ended' : 'unreachable';
      this.#set(withUnsent(this.state, visitId, { id, text, failed }));
      if (failed !== 'unreachable') await this.open(visitId);
    }
  }

  async end(visitId: string): Promise<boolean> {
    const { ok } = await this.#api.end(visitId);
    await this.open(visitId);
    return ok;
  }

  async setDone(leftId: string, done: boolean): Promise<boolean> {
    const before = this.state.left?.find(({ id }) => id === leftId);
    if (!before) return false;
    this.#set(withLeft(this.state, { ...before, done }));
    const told = await this.#api.setDone(leftId, done);
    if (!told.ok) this.#set(withLeft(this.state, before));
    return told.ok;
  }

  async setCalled(leftId: string): Promise<void> {
    const told = await this.#api.setCalled(leftId);
    if (told.ok) this.#set(withLeft(this.state, { ...told.value, heardAtMs: Date.now() }));
  }

  subject(visitId: string): string {
    const visit = this.state.visits?.find(({ id }) => id === visitId);
    return visit ? subjectOf(visit.context) : '';
  }

  async voice(leftId: string): Promise<Blob | null> {
    const sound = await this.#api.voice(leftId);
    return sound.ok ? sound.value : null;
  }

  /** Somebody else may sign in next. */
  clear(): void {
    this.#observable.set(noVisits);
    this.#options.attention?.news(null);
  }

  #set(next: VisitsState): void {
    const state = counted(next, this.#seen.all, this.#options.me());
    this.#observable.set(state);
    this.#options.told(Object.values(state.unread).reduce((sum, count) => sum + count, 0));
    const chats = toTell(state);
    this.#options.attention?.news(newsOf(chats[0]));
    if (chats.length > 0) (this.#options.tell ?? showNotes)();
  }

  #arrived(kind: 'chat' | 'left', { destination }: Visit | LeftMessage): void {
    (this.#options.arrived ?? notifyOf)({ kind, destination: destination.name });
  }
}
