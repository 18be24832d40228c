// What the caller's device has sent before the called person may see any of it (C13), in order, without repeats, and
// bounded: a new description makes earlier descriptions and candidates pointless, so they are dropped.
import { limits, type SignalEnvelope } from '@ringtag/server/protocol';

export interface HeldSignals {
  /** False when there is no room for all of them; then none is kept. Numbers already held are passed over. */
  add(envelopes: readonly SignalEnvelope[]): boolean;
  all(): SignalEnvelope[];
  after(seq: number): SignalEnvelope[];
  clear(): void;
}

export function createHeldSignals(): HeldSignals {
  let held: SignalEnvelope[] = [];
  return {
    add(envelopes) {
      const known = new Set(held.map((envelope) => envelope.seq));
      const merged = [...held, ...envelopes.filter((envelope) => !known.has(envelope.seq))];
      const kept = withoutOutdated(merged.sort((a, b) => a.seq - b.seq));
      if (kept.length > limits.HELD_SIGNALS) return false;
      held = kept;
      return true;
    },
    all: () => [...held],
    after: (seq) => held.filter((envelope) => envelope.seq > seq),
    clear() {
      held = [];
    },
  };
}

function withoutOutdated(sorted: readonly SignalEnvelope[]): SignalEnvelope[] {
  const start = sorted.findLastIndex(({ signal }) => signal.kind === 'description');
  const lastMedia = sorted.findLastIndex(({ signal }) => signal.kind === 'media');
  return sorted.filter(({ signal }, index) =>
    signal.kind === 'media' ? index === lastMedia : index >= start,
  );
}
