// What a person has at the hub beside calls: their history, and whether they want to be called now.
import type { Availability, HistoryPage } from '@ringtag/server/protocol';
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
  /** Whom they called last, as their history says. */
  lastCalled: PhoneTarget | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** The hub: here, or on another device of theirs. */
  hear({ doNotDisturb }: Availability): void {
    this.doNotDisturb = doNotDisturb;
    this.#options.changed();
  }

  /** Shown at once; the hub's refusal takes it back. */
  async setDoNotDisturb(on: boolean, forMs?: number): Promise<void> {
    const before = this.doNotDisturb;
    this.hear({ doNotDisturb: on });
    const body = { doNotDisturb: on, ...(forMs === undefined ? {} : { forMs }) };
    const told = await this.#options.send('/api/me/availability', { method: 'PUT', body });
    if (told.ok) return;
    this.hear({ doNotDisturb: before });
    this.#options.refused(told.code);
  }

  async history(before?: string): Promise<HistoryPage | null> {
    const query = before === undefined ? '' : `?${new URLSearchParams({ before })}`;
    const page = await this.#options.send<HistoryPage>(`/api/calls/history${query}`);
    if (!page.ok) return null;
    const last = before === undefined && page.value.calls.find(({ direction }) => direction === 'out');
    if (last) {
      const { personId, number } = last.peer;
      this.lastCalled = personId ? { personId } : number ? { number } : null;
      this.#options.changed();
    }
    return page.value;
  }

  /** Somebody else may sign in next. */
  forget(): void {
    this.doNotDisturb = false;
    this.lastCalled = null;
  }
}
