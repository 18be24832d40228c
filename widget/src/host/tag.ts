// What the elements of one page share: the phone and the panes, fetched once, at the first intent. Owned by the
// loader; an application that uses the elements without the script tag provides its own. The state hangs on the
// global, because a page may load `ringtag.js` under two URLs and still is one page.
import type { Phone } from '../call/phone.ts';
import type { Panes } from '../elements/panes.ts';
import type { Surface } from '../elements/surface.ts';

/** What comes by dynamic import. */
export interface Loaded {
  readonly phone: Phone;
  readonly panes: Panes;
}

export interface Tag {
  readonly lang: string;
  /** Origin of the hub, for what the elements ask without a phone. */
  readonly hubUrl?: string;
  /** Fetches phone and panes; may be asked again after a failure. */
  load(): Promise<Loaded>;
}

type Listener = (loaded: Loaded) => void;

interface PageState {
  tag: Tag | null;
  loading: Promise<Loaded> | null;
  loaded: Loaded | null;
  readonly waiting: Set<Listener>;
  /** Connected surfaces, oldest first. */
  readonly surfaces: Surface[];
}

/** Of a page, by whoever came first. */
export const PAGE = Symbol.for('ringtag.page');

export function pageState(view: Window = window): PageState {
  const holder = view as unknown as { [PAGE]?: PageState };
  holder[PAGE] ??= { tag: null, loading: null, loaded: null, waiting: new Set(), surfaces: [] };
  return holder[PAGE];
}

/** Sets what the page's elements use; false if somebody has done so already. */
export function provideTag(provided: Tag): boolean {
  const page = pageState();
  if (page.tag !== null) return false;
  page.tag = provided;
  return true;
}

export function pageLanguage(): string {
  return pageState().tag?.lang ?? document.documentElement.lang;
}

/** Fetches what the elements need, once; `null` where no tag was provided. */
export async function loadTag(): Promise<Loaded | null> {
  const page = pageState();
  if (page.tag === null) return null;
  page.loading ??= page.tag.load().catch((error: unknown) => {
    page.loading = null;
    throw error;
  });
  const loaded = await page.loading;
  if (page.loaded === null) {
    page.loaded = loaded;
    for (const listener of [...page.waiting]) listener(loaded);
    page.waiting.clear();
  }
  return loaded;
}

/** Calls once with phone and panes, at once or when somebody's intent has fetched them. */
export function whenLoaded(listener: Listener): () => void {
  const page = pageState();
  if (page.loaded !== null) listener(page.loaded);
  else page.waiting.add(listener);
  return () => page.waiting.delete(listener);
}
