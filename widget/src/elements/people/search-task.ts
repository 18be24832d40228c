// One running search at a time: waits until typing pauses, drops answers that came too late.
import type { Person } from '@ringtag/server/protocol';

/** Long enough to skip most letters of a fast typist, short enough to feel immediate. */
const PAUSE_MS = 120;

export type SearchResult =
  | { readonly state: 'loading' }
  | { readonly state: 'found'; readonly query: string; readonly people: readonly Person[] }
  /** `code`: why, where the phone said so. */
  | { readonly state: 'failed'; readonly query: string; readonly code?: string };

type Search = (query: string, signal: AbortSignal) => Promise<readonly Person[]>;

export class SearchTask {
  result: SearchResult = { state: 'loading' };
  readonly #changed: () => void;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Starts over with `query`; an empty one, which is not being typed, is asked at once. */
  search(query: string, search: Search, pauseMs?: number): void {
    this.stop();
    const trimmed = query.trim();
    // What was found stays in view while the next answer is on its way: the list does not flicker.
    if (this.result.state !== 'found') this.#set({ state: 'loading' });
    const waitMs = pauseMs ?? (trimmed === '' ? 0 : PAUSE_MS);
    this.#settled = new Promise((resolve) => {
      this.#timer = setTimeout(() => void this.#run(trimmed, search).then(resolve), waitMs);
    });
  }

  /** Resolves when the search that runs now has its answer: Enter waits for it. */
  async settled(): Promise<SearchResult> {
    await this.#settled;
    return this.result;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #run(query: string, search: Search): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const people = await search(query, abort.signal);
      if (!abort.signal.aborted) this.#set({ state: 'found', query, people });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? { code: String(error.code) } : {};
      if (!abort.signal.aborted) this.#set({ state: 'failed', query, ...code });
    }
  }

  #set(result: SearchResult): void {
    this.result = result;
    this.#changed();
  }
}
