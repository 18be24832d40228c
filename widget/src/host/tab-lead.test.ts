import { expect, test } from 'vitest';
import { createManualClock, runAsTask, settle } from '../testing/manual-clock.ts';
import { createTabLead } from './tab-lead.ts';

/** FakeLocks stands in for Web Locks, which Node lacks: exclusive, first come first served, with `steal`. */
class FakeLocks {
  #held: { reject: (reason: Error) => void } | undefined;
  readonly #queue: (() => void)[] = [];

  request(
    _: string,
    options: { steal?: boolean; signal?: AbortSignal },
    work: () => Promise<void> | undefined,
  ) {
    return new Promise<void>((resolve, reject) => {
      const grant = () => {
        const own = { reject };
        this.#held = own;
        runAsTask(() => {
          void Promise.resolve(work()).then(() => {
            resolve();
            if (this.#held === own) this.#next();
          });
        });
      };
      options.signal?.addEventListener('abort', () => {
        const at = this.#queue.indexOf(grant);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(new DOMException('aborted', 'AbortError'));
      });
      if (options.steal) {
        this.#held?.reject(new DOMException('stolen', 'AbortError'));
        grant();
      } else if (this.#held) this.#queue.push(grant);
      else grant();
    });
  }

  #next(): void {
    this.#held = undefined;
    this.#queue.shift()?.();
  }
}

/** FakeChannel stands in for BroadcastChannel, so that each test has an air of its own. */
function openAir() {
  const channels = new Set<{ onmessage: ((event: { data: unknown }) => void) | null }>();
  return () => {
    const channel = {
      onmessage: null as ((event: { data: unknown }) => void) | null,
      postMessage(data: unknown) {
        const copy = structuredClone(data);
        for (const other of channels) {
          if (other !== channel) runAsTask(() => other.onmessage?.({ data: copy }));
        }
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    return channel as unknown as BroadcastChannel;
  };
}

function site() {
  const clock = createManualClock();
  const locks = new FakeLocks() as unknown as LockManager;
  const air = openAir();
  let first: BroadcastChannel | undefined;
  function openChannel(): BroadcastChannel {
    const channel = air();
    first ??= channel;
    return channel;
  }
  return {
    clock,
    /** Makes the first tab hear nothing, as a frozen one does; its lock stays. It hears all when it wakes. */
    deaf() {
      if (!first) return () => {};
      const { onmessage } = first;
      const waiting: MessageEvent[] = [];
      first.onmessage = (event) => waiting.push(event);
      return () => {
        if (first) first.onmessage = onmessage;
        for (const event of waiting.splice(0)) first?.onmessage?.(event);
      };
    },
    tab() {
      const log: string[] = [];
      const mind = { yields: true, inSight: false, heardOfCall: false };
      const lead = createTabLead({
        name: 'ringtag https://hub.example',
        clock,
        locks,
        openChannel,
        mayYield: (wish) => mind.yields && !(wish === 'seen' && mind.inSight),
        heardOfCall: () => mind.heardOfCall,
        gained: () => log.push('gained'),
        lost: () => log.push('lost'),
        message: (data) => log.push(`heard ${String(data)}`),
      });
      return { lead, log, mind };
    },
  };
}

test('one tab leads; the next one does when it goes', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  expect([first.lead.leads, second.lead.leads]).toEqual([true, false]);
  first.lead.close();
  await settle();
  expect(second.lead.leads).toBe(true);
  expect(first.log).toEqual(['gained', 'lost']);
});

test('the tab in which a person acts takes the lead over, and the old one waits for its turn', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  expect(await second.lead.takeOver()).toBe(true);
  await settle();
  expect([first.lead.leads, second.lead.leads]).toEqual([false, true]);
  second.lead.leave();
  await settle();
  expect(first.lead.leads).toBe(true);
});

test('a leader with a call keeps the lead', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.mind.yields = false;
  first.lead.join();
  second.lead.join();
  await settle();
  expect(await second.lead.takeOver()).toBe(false);
  expect(first.lead.leads).toBe(true);
});

test('nobody answers: the leader is frozen, and the lock is taken from it', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  deaf();
  const taken = second.lead.takeOver();
  await clock.advance(400);
  expect(await taken).toBe(true);
  expect(second.log).toEqual(['gained']);
});

