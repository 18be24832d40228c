// Sessions that were signed out of here and that the hub has not ended yet. Their keys stay in storage until it has,
// so that a session left without a network does not live on for a month; nobody is signed in with them any more.
import { backoffMs, type Clock } from '../call/clock.ts';
import { type Result, refused } from '../call/errors.ts';
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
  /** Tells the hub until it has heard; settles after the first try. A bearer at hand saves the proof. */
  tell(device: DeviceRecord, bearer?: string): Promise<void>;
  /** Goes on with what an earlier page could not tell. */
  resume(): Promise<void>;
  /** The network is back: do not wait for the next turn. */
  hurry(): void;
  close(): void;
}

export function createSignOffs({ store, clock, prove, end }: SignOffsOptions): SignOffs {
  const open = new Set<string>();
  const wake = new Set<() => void>();
  let closed = false;

  /** True when the session is over at the hub. */
  async function attempt(device: DeviceRecord, bearer: string | undefined): Promise<boolean> {
    const ended = bearer === undefined ? refused('SIGNED_OUT') : await end(bearer);
    // A bearer that has run out says nothing about the session.
    if (ended.ok) return true;
    if (ended.code !== 'SIGNED_OUT') return false;
    const proved = await prove(device).catch(() => refused('INTERNAL'));
    if (proved.ok) return (await end(proved.value)).ok;
    return proved.code === 'SIGNED_OUT' || proved.code === 'NOT_FOUND';
  }

  async function keepTelling(device: DeviceRecord): Promise<void> {
    for (let tries = 0; !closed; tries++) {
      await turn(tries);
      if (closed) return;
      if (await attempt(device, undefined)) return forget(device);
    }
  }

  function turn(tries: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(backoffMs(tries, RETRY_MAX_MS), proceed);
      function proceed(): void {
        cancel();
        wake.delete(proceed);
        resolve();
      }
      wake.add(proceed);
    });
  }

  async function forget({ sessionId }: DeviceRecord): Promise<void> {
    open.delete(sessionId);
    await store.forgetRetired(sessionId).catch(() => {});
  }

  async function tell(device: DeviceRecord, bearer?: string): Promise<void> {
    if (open.has(device.sessionId)) return;
    open.add(device.sessionId);
    if (await attempt(device, bearer)) await forget(device);
    else void keepTelling(device);
  }

  return {
    async retire(device) {
      // Where nothing can be stored, this page still tells as long as it lives.
      await store.retire(device).catch(() => store.remove().catch(() => {}));
    },
    tell,
    async resume() {
      for (const device of await store.retired().catch(() => [])) void tell(device);
    },
    hurry() {
      for (const proceed of [...wake]) proceed();
    },
    close() {
      closed = true;
      for (const proceed of [...wake]) proceed();
    },
  };
}
