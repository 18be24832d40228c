// Custom elements for browsers that have none. The base of ours already extends the `HTMLElement` that it replaces.
import '@webcomponents/webcomponentsjs/webcomponents-bundle.js';

export function extendPolyfilled(base: object): void {
  Object.setPrototypeOf(base, HTMLElement);
  Object.setPrototypeOf((base as { prototype: object }).prototype, HTMLElement.prototype);
}
