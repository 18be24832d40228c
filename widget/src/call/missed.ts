// How many calls the person has missed since they last looked at Recent, in this browser and on this site.
import type { HistoryEntry, HistoryPage } from '@ringtag/server/protocol';
import type { CallView } from './phone.ts';

/** Of localStorage: when Recent was looked at last. */
const LOOKED_KEY = 'ringtag looked';

export class MissedCalls {
  /** Absent until the hub has told of them. */
  count: number | undefined;
  readonly #counted = new Set<string>();
  /** Where the browser keeps nothing. */
  #lookedAtMs = Date.now();

  /** The newest calls of the history. Whatever was missed before the first look at all is old. */
  learn({ calls }: HistoryPage): void {
    const nowMs = Date.now();
    const lookedAtMs = this.#lastLookMs();
    this.count = calls.filter((call) => isMissed(call) && nowMs - call.agoMs > lookedAtMs).length;
  }

  /** The calls on the screen: those that rang in vain count at once. */
  follow(views: readonly CallView[]): void {
    for (const view of views) {
      if (!rangInVain(view) || this.#counted.has(view.callId)) continue;
      this.#counted.add(view.callId);
      this.count = (this.count ?? 0) + 1;
    }
  }

  looked(): void {
    this.count = 0;
    this.#keep(Date.now());
  }

  #lastLookMs(): number {
    try {
      const kept = Number(localStorage.getItem(LOOKED_KEY));
      if (kept > 0) return kept;
    } catch {
      return this.#lookedAtMs;
    }
    this.#keep(this.#lookedAtMs);
    return this.#lookedAtMs;
  }

  #keep(lookedAtMs: number): void {
    this.#lookedAtMs = lookedAtMs;
    try {
      localStorage.setItem(LOOKED_KEY, String(lookedAtMs));
    } catch {
      // It holds for as long as this page, then.
    }
  }
}

/** Of the history. */
export function isMissed({ direction, result }: HistoryEntry): boolean {
  return direction === 'in' && result !== 'answered' && result !== 'declined';
}

/** It rang here until nobody wanted it any more. */
export function rangInVain({ direction, activeSinceMs, ended }: CallView): boolean {
  const reason = ended?.reason;
  return (
    direction === 'in' && activeSinceMs === undefined && (reason === 'no-answer' || reason === 'cancelled')
  );
}
