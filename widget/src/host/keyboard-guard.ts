// Keeps what is typed into our elements from the page's own shortcuts (a webmail's Delete deletes the mail), and hands
// it to ours instead. It owns no shortcut itself and never touches a key that starts outside our elements.
//
// How: one listener on `window` in the capture phase, the first station of every event. It stops the event there,
// which cancels no default action (DOM §2.9), so text editing, Tab, Enter on a button go on working natively. Our own
// handlers are called directly, from the innermost element outwards.
//
// Listeners that the page put on `window` in capture BEFORE the guard run before it, and the tag is `async`. For them
// there are three things: the key is masked once something can be typed into (key-mask.ts), elements with a focused text field say `isContentEditable`,
// which most shortcut libraries respect, and a key that was swallowed all the same is typed by the guard itself. A
// page that wants no such listener to see an event at all puts `ringtag-keys.js` first in its head.

/** An element's own key handler; returns true when the key was used, and no outer element is asked. */
export const KEYS = Symbol.for('ringtag.keys');

/** What an element implements to hear keys that start inside it. */
export interface KeyListener {
  [KEYS](event: KeyboardEvent): boolean;
}

/** Heard wherever the focus is, before everything else; for the few shortcuts that work from anywhere. */
export type GlobalKey = (event: KeyboardEvent) => boolean;

const GUARD = Symbol.for('ringtag.guard');
export interface Guard {
  readonly globalKeys: Set<GlobalKey>;
  /** Above 0 while the guard itself asks which key it was. */
  reading: number;
  /** For a key that the page has cancelled before us; there once something can be typed into (elements/typing.ts). */
  typeInstead?: (event: KeyboardEvent, target: EventTarget | undefined) => void;
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
  const guard: Guard = { globalKeys: new Set(), reading: 0 };
  holder[GUARD] = guard;
  for (const type of KEY_EVENTS) {
    const read = (event: KeyboardEvent) => {
      guard.reading += 1;
      try {
        guardKey(guard, event);
      } finally {
        guard.reading -= 1;
      }
    };
    view.addEventListener(type, read, { capture: true });
  }
  for (const type of BUTTON_EVENTS) {
    view.addEventListener(type, guardButton, { capture: true, passive: true });
  }
  return guard;
}

/** Adds a shortcut that works from anywhere in the page; returns how to take it away. */
export function onGlobalKey(key: GlobalKey): () => void {
  const { globalKeys } = installKeyboardGuard();
  globalKeys.add(key);
  return () => globalKeys.delete(key);
}

export function isOurs(target: EventTarget | undefined): target is Element {
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
  if (swallowed) guard.typeInstead?.(event, path[0]);
}

function guardButton(event: Event): void {
  const button = event.composedPath().find((target) => isOurs(target) && PRESS in target);
  if (button === undefined) return;
  event.stopImmediatePropagation();
  if (event.type === 'click') (button as unknown as { [PRESS](): void })[PRESS]();
}
