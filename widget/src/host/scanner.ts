// Makes known people in the host page callable (architecture, decision 14): looks for links and marked elements in
// the roots the integrator named, asks the hub who they are, and puts a quiet button next to those it knows. Signed in
// only. It changes nothing of the page but those buttons, and takes them away at sign-out.
//
// Hosts recycle rows: a node that was Bruno's is Carla's after a scroll. So a button belongs to what its element says
// now (`key`), is checked again at each mutation before the page paints, and once more when it is pressed.
import type { Person } from '@ringtag/server/protocol';
import type { Phone } from '../call/phone.ts';
import { RingtagCallButton } from '../elements/call-button/call-button.ts';
import { CANDIDATES, type FoundTarget, targetOf } from './call-target.ts';
import { DirectoryCache } from './directory-cache.ts';
import { installKeyboardGuard } from './keyboard-guard.ts';
import { SlicedWork } from './slices.ts';

/** At most this many elements of a root are looked after. */
const ELEMENTS_PER_ROOT = 500;
const TAKEN_AWAY_LIMIT = 5;
const OBSERVED: MutationObserverInit = {
  childList: true,
  subtree: true,
  characterData: true,
  attributes: true,
  attributeFilter: ['href', 'data-ringtag-call', 'data-untrusted', 'class', 'contenteditable'],
};

export interface ScanOptions {
  readonly phone: Phone;
  /** Selector of the roots; they may come and go. */
  readonly roots: string;
  readonly doc: Document;
}

/** Starts looking whenever somebody is signed in; returns how to stop for good. An odd selector is as if absent. */
export function scanPage({ phone, roots, doc }: ScanOptions): () => void {
  if (!isSelector(roots, doc)) return () => {};
  if (customElements.get('ringtag-call-button') === undefined) {
    customElements.define('ringtag-call-button', RingtagCallButton);
  }
  // What is pressed on a button reaches it through the guard.
  installKeyboardGuard();
  let scan: PageScan | null = null;
  let personId: string | undefined;
  const unsubscribe = phone.subscribe(({ me }) => {
    if (me?.id === personId) return;
    personId = me?.id;
    scan?.stop();
    scan = me === null ? null : new PageScan(phone, roots, doc, me.id);
  });
  return () => {
    unsubscribe();
    scan?.stop();
  };
}

function isSelector(text: string, doc: Document): boolean {
  try {
    doc.createDocumentFragment().querySelector(text);
    return true;
  } catch {
    return false;
  }
}

interface Entry {
  readonly found: FoundTarget;
  button: RingtagCallButton | null;
}

/** One signed-in stretch of time on one page. */
class PageScan {
  readonly #phone: Phone;
  readonly #selector: string;
  readonly #doc: Document;
  readonly #ownId: string;
  readonly #roots = new Map<Element, RootScan>();
  readonly #cache: DirectoryCache;
  readonly #work: SlicedWork;
  readonly #rootWatch: MutationObserver;
  #lookQueued = false;

