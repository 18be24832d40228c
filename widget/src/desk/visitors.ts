// Visitors of public pages, for the people who answer them: whether there are any, and how many wait to be read. Who
// they are and what they say comes in a chunk of its own, which nobody else fetches.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';
import type { VisitorsNews } from '../call/phone.ts';
import type { PhoneDeskOptions } from './options.ts';

export interface VisitorsOptions extends Pick<PhoneDeskOptions, 'send' | 'visits'> {
  readonly changed: () => void;
}

export class Visitors {
  /** As this tab knows; null: nothing. */
  news: VisitorsNews | null = null;
  readonly #options: VisitorsOptions;
  #isAsked = false;
  #followed = 0;

  constructor(options: VisitorsOptions) {
    this.#options = options;
  }

  /**
   * The hub has greeted this tab: is there anybody for this person? Once known, everything is looked at anew. `answers`:
   * what the hub said with the bearer.
   */
  async ask(answers = true): Promise<void> {
    if (!this.news) {
      if (this.#isAsked || !answers) return;
      this.#isAsked = true;
      const paths = ['/api/visits', '/api/visits/left'];
      const found = await Promise.all(paths.map((path) => this.#options.send<object>(path)));
      if (!found.some((list) => list.ok && Object.values(list.value).flat().length > 0)) return;
    }
    this.#open((book) => book.refresh());
  }

  /** The hub, on its socket. */
  hear(event: { readonly visit: Visit } | { readonly left: LeftMessage }): void {
    this.#open((book) => book.hear(event));
  }

  /** The book: so many are not read. */
  told(unread: number): void {
    this.news = { unread, news: (this.news?.news ?? 0) + 1 };
    this.#options.changed();
  }

  /** The tab that leads has heard something. */
  follow(news: VisitorsNews | null): void {
    if (!news || news.news === this.#followed) return;
    this.#followed = news.news;
    if (this.news) this.#open((book) => book.refresh());
  }

  /** Somebody else may sign in next. */
  forget(): void {
    if (this.news) this.#open((book) => book.clear());
    this.news = null;
    this.#isAsked = false;
  }

  /** A chunk that does not come is tried again with the next event. */
  #open(work: (book: Awaited<ReturnType<PhoneDeskOptions['visits']>>) => void): void {
    this.#options.visits().then(work, () => {});
  }
}
