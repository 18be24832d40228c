// What a visitor writes, until the hub has it: shown at once, said where it did not get through, and sent again by
// itself once the hub is heard again. Comes with the chat; whoever never writes does not load it.
import type { Observable } from '../call/state.ts';
import { randomToken } from '../hub/base64url.ts';
import type { OneVisit } from './visit-api.ts';
import type { VisitView } from './visit-view.ts';

/** Times that a message is sent again by itself. */
const RESENDS = 3;

/** What a desk lets its outbox see and change. */
export interface Writing {
  readonly view: Observable<VisitView>;
  /** Null once there is nobody to write to. */
  readonly visit: () => OneVisit | null;
  readonly change: (change: Partial<Pick<VisitView, 'unsent' | 'refused'>>) => void;
}

export class Outbox {
  readonly #desk: Writing;
  /** How often each message that did not get through was sent again by itself. */
  readonly #resent = new Map<string, number>();

  constructor(desk: Writing) {
    this.#desk = desk;
  }

  /** `id` of a message that did not get through. */
  async say(text: string, id = randomToken()): Promise<void> {
    const { change } = this.#desk;
    const visit = this.#desk.visit();
    if (!visit) return;
    change({ refused: null });
    this.#unsent({ id, text, failed: false });
    const said = await visit.say({ id, text });
    if (said.ok) return;
    this.#unsent({ id, text, failed: true });
    // That nobody is heard is said already, and it goes once more by itself.
    if (said.code === 'HUB_UNREACHABLE') return;
    this.#resent.set(id, RESENDS);
    change({ refused: said });
  }

  /** What did not get through, once the hub is heard again. */
  sendAgain(): void {
    for (const { id, text, failed } of this.#desk.view.value.unsent) {
      const times = this.#resent.get(id) ?? 0;
      if (!failed || times >= RESENDS) continue;
      this.#resent.set(id, times + 1);
      void this.say(text, id);
    }
  }

  #unsent(message: VisitView['unsent'][number]): void {
    const { unsent, messages } = this.#desk.view.value;
    const others = unsent.filter(({ id }) => id !== message.id);
    const isThere = messages.some(({ id }) => id === message.id);
    this.#desk.change({ unsent: isThere ? others : [...others, message] });
  }
}
