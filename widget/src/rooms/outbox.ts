// Signals of one room on their way out: numbered, batched, and sent again from the last description on when the
// other side or the hub comes back (SPEC R2, R3). Knows no WebRTC beyond what a description is.
import type { Signal, SignalEnvelope } from '@ringtag/server/protocol';
import { SIGNALS_PER_MESSAGE } from '@ringtag/server/protocol/limits';
import type { Clock } from '../call/clock.ts';

/** Candidates come in bursts; one message takes those of this long. */
const BATCH_MS = 20;

/** A number: not now, but after so many ms. `undefined`: nobody answered; sent again after the next snapshot. */
export type Delivery = 'delivered' | 'refused' | number | undefined;

export interface Outbox {
  push(signal: Signal): void;
  /** Sends from the last description on, whether or not it was acknowledged. */
  resend(): void;
  close(): void;
}

export interface OutboxOptions {
  readonly deliver: (envelopes: readonly SignalEnvelope[]) => Promise<Delivery>;
  readonly clock: Clock;
}

interface Entry {
  readonly envelope: SignalEnvelope;
  sent: boolean;
  acknowledged: boolean;
}

export function createOutbox({ deliver, clock }: OutboxOptions): Outbox {
  let seq = 0;
  let entries: Entry[] = [];
  let cancelBatch: (() => void) | undefined;
  let cancelWait: (() => void) | undefined;
  let closed = false;

  function flush(): void {
    // Nothing may overtake what waits: the other side drops lower numbers than it has seen (SPEC R2).
    if (cancelWait) return;
    cancelBatch?.();
    cancelBatch = undefined;
    const waiting = entries.filter((entry) => !entry.sent);
    for (let from = 0; from < waiting.length; from += SIGNALS_PER_MESSAGE) {
      void send(waiting.slice(from, from + SIGNALS_PER_MESSAGE));
    }
  }

  async function send(batch: readonly Entry[]): Promise<void> {
    for (const entry of batch) entry.sent = true;
    const delivery = await deliver(batch.map((entry) => entry.envelope));
    if (typeof delivery === 'number') wait(batch, delivery);
    else if (delivery) for (const entry of batch) entry.acknowledged = true;
  }

  function wait(batch: readonly Entry[], forMs: number): void {
    if (closed) return;
    for (const entry of batch) entry.sent = false;
    cancelWait ??= clock.after(forMs, () => {
      cancelWait = undefined;
      flush();
    });
  }

  return {
    push(signal) {
      if (closed) return;
      // What came before a description matters no more once it has arrived.
      if (signal.kind === 'description') entries = entries.filter((entry) => !entry.acknowledged);
      entries.push({ envelope: { seq: ++seq, signal }, sent: false, acknowledged: false });
      if (signal.kind !== 'candidate') flush();
      else cancelBatch ??= clock.after(BATCH_MS, flush);
    },
    resend() {
      if (closed) return;
      const last = entries.findLastIndex((entry) => entry.envelope.signal.kind === 'description');
      entries = entries.filter((entry, index) => index >= last || !entry.acknowledged);
      for (const entry of entries) entry.sent = false;
      flush();
    },
    close() {
      closed = true;
      cancelBatch?.();
      cancelWait?.();
      entries = [];
    },
  };
}
