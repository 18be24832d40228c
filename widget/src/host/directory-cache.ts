// Who the hub says an address, number or id belongs to: asked in batches, remembered while signed in.
import type { Person, ResolveItem } from '@ringtag/server/protocol';
import { RESOLVE_BATCH } from '@ringtag/server/protocol/limits';

const REMEMBERED = 2_000;
/** After a failed question the same is asked again no sooner than this. */
const RETRY_MS = 10_000;

type Resolve = (items: readonly ResolveItem[]) => Promise<readonly (Person | null)[]>;

export class DirectoryCache {
  readonly #resolve: Resolve;
  readonly #known = new Map<string, Person | null>();
  readonly #wanted = new Map<string, ResolveItem>();
  readonly #answered: () => void;
  #asking = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(resolve: Resolve, answered: () => void) {
    this.#resolve = resolve;
    this.#answered = answered;
  }

  /** The person, `null` if the hub knows none; `undefined`: not asked yet, and now on the list. */
  get(key: string, item: ResolveItem): Person | null | undefined {
    const known = this.#known.get(key);
    if (known === undefined) this.#wanted.set(key, item);
    return known;
  }

  /** Asks for everything on the list, a batch at a time. */
  async ask(): Promise<void> {
    if (this.#asking || this.#retry !== undefined) return;
    this.#asking = true;
    while (this.#wanted.size > 0 && !this.#stopped) {
      const batch = [...this.#wanted].slice(0, RESOLVE_BATCH);
      try {
        const people = await this.#resolve(batch.map(([, item]) => item));
        batch.forEach(([key], index) => {
          this.#remember(key, people[index] ?? null);
        });
      } catch {
        this.#askLater();
        break;
      }
      if (!this.#stopped) this.#answered();
    }
    this.#asking = false;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  #askLater(): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.ask();
    }, RETRY_MS);
  }

  #remember(key: string, person: Person | null): void {
    this.#wanted.delete(key);
    this.#known.set(key, person);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
