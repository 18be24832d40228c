// Keeps what is typed into our elements from the page's own shortcuts (a webmail's Delete deletes the mail), and hands
// it to ours instead. It owns no shortcut itself and never touches a key that starts outside our elements.
//
// How: one listener on `window` in the capture phase, the first station of every event. It stops the event there,
// which cancels no default action (DOM §2.9), so text editing, Tab, Enter on a button go on working natively. Our own
// handlers are called directly, from the innermost element outwards.
//
// Listeners that the page put on `window` in capture BEFORE the guard run before it, and the tag is `async`. For them
// there are three things: the key is masked (key-mask.ts), elements with a focused text field say `isContentEditable`,
// which most shortcut libraries respect, and a key that was swallowed all the same is typed by the guard itself. A
// page that wants no such listener to see an event at all puts `ringtag-keys.js` first in its head.

import { maskKeys, reading } from './key-mask.ts';

/** An element's own key handler; returns true when the key was used, and no outer element is asked. */
export const KEYS = Symbol.for('ringtag.keys');

/** What an element implements to hear keys that start inside it. */
export interface KeyListener {
  [KEYS](event: KeyboardEvent): boolean;
}

/** Heard wherever the focus is, before everything else; for the few shortcuts that work from anywhere. */
export type GlobalKey = (event: KeyboardEvent) => boolean;

const GUARD = Symbol.for('ringtag.guard');
interface Guard {
  readonly globalKeys: Set<GlobalKey>;
}

const KEY_EVENTS = ['keydown', 'keypress', 'keyup'] as const;
/** Kept from the row that a call button was put into (rows act on mousedown, and some in capture). */
const BUTTON_EVENTS = [
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'click',
  'auxclick',
  'dblclick',
  'contextmenu',
  'touchstart',
  'touchend',
  'dragstart',
] as const;
/** Called with a click on a call button, since no ordinary listener hears it any more. */
export const PRESS = Symbol.for('ringtag.press');

/** Starts the guard once per window; later calls, also from a second copy of this module, find the first. */
export function installKeyboardGuard(view: Window & typeof globalThis = window): Guard {
  const holder = view as unknown as { [GUARD]?: Guard };
  const existing = holder[GUARD];
  if (existing !== undefined) return existing;
  const guard: Guard = { globalKeys: new Set() };
  holder[GUARD] = guard;
  for (const type of KEY_EVENTS) {
    view.addEventListener(type, (event) => reading(() => guardKey(guard, event)), { capture: true });
  }
  for (const type of BUTTON_EVENTS) {
    view.addEventListener(type, guardButton, { capture: true, passive: true });
  }
  maskKeys(view, (event) => event.composedPath().some(isOurs));
  return guard;
}

/** Adds a shortcut that works from anywhere in the page; returns how to take it away. */
export function onGlobalKey(key: GlobalKey): () => void {
  const { globalKeys } = installKeyboardGuard();
  globalKeys.add(key);
  return () => globalKeys.delete(key);
}

function isOurs(target: EventTarget | undefined): target is Element {
  return target instanceof Element && target.localName.startsWith('ringtag-');
}

function guardKey(guard: Guard, event: KeyboardEvent): void {
  const path = event.composedPath();
  const ours = path.some(isOurs);
  if (event.type === 'keydown' && !event.isComposing) {
    for (const key of guard.globalKeys) {
      if (!key(event)) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
  }
  if (!ours) return;
  event.stopImmediatePropagation();
  if (event.type !== 'keydown') return;
  const swallowed = event.defaultPrevented;
  for (const target of path) {
    const keys = (target as Partial<KeyListener>)[KEYS];
    if (keys?.call(target, event)) {
      event.preventDefault();
      return;
    }
  }
  if (swallowed) typeInstead(event, path[0]);
}

/** A key the page has cancelled before us: does what the browser would have done in a text field. */
function typeInstead(event: KeyboardEvent, target: EventTarget | undefined): void {
  if (!isTextField(target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  // execCommand is the one way that keeps the field's own undo history.
  if (event.key === 'Backspace') document.execCommand('delete');
  else if (event.key === 'Delete') document.execCommand('forwardDelete');
  else if ([...event.key].length === 1) document.execCommand('insertText', false, event.key);
}

export function isTextField(target: EventTarget | null | undefined): target is HTMLInputElement {
  return target instanceof HTMLInputElement && !/^(button|checkbox|radio|submit|range)$/.test(target.type);
}

function guardButton(event: Event): void {
  const button = event.composedPath().find((target) => isOurs(target) && PRESS in target);
  if (button === undefined) return;
  event.stopImmediatePropagation();
  if (event.type === 'click') (button as unknown as { [PRESS](): void })[PRESS]();
}
