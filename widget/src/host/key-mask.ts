// The second line behind the keyboard guard, for listeners that the page put on `window` in capture before the tag:
// they run first and cannot be stopped. To them, a key that starts inside our elements looks like one that an input
// method is working on (UI Events §5.3.3: `isComposing`, `keyCode` 229), which acts on nothing anywhere. Only what
// the getters answer changes, only for those events, and never for our own handlers.
import { type Guard, isOurs } from './keyboard-guard.ts';

const MASK: Readonly<Record<string, unknown>> = {
  key: 'Process',
  code: '',
  keyCode: 229,
  which: 229,
  charCode: 0,
  isComposing: true,
};

/** Masks key events that start inside our elements. A page that has frozen its prototypes is left alone. */
export function maskKeys(view: Window & typeof globalThis, guard: Guard): void {
  const { prototype } = view.KeyboardEvent;
  for (const [name, masked] of Object.entries(MASK)) {
    const get = getter(prototype, name);
    if (get === undefined) continue;
    Reflect.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Event): unknown {
        const real: unknown = get.call(this);
        return guard.reading === 0 && this.composedPath().some(isOurs) ? masked : real;
      },
    });
  }
}

/** `which` is inherited from UIEvent. */
function getter(prototype: object, name: string): (() => unknown) | undefined {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return descriptor.get;
  }
  return undefined;
}
