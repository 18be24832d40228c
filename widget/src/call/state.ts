// The phone's observable state: one value, replaced whole, told to every listener.
import type { PhoneState } from './phone.ts';

export interface Observable<T> {
  readonly value: T;
  set(next: T): void;
  subscribe(listener: (value: T) => void): () => void;
}

export function createObservable<T>(initial: T): Observable<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    subscribe(listener) {
      // A function of its own, so that the same listener twice is two subscriptions.
      const own = (next: T) => listener(next);
      listeners.add(own);
      own(value);
      return () => listeners.delete(own);
    },
  };
}

export const startingState: PhoneState = {
  status: 'starting',
  leads: false,
  me: null,
  signIn: {},
  calls: [],
  telephone: false,
  soundBlocked: false,
  error: null,
  doNotDisturb: false,
  quietUntilMs: null,
  missed: 0,
  popOut: 'closed',
  notice: null,
  canRedial: false,
  visitors: null,
};