  constructor(phone: Phone, selector: string, doc: Document, ownId: string) {
    this.#phone = phone;
    this.#selector = selector;
    this.#doc = doc;
    this.#ownId = ownId;
    this.#cache = new DirectoryCache(
      (items) => phone.resolve(items),
      () => this.#show(),
    );
    this.#work = new SlicedWork(() => void this.#cache.ask());
    // Only whether roots come or go; what happens inside them is each root's own observer's business.
    this.#rootWatch = new MutationObserver(() => this.#queueLook());
    this.#rootWatch.observe(doc.documentElement, { childList: true, subtree: true });
    this.#look();
  }

  stop(): void {
    this.#rootWatch.disconnect();
    this.#work.stop();
    this.#cache.stop();
    for (const root of this.#roots.values()) root.stop();
    this.#roots.clear();
  }

  #queueLook(): void {
    if (this.#lookQueued) return;
    this.#lookQueued = true;
    this.#work.add(this.#lookSteps());
  }

  *#lookSteps(): Generator<void> {
    this.#lookQueued = false;
    this.#look();
    yield;
  }

  #look(): void {
    const now = new Set(this.#doc.querySelectorAll(this.#selector));
    for (const [element, root] of this.#roots) {
      if (now.has(element)) continue;
      root.stop();
      this.#roots.delete(element);
    }
    for (const element of now) {
      // A root inside another is looked after by the outer one.
      if (this.#roots.has(element) || element.parentElement?.closest(this.#selector)) continue;
      const root = new RootScan(element, this.#work, (entry) => this.#fill(entry));
      this.#roots.set(element, root);
    }
  }

  #show(): void {
    for (const root of this.#roots.values()) root.fillAll();
  }

  /** Gives an entry its button if the hub knows the person; asks if it has not been asked. */
  #fill(entry: Entry): void {
    if (entry.button !== null) return;
    const { found } = entry;
    const person = this.#cache.get(found.key, found.item);
    if (!person || person.id === this.#ownId) return;
    const button = document.createElement('ringtag-call-button') as RingtagCallButton;
    button.name = person.name;
    button.press = () => this.#press(entry, person);
    entry.button = button;
    place(button, found.anchor);
  }

  #press(entry: Entry, person: Person): void {
    const current = entry.button?.isConnected
      ? [...this.#roots.values()].some((root) => root.owns(entry))
      : false;
    if (current) this.#phone.call({ personId: person.id });
  }
}

/** One root: its observer, and the elements in it that name somebody. */
class RootScan {
  readonly #root: Element;
  readonly #work: SlicedWork;
  readonly #fill: (entry: Entry) => void;
  readonly #entries = new Map<Element, Entry>();
  readonly #observer: MutationObserver;
  readonly #takenAway = new WeakMap<Element, number>();

  constructor(root: Element, work: SlicedWork, fill: (entry: Entry) => void) {
    this.#root = root;
    this.#work = work;
    this.#fill = fill;
    this.#observer = new MutationObserver((records) => this.#mutated(records));
    this.#observer.observe(root, OBSERVED);
    work.add(this.#walk(root));
  }

  stop(): void {
    this.#observer.disconnect();
    for (const element of [...this.#entries.keys()]) this.#forget(element);
  }

  fillAll(): void {
    for (const entry of this.#entries.values()) this.#fill(entry);
  }

  /** The entry is still what its element says. */
  owns(entry: Entry): boolean {
    for (const [element, own] of this.#entries) {
      if (own === entry) return element.isConnected && targetOf(element)?.key === entry.found.key;
    }
    return false;
  }

  /** Walks a subtree in steps; stops where the root has as many elements as we look after. */
  *#walk(top: Element): Generator<void> {
    if (!top.isConnected) return;
    this.#take(top);
    const walker = top.ownerDocument.createTreeWalker(top, NodeFilter.SHOW_ELEMENT);
    for (let steps = 1; walker.nextNode() !== null; steps += 1) {
      if (this.#entries.size >= ELEMENTS_PER_ROOT) return;
      this.#take(walker.currentNode as Element);
      if (steps % 20 === 0) yield;
    }
  }

  #take(element: Element): void {
    if (this.#entries.has(element) || !element.matches(CANDIDATES)) return;
    if (this.#entries.size >= ELEMENTS_PER_ROOT) return;
    const found = targetOf(element);
    if (found === null) return;
    const entry: Entry = { found, button: null };
    this.#entries.set(element, entry);
    this.#fill(entry);
  }

  /** Runs before the page paints: a button that no longer fits is gone before anybody sees it. */
  #mutated(records: readonly MutationRecord[]): void {
    const touched = new Set<Element>();
    for (const record of records) {
      const element = record.target instanceof Element ? record.target : record.target.parentElement;
      if (record.type !== 'childList') {
        if (element !== null) touched.add(element.closest('.h-card') ?? element);
        continue;
      }
      for (const node of record.addedNodes) {
        if (node instanceof Element && !(node instanceof RingtagCallButton)) touched.add(node);
      }
      if (element !== null && record.addedNodes.length === 0 && element.closest('.h-card') !== null) {
        touched.add(element);
      }
    }
    this.#recheck();
    for (const element of touched) this.#work.add(this.#walk(element));
  }

  #recheck(): void {
    for (const [element, { found, button }] of this.#entries) {
      const stays =
        element.isConnected && this.#root.contains(element) && targetOf(element)?.key === found.key;
      if (stays && (button === null || isBeside(button, found.anchor) || this.#insists(element))) continue;
      this.#forget(element);
      if (element.isConnected && this.#root.contains(element)) this.#work.add(this.#walk(element));
    }
  }

  /** A page that takes our button away again and again gets its way. */
  #insists(element: Element): boolean {
    const times = (this.#takenAway.get(element) ?? 0) + 1;
    this.#takenAway.set(element, times);
    return times > TAKEN_AWAY_LIMIT;
  }

  #forget(element: Element): void {
    this.#entries.get(element)?.button?.remove();
    this.#entries.delete(element);
  }
}

/** After the name; before it where the cell clips what does not fit. */
function place(button: RingtagCallButton, anchor: Element): void {
  const cell = anchor.parentElement;
  if (cell !== null && getComputedStyle(cell).textOverflow === 'ellipsis') anchor.before(button);
  else anchor.after(button);
}

function isBeside(button: RingtagCallButton, anchor: Element): boolean {
  return button.isConnected && (anchor.nextSibling === button || anchor.previousSibling === button);
}
