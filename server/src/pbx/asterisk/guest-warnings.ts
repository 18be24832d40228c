// The warning of a call's end, for whoever was joined to a visitor: Asterisk speaks it to the visitor and to whom the
// visitor's call rang, but an attended transfer, or a device that takes another's place, puts somebody there whom it
// did not ring. Nothing is said while the hub is away.
import { limits } from '@ringtag/server/protocol';
import type { Clock } from '../../platform/clock.ts';

/** As in asterisk/sounds. */
export type Sentence = 'call-ends' | 'call-ends-soon';

export interface WarningsOptions {
  readonly clock: Clock;
  /** Speaks to one channel alone; never rejects. */
  readonly say: (channelId: string, words: { sentence: Sentence; language: string }) => Promise<void>;
}

export interface Warnings {
  /** In place of the one before for this visitor. Where less than the usual time is left it is said at once. */
  plan(endpoint: string, warning: { channel: string; language: string; endsAtMs: number }): void;
  drop(endpoint: string): void;
  stop(): void;
}

/** Who has just been joined is still being introduced, and their sound is on its way. */
const AT_ONCE_MS = 1_000;

export function createWarnings({ clock, say }: WarningsOptions): Warnings {
  const planned = new Map<string, () => void>();
  function drop(endpoint: string): void {
    planned.get(endpoint)?.();
    planned.delete(endpoint);
  }
  return {
    plan(endpoint, { channel, language, endsAtMs }) {
      drop(endpoint);
      const leftMs = endsAtMs - limits.VISIT_WARNING_MS - clock.now();
      const sentence = leftMs > 0 ? 'call-ends' : 'call-ends-soon';
      const cancel = clock.after(Math.max(leftMs, AT_ONCE_MS), () => {
        planned.delete(endpoint);
        void say(channel, { sentence, language });
      });
      planned.set(endpoint, cancel);
    },
    drop,
    stop() {
      for (const endpoint of [...planned.keys()]) drop(endpoint);
    },
  };
}
