// What this browser has seen of visits on this site: kept in localStorage, so that all tabs count alike.
import type { Seen } from './visits-state.ts';

const SEEN_KEY = 'ringtag visits seen';
/** As many as are known at most; older ones go. */
const KEPT = 400;

export class SeenVisits {
  /** Where the browser keeps nothing. */
  #here: Seen = {};

  get all(): Seen {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(SEEN_KEY) ?? '{}');
      return typeof kept === 'object' && kept !== null ? (kept as Seen) : {};
    } catch {
      return this.#here;
    }
  }

  /** True where that is news. */
  add(id: string, count: number): boolean {
    const { all } = this;
    if ((all[id] ?? 0) >= count) return false;
    const { [id]: _, ...others } = all;
    this.#here = Object.fromEntries([...Object.entries(others), [id, count]].slice(-KEPT));
    try {
      localStorage.setItem(SEEN_KEY, JSON.stringify(this.#here));
    } catch {
      // It holds for as long as this page, then.
    }
    return true;
  }

  /** Another tab has seen something. */
  onChange(changed: () => void): void {
    window.addEventListener('storage', ({ key }) => key === SEEN_KEY && changed());
  }
}
