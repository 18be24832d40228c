// What a person has at the hub beside calls: their history, and whether they want to be called now.
import type { Availability, HistoryPage } from '@ringtag/server/protocol';
import { MissedCalls } from '../call/missed.ts';
import type { PhoneErrorCode, PhoneTarget } from '../call/phone.ts';
import type { Send } from '../hub/api.ts';

export interface AccountOptions {
  readonly send: Send;
  readonly changed: () => void;
  readonly refused: (code: PhoneErrorCode) => void;
}

export class Account {
  readonly #options: AccountOptions;
  doNotDisturb = false;
  /** When that ends by itself, as `Date.now()` counts. */
  quietUntilMs: number | null = null;
  readonly missed = new MissedCalls();
  /** Whom they called last, as their history says. */
  lastCalled: PhoneTarget | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** The hub: here, or on another device of theirs. */
  hear({ doNotDisturb, forMs }: Availability): void {
    this.doNotDisturb = doNotDisturb;
    this.quietUntilMs = forMs === undefined ? null : Date.now() + forMs;
    this.#options.changed();
  }

  /** Shown at once; the hub's refusal takes it back. */
  async setDoNotDisturb(on: boolean, forMs?: number): Promise<void> {
    const { doNotDisturb, quietUntilMs } = this;
    const body = { doNotDisturb: on, ...(forMs === undefined ? {} : { forMs }) };
    this.hear(body);
    const told = await this.#options.send('/api/me/availability', { method: 'PUT', body });
    if (told.ok) return;
    Object.assign(this, { doNotDisturb, quietUntilMs });
    this.#options.changed();
    this.#options.refused(told.code);
  }

  async history(before?: string): Promise<HistoryPage | null> {
    const query = before === undefined ? '' : `?${new URLSearchParams({ before })}`;
    const page = await this.#options.send<HistoryPage>(`/api/calls/history${query}`);
    if (!page.ok) return null;
    if (before === undefined) this.#learn(page.value);
    return page.value;
  }

  /** From the newest page. */
  #learn(page: HistoryPage): void {
    this.missed.learn(page);
    const { personId, number } = page.calls.find(({ direction }) => direction === 'out')?.peer ?? {};
    if (personId ?? number) this.lastCalled = personId ? { personId } : { number: number ?? '' };
    this.#options.changed();
  }

  /** Somebody else may sign in next. */
  forget(): void {
    this.doNotDisturb = false;
    this.quietUntilMs = null;
    this.missed.count = undefined;
    this.lastCalled = null;
  }
}
