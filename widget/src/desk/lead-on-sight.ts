// The tab in front of the person should be the one that leads: browsers hold a microphone that a hidden tab asks for
// until that tab is seen. So a tab that stays in sight takes the lead, while nothing is there that would suffer.
import type { Clock } from '../call/clock.ts';

/** Whoever only passes through a tab on the way to another moves nothing. */
const SETTLED_MS = 1_000;

export interface LeadOnSightOptions {
  readonly clock: Clock;
  /** In sight, without the lead, and with no call on the screen. */
  readonly wants: () => boolean;
  readonly take: () => void;
}

export class LeadOnSight {
  readonly #options: LeadOnSightOptions;
  #cancel: (() => void) | undefined;

  constructor(options: LeadOnSightOptions) {
    this.#options = options;
  }

  /** Something that counts has changed. The wait goes on as long as the tab wants the lead without a break. */
  look(): void {
    const { clock, wants, take } = this.#options;
    if (!wants()) this.stop();
    else
      this.#cancel ??= clock.after(SETTLED_MS, () => {
        this.#cancel = undefined;
        take();
      });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
