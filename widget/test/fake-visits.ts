// Visits that are not there, and a book of them that notes what it is asked for.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';
import type { Visits } from '../src/visits/book.ts';
import {
  type KnownLeft,
  type KnownVisit,
  noVisits,
  type VisitsState,
  withLeft,
  withUnsent,
  withVisit,
} from '../src/visits/visits-state.ts';

const MINUTE_MS = 60_000;

/** What the exchange says with the call of a visitor. */
export const calledVisit = {
  visitId: 'v1',
  url: 'https://shop.example/boots?color=brown',
  context:
    'title=Hiking boots; language=pt-BR; cart=3 pairs; utm_campaign=autumn%3Dsale; referrer=https://search.example/',
  place: '<geo:41.1496,-8.6109;u=30>',
};

/** A chat with a question, on a page that said much. */
export function visitOf(changes: Partial<Visit> = {}): KnownVisit {
  return {
    id: 'v1',
    destination: { id: 'sales', name: 'Talk to sales' },
    intent: 'chat',
    state: 'open',
    context: {
      url: 'https://shop.example/boots?color=brown',
      title: 'Hiking boots',
      referrer: 'https://search.example/',
      language: 'pt-BR',
      place: { latitude: 41.1496, longitude: -8.6109, accuracy: 30 },
      data: [
        { key: 'cart', value: '3 pairs' },
        { key: 'utm_campaign', value: 'autumn=sale' },
      ],
    },
    agoMs: 4 * MINUTE_MS,
    messages: [
      { id: 'm1', from: 'visitor', text: 'Do you have these in 43?', agoMs: 3 * MINUTE_MS },
      { id: 'm2', from: 'visitor', text: 'And in black?', agoMs: MINUTE_MS },
    ],
    earlier: [{ id: 'v0', intent: 'call', agoMs: 90 * MINUTE_MS, end: 'hangup', messages: 2 }],
    ...changes,
    heardAtMs: Date.now(),
  };
}

export function leftOf(changes: Partial<LeftMessage> = {}): KnownLeft {
  return {
    id: 'l1',
    visitId: 'v9',
    destination: { id: 'sales', name: 'Talk to sales' },
    kind: 'callback',
    name: 'Rita Ramos',
    reach: '+351 910 000 000',
    text: 'After six, please.',
    context: { title: 'Hiking boots', url: 'https://shop.example/boots', data: [] },
    agoMs: 50 * MINUTE_MS,
    done: false,
    ...changes,
    heardAtMs: Date.now(),
  };
}

export class FakeVisits implements Visits {
  state: VisitsState = noVisits;
  /** Every request, as `['say', 'v1', 'Hello']`. */
  readonly commands: unknown[][] = [];
  /** What a voice that was left sounds like; null: it cannot be had. */
  sound: Blob | null = null;
  /** Whether the hub does what it is asked. */
  obeys = true;
  readonly #listeners = new Set<(state: VisitsState) => void>();

  set(changes: Partial<VisitsState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.state);
  }
  reset(): void {
    this.commands.length = 0;
    this.set({ ...noVisits });
    const { visits: _, left: __, ...rest } = this.state;
    this.state = rest;
    this.obeys = true;
    this.sound = null;
  }
  subscribe(listener: (state: VisitsState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }
  async refresh(): Promise<void> {
    this.commands.push(['refresh']);
  }
  async open(visitId: string): Promise<void> {
    this.commands.push(['open', visitId]);
  }
  look(id: string): void {
    this.commands.push(['look', id]);
    const { [id]: _, ...unread } = this.state.unread;
    this.set({ unread });
  }
  dismiss(visitId: string): void {
    this.commands.push(['dismiss', visitId]);
    this.set({ dismissed: { ...this.state.dismissed, [visitId]: 99 } });
  }
  subject(visitId: string): string {
    return this.state.visits?.find(({ id }) => id === visitId)?.context.title ?? '';
  }
  want(visitId: string | undefined): void {
    this.set({ wanted: visitId });
  }
  async say(visitId: string, text: string, id = `own-${this.commands.length}`): Promise<void> {
    this.commands.push(['say', visitId, text]);
    const visit = this.state.visits?.find((each) => each.id === visitId);
    if (!visit) return;
    if (!this.obeys) this.set(withUnsent(this.state, visitId, { id, text, failed: 'unreachable' }));
    else {
      const message = { id, from: 'agent' as const, name: 'Alice Almeida', text, agoMs: 0 };
      this.set(withVisit(this.state, { ...visit, messages: [...visit.messages, message] }));
    }
  }
  async end(visitId: string): Promise<boolean> {
    this.commands.push(['end', visitId]);
    return this.obeys;
  }
  async setDone(leftId: string, done: boolean): Promise<boolean> {
    this.commands.push(['setDone', leftId, done]);
    const left = this.state.left?.find(({ id }) => id === leftId);
    if (left && this.obeys) this.set(withLeft(this.state, { ...left, done }));
    return this.obeys;
  }
  async setCalled(leftId: string): Promise<void> {
    this.commands.push(['setCalled', leftId]);
    const left = this.state.left?.find(({ id }) => id === leftId);
    const called = { personId: 'alice', name: 'Alice Almeida', agoMs: 0 };
    if (left && this.obeys) this.set(withLeft(this.state, { ...left, called, heardAtMs: Date.now() }));
  }
  async voice(leftId: string): Promise<Blob | null> {
    this.commands.push(['voice', leftId]);
    return this.sound;
  }
}
