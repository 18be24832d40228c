// Telephone calls whose end nobody told. The caller's page says when such a call is over; where it could not (a crash,
// a closed lid, a hub that was away), the telephone exchange is asked, and the record is closed as `lost` (C16).
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CallStore } from '../storage/port.ts';
import type { CallRecord } from './call.ts';
import type { PbxReach } from './ports.ts';

/** How often the exchange is asked. */
const SWEEP_MS = 30_000;
/** A call younger than this may not have reached the exchange yet: the browser asks for the microphone first. */
const SETTLE_MS = 60_000;

export interface PlacedSweepOptions {
  readonly clock: Clock;
  readonly calls: CallStore;
  readonly pbxReach: PbxReach;
  readonly logger: Logger;
  /** The caller's device is still in a call. */
  readonly seen: (callId: string, atMs: number) => void;
  /** It is not: the record is to be closed. */
  readonly close: (callId: string) => Promise<unknown>;
}

export interface PlacedSweep {
  start(): void;
  stop(): void;
}

export function createPlacedSweep(options: PlacedSweepOptions): PlacedSweep {
  const { clock, calls, pbxReach, logger } = options;
  let cancel = () => {};

  async function sweep(): Promise<void> {
    // An exchange that does not answer knows nothing of calls; that is no reason to end them.
    if (!pbxReach.available) return;
    const placed = await calls.placed();
    const isInCall = ({ callerSessionId }: CallRecord) => pbxReach.callsOf(callerSessionId) > 0;
    const nowMs = clock.now();
    const going = placed.filter(isInCall).map(({ id }) => id);
    for (const id of going) options.seen(id, nowMs);
    await calls.touch(going, nowMs);
    const over = placed.filter((call) => !isInCall(call) && nowMs - call.lastSeenAtMs >= SETTLE_MS);
    for (const { id } of over) await options.close(id);
  }

  function start(): void {
    cancel = clock.after(SWEEP_MS, () => {
      start();
      sweep().catch((err: unknown) => logger.warn({ err }, 'telephone calls could not be looked after'));
    });
  }

  return { start, stop: () => cancel() };
}
