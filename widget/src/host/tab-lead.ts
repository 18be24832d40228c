// Which tab of a site carries the connections: the holder of one Web Lock per hub and origin. The tab in which a
// person acts takes it over when no call would suffer. No secret crosses the channel, only what the caller posts.
import type { Clock } from '../call/clock.ts';

/** A leader that says nothing for this long is frozen or gone; the lock is taken from it. */
const YIELD_MS = 300;

export interface TabLeadOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Whether the lead can go to another tab now: no call lives here. */
  readonly mayYield: () => boolean;
  readonly gained: () => void;
  readonly lost: () => void;
  /** What another tab posted. */
  readonly message: (data: unknown) => void;
  /** Absent on insecure pages and in old browsers: then every tab leads itself. */
  readonly locks?: LockManager | undefined;
  readonly openChannel?: (name: string) => BroadcastChannel;
}

export interface TabLead {
  readonly leads: boolean;
  /** Queues for the lead. */
  join(): void;
  /** Gives the lead back and leaves the queue. */
  leave(): void;
  /** True once this tab leads; false when the leader must keep it. */
  takeOver(): Promise<boolean>;
  /** Tells the other tabs. */
  post(data: unknown): void;
  close(): void;
}

type Handshake =
  | { readonly ringtagLead: 'ask'; readonly from: string }
  | { readonly ringtagLead: 'reply'; readonly to: string; readonly yields: boolean };

export function createTabLead(options: TabLeadOptions): TabLead {
  const { name, clock, locks } = options;
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const channel = (options.openChannel ?? ((channelName) => new BroadcastChannel(channelName)))(name);
  let leads = false;
  let joined = false;
  let queued: AbortController | undefined;
  let release = () => {};
  let onReply = (_: boolean) => {};
  let onLead = () => {};

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const handshake = data as Handshake | null;
    if (handshake?.ringtagLead === 'ask') {
      if (leads) post({ ringtagLead: 'reply', to: handshake.from, yields: options.mayYield() });
    } else if (handshake?.ringtagLead === 'reply') {
      if (handshake.to === me) onReply(handshake.yields);
    } else options.message(data);
  };

  function post(data: unknown): void {
    channel.postMessage(data);
  }

  function become(leading: boolean): void {
    if (leads === leading) return;
    leads = leading;
    if (leading) options.gained();
    else options.lost();
    if (leading) onLead();
  }

  /** Waits for the lock, or takes it; holds it until released or robbed. */
  async function hold(steal: boolean): Promise<void> {
    if (!locks) return become(true);
    queued?.abort();
    const own = new AbortController();
    queued = own;
    try {
      await locks.request(name, steal ? { steal } : { signal: own.signal }, () => {
        if (own.signal.aborted) return undefined;
        become(true);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    } catch {
      // AbortError: left the queue, or another tab took the lock (Web Locks §3.4, `steal`).
    }
    if (own !== queued) return;
    become(false);
    if (joined) void hold(false);
  }

  return {
    get leads() {
      return leads;
    },
    join() {
      if (joined) return;
      joined = true;
      void hold(false);
    },
    leave() {
      joined = false;
      queued?.abort();
      queued = undefined;
      release();
      become(false);
    },
    async takeOver() {
      if (leads) return true;
      const yields = await new Promise<boolean>((resolve) => {
        const cancel = clock.after(YIELD_MS, () => resolve(true));
        onReply = (answer) => {
          cancel();
          resolve(answer);
        };
        post({ ringtagLead: 'ask', from: me });
      });
      if (!yields) return false;
      joined = true;
      await new Promise<void>((resolve) => {
        onLead = resolve;
        void hold(true);
        if (leads) resolve();
      });
      return true;
    },
    post,
    close() {
      this.leave();
      channel.close();
    },
  };
}
