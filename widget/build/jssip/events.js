// Stands in for the `events` package with what JsSIP and the line use of it. Listeners of one emit are those of its
// beginning, as there.
export class EventEmitter {
  #listeners = {};

  on(name, listener) {
    this.#listeners[name] = [...this.listeners(name), listener];
    return this;
  }

  removeListener(name, listener) {
    this.#listeners[name] = this.listeners(name).filter((other) => other !== listener);
    return this;
  }

  listeners(name) {
    return [...(this.#listeners[name] ?? [])];
  }

  emit(name, ...details) {
    const listeners = this.listeners(name);
    for (const listener of listeners) listener.apply(this, details);
    return listeners.length > 0;
  }
}
