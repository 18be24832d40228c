// Which tab of a site carries the connections: the holder of one Web Lock per hub and origin. The tab in which a
// person acts takes it over when no call would suffer. No secret crosses the channel, only what the caller posts.
import type { Clock } from '../call/clock.ts';

/** A leader that says nothing for this long is frozen or gone; the lock is taken from it, if no call lives there. */
const YIELD_MS = 300;
/** A busy page answers late, and taking the lock cuts its call: a leader with a call may be silent for this long. */
const YIELD_IN_CALL_MS = 5_000;

/** Why a tab wants the lead: a person acts in it, or it is merely the one in sight. */
export type Wish = 'acts' | 'seen';

export interface TabLeadOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Whether the lead can go to another tab now: no call lives here. */
  readonly mayYield: (wish: Wish) => boolean;
  /** Whether a call lived in the leading tab when it last spoke. */
  readonly heardOfCall: () => boolean;
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
  /**
   * True once this tab leads; false when the leader must keep it. After a false, a leader with a call that stays
   * silent still loses the lead: `gained` tells.
   */
  takeOver(wish?: Wish): Promise<boolean>;
  /** Tells the other tabs. */
  post(data: unknown): void;
  close(): void;
}

type Handshake =
  | { readonly ringtagLead: 'ask'; readonly from: string; readonly ask: number; readonly wish: Wish }
  | { readonly ringtagLead: 'reply'; readonly to: string; readonly ask: number; readonly yields: boolean };

export function createTabLead(options: TabLeadOptions): TabLead {
  const { name, clock, locks } = options;
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const channel = (options.openChannel ?? ((channelName) => new BroadcastChannel(channelName)))(name);
  let leads = false;
  let joined = false;
  let queued: AbortController | undefined;
  let release = () => {};
  let asks = 0;
  let onReply = (_: boolean) => {};
  /** One at a time: whoever wants the lead meanwhile waits for the same. */
  let taking: Promise<boolean> | undefined;
  let takingFor: Wish = 'acts';
  let onTaken = (_: boolean) => {};
  /** Ends the wait for a leader with a call that has not answered. */
  let cancelDoubt: (() => void) | undefined;

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const handshake = data as Handshake | null;
    if (handshake?.ringtagLead === 'ask') {
      const { from: to, ask, wish } = handshake;
      if (leads) post({ ringtagLead: 'reply', to, ask, yields: options.mayYield(wish) });
    } else if (handshake?.ringtagLead === 'reply') {
      if (handshake.to !== me) return;
      endDoubt();
      // A late reply to an earlier question says nothing about now.
      if (handshake.ask === asks) onReply(handshake.yields);
    } else options.message(data);
  };

  function post(data: unknown): void {
    channel.postMessage(data);
  }

  function become(leading: boolean): void {
    if (leads === leading) return;
    leads = leading;
    endDoubt();
    if (leading) options.gained();
    else options.lost();
    if (leading) onTaken(true);
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
    onTaken(false);
    become(false);
    if (joined) void hold(false);
  }

  /** What the leader says; undefined if it says nothing in time. */
  function askLeader(wish: Wish): Promise<boolean | undefined> {
    return new Promise((resolve) => {
      const cancel = clock.after(YIELD_MS, () => resolve(undefined));
      onReply = (yields) => {
        cancel();
        resolve(yields);
      };
      post({ ringtagLead: 'ask', from: me, ask: ++asks, wish });
    });
  }

  function steal(): Promise<boolean> {
    joined = true;
    return new Promise((resolve) => {
      onTaken = resolve;
      void hold(true);
    });
  }

  /** The leader may be busy with a call: it is given time to say so. */
  function doubt(): void {
    cancelDoubt ??= clock.after(YIELD_IN_CALL_MS - YIELD_MS, () => {
      cancelDoubt = undefined;
      if (!leads) void steal();
    });
  }

  function endDoubt(): void {
    cancelDoubt?.();
    cancelDoubt = undefined;
  }

  async function take(wish: Wish): Promise<boolean> {
    const asked = asks + 1;
    const yields = await askLeader(wish);
    // The leader went by itself meanwhile, or this tab has left.
    if (leads || asked !== asks) return leads;
    if (yields === undefined && options.heardOfCall()) {
      if (wish === 'acts') doubt();
    } else if (yields !== false) return steal();
    return false;
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
      asks++;
      endDoubt();
      queued?.abort();
      queued = undefined;
      release();
      onTaken(false);
      become(false);
    },
    async takeOver(wish = 'acts') {
      // What a tab in sight is refused may be given to one in which a person acts.
      while (taking && wish === 'acts' && takingFor === 'seen') await taking;
      if (leads) return true;
      if (!taking) takingFor = wish;
      taking ??= take(wish).finally(() => {
        taking = undefined;
      });
      return taking;
    },
    post,
    close() {
      this.leave();
      channel.close();
    },
  };
}
