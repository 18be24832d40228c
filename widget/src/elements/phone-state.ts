// Base of the inner elements: shows one phone. Re-renders at each of its changes and knows nothing of how it works.
import { LitElement, type PropertyValues } from 'lit';
import type { CallView, Phone, PhoneState } from '../call/phone.ts';

/** A Lit element with a `phone` property whose state it renders. */
export abstract class PhoneView extends LitElement {
  static override properties = { phone: { attribute: false } };
  declare phone: Phone | null;
  #unsubscribe: (() => void) | null = null;

  constructor() {
    super();
    this.phone = null;
  }

  protected get state(): PhoneState | null {
    return this.phone?.state ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#subscribe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('phone')) this.#subscribe();
  }

  /** Told of each state, before it is rendered; `updateComplete` then waits for its rendering. */
  protected stateChanged(_state: PhoneState): void {}

  #subscribe(): void {
    this.#unsubscribe?.();
    if (!this.isConnected || this.phone === null) return;
    this.#unsubscribe = this.phone.subscribe((state) => {
      this.requestUpdate();
      this.stateChanged(state);
    });
  }
}

/** Calls that ring here and wait for an answer. */
export function ringingCalls(state: PhoneState): readonly CallView[] {
  return state.calls.filter((call) => call.direction === 'in' && call.phase === 'ringing');
}

/** Calls that are made, talked or on hold, here or in another window: not what only rings, not what has ended. */
export function liveCalls(state: PhoneState | null): readonly CallView[] {
  return (
    state?.calls.filter(
      (call) => call.phase !== 'ended' && !(call.direction === 'in' && call.phase === 'ringing'),
    ) ?? []
  );
}

/** The call that the person is in or is making; of two, the one that is not on hold. */
export function liveCall(state: PhoneState | null): CallView | undefined {
  const calls = liveCalls(state);
  const here = calls.filter((call) => !call.elsewhere);
  return here.findLast((call) => !call.held) ?? here.at(-1) ?? calls.at(-1);
}

/** The other one of two. */
export function otherCall(state: PhoneState | null): CallView | undefined {
  const live = liveCall(state);
  return liveCalls(state).find((call) => call !== live);
}

/** The last ended call that had a card of its own: not one that only rang here. */
export function endedCall(state: PhoneState | null): CallView | undefined {
  return state?.calls.findLast((call) => call.phase === 'ended' && !onlyRang(call));
}

/** An incoming call that ended before it was answered here. */
export function onlyRang(call: CallView): boolean {
  return (
    call.direction === 'in' &&
    call.phase === 'ended' &&
    call.activeSinceMs === undefined &&
    call.ended?.code === undefined &&
    call.ended?.reason !== 'failed'
  );
}
