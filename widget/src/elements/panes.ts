// Entry of the chunk with everything Lit: registers the inner elements and mounts them into a surface.
import type { Phone } from '../call/phone.ts';
import type { Mounted, Surface } from './surface.ts';

/** What the loader gets by dynamic import. */
export interface Panes {
  mount(surface: Surface, phone: Phone): Mounted;
}

export function mount(surface: Surface, phone: Phone): Mounted {
  void surface;
  void phone;
  return { unmount() {} };
}
