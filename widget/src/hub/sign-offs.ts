// Sessions that were signed out of here and that the hub has not ended yet. Their keys stay in storage until it has,
// so that a session left without a network does not live on for a month; nobody is signed in with them any more.
import { backoffMs, type Clock } from '../call/clock.ts';
import type { Result } from '../call/errors.ts';
import type { DeviceRecord, DeviceStore } from './device-key.ts';

const RETRY_MAX_MS = 60_000;

export interface SignOffsOptions {
  readonly store: DeviceStore;
  readonly clock: Clock;
  /** A bearer for the session of this device. */
  readonly prove: (device: DeviceRecord) => Promise<Result<string>>;
  /** Ends the session of this bearer at the hub. */
  readonly end: (bearer: string) => Promise<Result<unknown>>;
}

export interface SignOffs {
  /** Puts the device's record among those to end, in the place where it made this browser signed in. */
  retire(device: DeviceRecord): Promise<void>;
  /** Tells the hub until it has heard. A bearer at hand saves the first proof. */
  tell(device: DeviceRecord, bearer?: string): Promise<void>;
  /** Goes on with what an earlier page could not tell. */
  resume(): Promise<void>;
  /** The network is back: do not wait for the next turn. */
  hurry(): void;
}

export function createSignOffs({ store, clock, prove, end }: SignOffsOptions): SignOffs {
  const wake = new Set<() => void>();

  /** True when the session is over at the hub. A bearer that has run out says nothing about the session. */
  async function attempt(device: DeviceRecord, bearer?: string): Promise<boolean> {
    if (bearer && (await end(bearer)).ok) return true;
    const proved = await prove(device);
    if (proved.ok) return (await end(proved.value)).ok;
    return proved.code === 'SIGNED_OUT' || proved.code === 'NOT_FOUND';
  }

  async function tell(device: DeviceRecord, bearer?: string): Promise<void> {
    for (let tries = 0; !(await attempt(device, tries ? undefined : bearer)); tries++) {
      await new Promise<void>((resolve) => {
        wake.add(resolve);
        clock.after(backoffMs(tries, RETRY_MAX_MS), resolve);
      });
    }
    await store.forgetRetired(device.sessionId).catch(() => {});
  }

  return {
    // Where nothing can be stored, this page still tells as long as it lives.
    retire: (device) => store.retire(device).catch(() => store.remove()),
    tell,
    async resume() {
      for (const device of await store.retired().catch(() => [])) void tell(device);
    },
    hurry() {
      for (const proceed of wake) proceed();
      wake.clear();
    },
  };
}
