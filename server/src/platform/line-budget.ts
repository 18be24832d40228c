// How many lines of one kind the log takes a minute: what strangers can cause must not fill a disk. What is left out is
// counted, and told in one line when the next minute has come.
import type { Logger } from './logger.ts';

export interface LineBudget {
  /** Whether one more line may be written. */
  spend(): boolean;
}

export interface LineBudgetOptions {
  readonly lines: number;
  readonly logger: Pick<Logger, 'info'>;
  /** Said with the number of those that were left out. */
  readonly message: string;
  /** Default: the machine's clock. */
  readonly now?: () => number;
}

const MINUTE_MS = 60_000;

export function createLineBudget({ lines, logger, message, now = Date.now }: LineBudgetOptions): LineBudget {
  let endsAtMs = 0;
  let spent = 0;

  function turn(nowMs: number): void {
    if (nowMs < endsAtMs) return;
    if (spent > lines) logger.info({ leftOut: spent - lines }, message);
    endsAtMs = nowMs + MINUTE_MS;
    spent = 0;
  }

  return {
    spend() {
      turn(now());
      spent += 1;
      return spent <= lines;
    },
  };
}