test('a tab in sight takes the lead from one out of sight, not from one in sight', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  first.mind.inSight = true;
  expect(await second.lead.takeOver('seen')).toBe(false);
  first.mind.inSight = false;
  expect(await second.lead.takeOver('seen')).toBe(true);
  await settle();
  expect([first.lead.leads, second.lead.leads]).toEqual([false, true]);
});

test('a click gets the lead from a tab that has just refused it to the mere sight of this one', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  first.mind.inSight = true;
  const asked = [second.lead.takeOver('seen'), second.lead.takeOver(), second.lead.takeOver()];
  expect(await Promise.all(asked)).toEqual([false, true, true]);
});

test('being in sight never takes the lead from a silent tab with a call', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  second.mind.heardOfCall = true;
  first.lead.join();
  second.lead.join();
  await settle();
  deaf();
  const taken = second.lead.takeOver('seen');
  await clock.advance(60_000);
  expect([await taken, first.lead.leads]).toEqual([false, true]);
});

test('two clicks in a row ask once: the second does not take the lead from a tab with a call', async () => {
  const { tab, clock } = site();
  const [first, second] = [tab(), tab()];
  first.mind.yields = false;
  first.lead.join();
  second.lead.join();
  await settle();
  const clicks = [second.lead.takeOver(), second.lead.takeOver()];
  await clock.advance(10_000);
  expect(await Promise.all(clicks)).toEqual([false, false]);
  expect([first.log, second.log]).toEqual([['gained'], []]);
});

test('a reply to an earlier question does not answer a later one', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  second.mind.heardOfCall = true;
  const wake = deaf();
  const early = second.lead.takeOver();
  await clock.advance(300);
  expect(await early).toBe(false);
  const late = second.lead.takeOver();
  first.mind.yields = false;
  wake();
  first.mind.yields = true;
  await settle();
  expect(await late).toBe(true);
  expect(first.log).toEqual(['gained', 'lost']);
});

test('a busy leader with a call is refused to at once, and keeps the lead when it wakes in seconds', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  first.mind.yields = false;
  second.mind.heardOfCall = true;
  first.lead.join();
  second.lead.join();
  await settle();
  const wake = deaf();
  const taken = second.lead.takeOver();
  await clock.advance(300);
  expect(await taken).toBe(false);
  await clock.advance(3_000);
  wake();
  await clock.advance(60_000);
  expect([first.log, second.log]).toEqual([['gained'], []]);
});

test('a leader with a call that stays silent for seconds loses the lead', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  first.mind.yields = false;
  second.mind.heardOfCall = true;
  first.lead.join();
  second.lead.join();
  await settle();
  deaf();
  const taken = second.lead.takeOver();
  await clock.advance(4_000);
  expect([await taken, second.lead.leads]).toEqual([false, false]);
  await clock.advance(2_000);
  expect([first.log, second.log]).toEqual([['gained', 'lost'], ['gained']]);
});

test('who leaves while asking for the lead does not get it', async () => {
  const { tab, clock, deaf } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  second.lead.join();
  await settle();
  deaf();
  const taken = second.lead.takeOver();
  second.lead.leave();
  await clock.advance(10_000);
  expect(await taken).toBe(false);
  expect([first.lead.leads, second.lead.leads]).toEqual([true, false]);
});

test('what tabs tell each other arrives as it was sent, the handshake does not', async () => {
  const { tab } = site();
  const [first, second] = [tab(), tab()];
  first.lead.join();
  await settle();
  second.lead.post('hello');
  await second.lead.takeOver();
  expect(first.log).toContain('heard hello');
  expect(first.log.filter((line) => line.startsWith('heard'))).toHaveLength(1);
});

test('without Web Locks each tab leads itself', () => {
  const log: string[] = [];
  const lead = createTabLead({
    name: 'x',
    clock: createManualClock(),
    mayYield: () => true,
    heardOfCall: () => false,
    gained: () => log.push('gained'),
    lost: () => log.push('lost'),
    message: () => {},
    openChannel: openAir(),
  });
  lead.join();
  expect(lead.leads).toBe(true);
  lead.leave();
  expect(log).toEqual(['gained', 'lost']);
});
