// Base of what shows visits: a phone's view that also re-renders when something about visitors has changed.
import type { PropertyValues } from 'lit';
import type { Visits } from '../../visits/book.ts';
import { noVisits, type VisitsState } from '../../visits/visits-state.ts';
import { PhoneView } from '../phone-state.ts';

export abstract class VisitsView extends PhoneView {
  protected visits: Visits | null = null;
  #unsubscribe: (() => void) | null = null;

  protected get known(): VisitsState {
    return this.visits?.state ?? noVisits;
  }

  protected get me(): string | undefined {
    return this.state?.me?.id;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('phone')) this.#follow();
  }

  /** The book is there. */
  protected abstract opened(visits: Visits): void;

  #follow(): void {
    const { phone } = this;
    if (!phone || this.#unsubscribe) return;
    this.#unsubscribe = () => {};
    phone.visits().then(
      (visits) => {
        if (!this.isConnected) return;
        this.visits = visits;
        this.#unsubscribe = visits.subscribe(() => this.requestUpdate());
        this.opened(visits);
      },
      // This element came in the same chunk.
      () => {},
    );
  }
}
