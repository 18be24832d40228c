import type { Place, VisitEvent } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { done, refused } from '../call/errors.ts';
import { createObservable } from '../call/state.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { type Answer, refusal } from './answer.ts';
import type { CallLegOptions } from './call-leg.ts';
import { VisitorDesk } from './desk.ts';
import type { Occupant, PageVisit } from './one-visit.ts';
import { Outbox } from './outbox.ts';
import { placeInTime } from './place.ts';

const offers = { chat: true, message: true, voice: true, callback: true };
const card = {
  id: 'sales',
  lang: 'en',
  label: 'Sales',
  state: 'open',
  waiting: 0,
  call: true,
  offers,
} as const;
const account = { endpoint: 'g', realm: 'r', ha1: 'h', gateUrl: 'wss://gate', dial: 'visit', iceServers: [] };

/** The tabs of one site: what one says all others hear. */
class FakeTabs {
  readonly #channels = new Set<{ onmessage: BroadcastChannel['onmessage'] }>();
  join() {
    const channel = {
      onmessage: null as BroadcastChannel['onmessage'],
      postMessage: () => {
        for (const each of this.#channels)
          if (each !== channel) each.onmessage?.call(each as never, {} as never);
      },
      close: () => void this.#channels.delete(channel),
    };
    this.#channels.add(channel);
    return channel;
  }
}

/** A hub of which a test holds the answers, and a telephone that is none. */
function setUp(
  answers: Record<string, Answer<unknown>[]> = {},
  {
    page = createObservable<Occupant | null>(null),
    tabs,
    locate = async () => undefined,
  }: { page?: PageVisit; tabs?: FakeTabs; locate?: () => Promise<Place | undefined> } = {},
) {
  const clock = createManualClock();
  const asked: string[] = [];
  const answer = async (route: string, more = ''): Promise<Answer<never>> => {
    asked.push(route + more);
    return (answers[route]?.shift() ?? { ok: true, value: {} }) as Answer<never>;
  };
  const track = { enabled: true, stopped: false, stop: () => Object.assign(track, { stopped: true }) };
  let say: (event: VisitEvent) => void = () => {};
  let leg: CallLegOptions | undefined;
  const remembered: boolean[] = [];
  const silent = { play() {}, attach() {}, unblock() {}, follow() {}, close() {} };
  const desk = new VisitorDesk(card, {
    api: {
      card: () => answer('card'),
      ticket: () => answer('ticket'),
      visit: ({ place }) => answer('visit', place ? ' placed' : ''),
      of: () => ({
        visitId: 'v-1',
        say: ({ text }) => answer('say', ` ${text}`),
        call: (proof) => answer('call', proof ? ' proven' : ''),
        end: (reason) => answer('end', ` ${reason}`),
        leave: ({ kind }) => answer('leave', ` ${kind}`),
        voice: () => answer('voice'),
        rate: ({ stars }) => answer('rate', ` ${stars}`),
        sounded: ({ mosMean }) => answer('sounded', ` ${mosMean}`),
        events: async (signal) => {
          const lines = new TransformStream<Uint8Array, Uint8Array>();
          const writer = lines.writable.getWriter();
          signal.addEventListener('abort', () => void writer.abort().catch(() => {}));
          say = (event) => void writer.write(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
          return new Response(lines.readable);
        },
      }),
    },
    tickets: {
      prepare() {},
      close() {},
      paid: async (ask: (proof?: object) => Promise<Answer<unknown>>) => {
        const answer = await ask();
        return !answer.ok && answer.challenge ? ask({ token: 'proven', answers: [1] }) : answer;
      },
      spend: async (_intent: string, use: (ticket: string) => Promise<unknown>) => use('ticket'),
    } as never,
    media: {
      permitted: true,
      open: async () =>
        answers.microphone ? refused('MICROPHONE_DENIED') : done({ getTracks: () => [track] } as never),
      openCamera: async () => refused('CAMERA_MISSING'),
    },
    sound: () => silent,
    startLeg: async (options) => {
      leg = options;
      return {
        setMuted: (muted) => void asked.push(muted ? 'mute' : 'unmute'),
        end: () => asked.push('bye'),
      };
    },
    locate: (signal) => placeInTime(locate, clock, signal),
    clock,
    remember: (isRunning) => remembered.push(isRunning),
    keep: (grant) => void asked.push(`keep ${grant.visitId}`),
    cutShort: false,
    outbox: async (writing) => new Outbox(writing),
    page,
    show: () => void asked.push('show'),
    tabs: () => tabs?.join(),
  });
  return {
    ...{ desk, clock, asked, track, remembered },
    view: () => desk.view.value,
    hear: async (event: VisitEvent) => {
      say(event);
      await settle();
    },
    legOf: () => leg,
  };
}

describe('a visitor at a destination', () => {
  it('is heard by nobody before the call may be made, and gives the microphone back after it', async () => {
    const { desk, hear, track, legOf, asked, view } = setUp();
    await desk.call();
    await hear({ type: 'waiting', ahead: 1 });
    expect([track.enabled, track.stopped]).toEqual([false, false]);
    await hear({ type: 'ready', account });
    expect([track.enabled, legOf()?.account]).toEqual([true, account]);
    await hear({ type: 'ended', end: 'hangup', offers });
    expect([track.stopped, view().state]).toEqual([true, 'ended']);
    expect(asked).toContain('bye');
  });

  it('P7 leaves the queue when they give up while they are being let in', async () => {
    const { desk, asked, view } = setUp();
    const calling = desk.call();
    desk.backToOffer();
    await calling;
    await settle();
    expect(asked.filter((route) => route.startsWith('end'))).toEqual([]);
    expect(view().step).toBe('offer');
    const chatting = desk.chat();
    await settle();
    desk.backToOffer();
    await chatting;
    expect(asked).toContain('end left');
  });

  it('begins nothing where they give up while they are asked for their place', async () => {
    for (const wish of ['call', 'chat'] as const) {
      let told = (_place: Place) => {};
      const locate = () => new Promise<Place>((resolve) => (told = resolve));
      const { desk, asked, view } = setUp({}, { locate });
      const wishing = desk[wish]({ withPlace: true });
      await settle();
      expect(view().asks).toBe('place');
      desk.backToOffer();
      told({ latitude: 1, longitude: 2, accuracy: 3 });
      await wishing;
      expect([asked, view().step, view().asks]).toEqual([[], 'offer', null]);
    }
  });

  it('goes on without their place where the browser gets no answer to its question', async () => {
    const { desk, asked, view, clock } = setUp({}, { locate: () => new Promise(() => {}) });
    const calling = desk.call({ withPlace: true });
    await clock.advance(14_000);
    expect(asked).toEqual([]);
    await clock.advance(2_000);
    await calling;
    expect([asked, view().step]).toEqual([['visit'], 'visit']);
  });

  it('changes an offer that is shown, and nothing that is under way', async () => {
    const { desk, view } = setUp();
    const closed = { ...view().card, state: 'closed', call: false } as const;
    desk.renew({ ...closed, offers: { ...closed.offers, chat: false } });
    expect([view().card.state, view().offers.chat]).toEqual(['closed', false]);
    desk.showLeave('message');
    desk.renew({ ...closed, state: 'open' });
    expect(view().card.state).toBe('closed');
  });

  it('sends the place with a chat as well', async () => {
    const { desk, asked } = setUp({}, { locate: async () => ({ latitude: 1, longitude: 2, accuracy: 3 }) });
    await desk.chat({ withPlace: true });
    expect(asked).toContain('visit placed');
  });

  it('learns of the end from the hub, and by itself where the hub says nothing', async () => {
    const { desk, hear, legOf, clock, view, asked } = setUp();
    await desk.call();
    await hear({ type: 'ready', account });
    legOf()?.report({ type: 'over', end: { reason: 'hangup' } });
    await clock.advance(2_000);
    expect(view().state).toBe('ready');
    await clock.advance(2_000);
    expect([view().state, view().end]).toEqual(['ended', 'failed']);
    expect(asked).toContain('end failed');
  });

  it('says at once what kept the call from coming about, and offers to try again', async () => {
    const { desk, hear, legOf, clock, view, asked } = setUp();
    await desk.call();
    await hear({ type: 'ready', account });
    legOf()?.report({ type: 'over', end: { reason: 'error', code: 'PBX_UNAVAILABLE' } });
    await clock.advance(0);
    expect(view()).toMatchObject({ state: 'ended', end: 'failed', refused: { code: 'PBX_UNAVAILABLE' } });
    expect(asked).toContain('end failed');
    await desk.call();
    expect(view().refused).toBeNull();
  });

  it('calls once for one account, however often it comes', async () => {
    const { desk, hear, legOf } = setUp();
    await desk.call();
    await hear({ type: 'ready', account });
    const first = legOf();
    await hear({ type: 'ready', account });
    expect(legOf()).toBe(first);
  });

  it('G2 tells the hub how its call has sounded', async () => {
    const { desk, hear, asked, legOf } = setUp();
    const more = { mosMin: 3, samples: 9, lossPercent: 0, jitterMs: 1, roundTripMs: 9, sipCallId: 'c' };
    await desk.call();
    await hear({ type: 'ready', account });
    legOf()?.sounded({ mosMean: 4.1, ...more });
    expect(asked.at(-1)).toBe('sounded 4.1');
  });

  it('asks the hub for nothing where there is no microphone', async () => {
    const { desk, asked, view } = setUp({ microphone: [] });
    await desk.call();
    expect(asked).toEqual([]);
    expect(view()).toMatchObject({ step: 'offer', refused: { code: 'MICROPHONE_DENIED' } });
  });

  it('sends only the voice again where what goes with it has arrived', async () => {
    const { desk, asked, view } = setUp({ voice: [refusal('STORAGE_UNAVAILABLE')] });
    const voice = { recording: new Blob(['x']), lengthMs: 900 };
    desk.showLeave('message');
    await desk.leave({ kind: 'voice' }, voice);
    expect(view()).toMatchObject({ step: 'leave', refused: { code: 'STORAGE_UNAVAILABLE' } });
    await desk.leave({ kind: 'voice' }, voice);
    expect(view().step).toBe('left');
    expect(asked.filter((route) => /leave|voice/.test(route))).toEqual(['leave voice', 'voice', 'voice']);
  });

  it('goes on without a voice, or back to what can be had, where there is no room for more', async () => {
    const full = (some: object) => ({
      ...refusal('CONFLICT'),
      state: 'full',
      offers: { ...offers, ...some },
    });
    const none = full({ message: false, voice: false, callback: false });
    const { desk, view } = setUp({ voice: [full({ voice: false })] });
    desk.showLeave('message');
    await desk.leave({ kind: 'voice' }, { recording: new Blob(['x']), lengthMs: 900 });
    expect(view()).toMatchObject({ step: 'leave', offers: { voice: false, message: true } });
    const other = setUp({ leave: [none] });
    other.desk.showLeave('message');
    await other.desk.leave({ kind: 'message', text: 'Hello' });
    expect(other.view()).toMatchObject({
      step: 'offer',
      refused: { state: 'full' },
      offers: { message: false },
    });
  });

  it('says to the next page that its call ended with this one', async () => {
    const { desk, hear, remembered, asked } = setUp();
    await desk.call();
    await hear({ type: 'ready', account });
    desk.close();
    expect(remembered.at(-1)).toBe(true);
    expect(asked).toContain('end left');
    const hungUp = setUp();
    await hungUp.desk.call();
    hungUp.desk.hangUp();
    hungUp.desk.close();
    expect(hungUp.remembered.at(-1)).toBe(false);
  });

  it('P11 stays in its visit where a call asked for anew costs work, and calls nobody once it is given up', async () => {
    const challenge = { kind: 'turnstile', siteKey: 'key' } as const;
    const dear = { ...refusal('CHALLENGE_REQUIRED'), challenge };
    const { desk, hear, asked, view } = setUp({ call: [dear] });
    await desk.chat();
    await desk.call();
    expect(asked.filter((route) => /call|visit|end/.test(route))).toEqual(['visit', 'call', 'call proven']);
    expect(view()).toMatchObject({ step: 'visit', state: 'waiting', refused: null });
    await hear({ type: 'ended', end: 'no-answer', offers });
    const calling = desk.call();
    await settle();
    desk.backToOffer();
    await calling;
    expect(view().step).toBe('offer');
  });

  it('goes on with a chat in the next page, and does not end it with its own', async () => {
    const { desk, asked, remembered } = setUp({ visit: [{ ok: true, value: { visitId: 'v-1' } }] });
    await desk.chat();
    desk.close();
    desk.close();
    expect(asked.filter((route) => !/visit|sounded/.test(route))).toEqual(['keep v-1']);
    expect(remembered).toEqual([false]);
    const next = setUp();
    next.desk.resume({ visitId: 'v-1', key: 'key-key-key-key-key' });
    await settle();
    await next.hear({
      ...{ type: 'snapshot', state: 'open', intent: 'chat', offers },
      destination: { id: 'sales', name: 'Sales' },
      messages: [{ id: 'm', from: 'agent', text: 'Still here', agoMs: 0 }],
    });
    expect(next.view()).toMatchObject({ step: 'visit', state: 'open', messages: [{ text: 'Still here' }] });
    expect(next.desk.isChatting).toBe(true);
  });

  it('sends what did not get through once the network is back, and not for ever', async () => {
    const away = () => refusal('HUB_UNREACHABLE');
    const { desk, asked, view } = setUp({ say: [away(), away(), away(), away(), away()] });
    await desk.chat();
    desk.setNetwork(false);
    expect(view().online).toBe(false);
    await desk.say('Hello?');
    for (let times = 0; times < 6; times++) {
      desk.setNetwork(true);
      await settle();
    }
    expect(asked.filter((route) => route === 'say Hello?')).toHaveLength(4);
    expect(view()).toMatchObject({ online: true, unsent: [{ failed: true }] });
  });

  it('P11 takes another visit, with the work, where a call in this one costs some', async () => {
    const { desk, hear, asked, view } = setUp({ call: [refusal('CHALLENGE_REQUIRED')] });
    await desk.chat();
    await desk.call();
    await hear({ type: 'waiting', ahead: 1 });
    expect(asked.filter((route) => /^(visit|end)/.test(route))).toEqual(['visit', 'end left', 'visit']);
    expect(view()).toMatchObject({ step: 'visit', intent: 'call', state: 'waiting', refused: null });
  });

  it('P7 takes another visit for a call where the time of the one before is over', async () => {
    const { desk, hear, asked, view } = setUp({ call: [refusal('NOT_FOUND')] });
    await desk.call();
    await hear({ type: 'ended', end: 'no-answer', offers });
    await desk.call();
    expect(asked.filter((route) => route === 'visit')).toHaveLength(2);
    expect(view()).toMatchObject({ step: 'visit', state: 'waiting', refused: null });
  });

  it('says why a message cannot be written any more', async () => {
    const { desk, view } = setUp({ say: [{ ...refusal('CONFLICT'), state: 'full' }] });
    await desk.chat();
    await desk.say('Hello?');
    expect(view()).toMatchObject({
      refused: { code: 'CONFLICT', state: 'full' },
      unsent: [{ failed: true }],
    });
  });

  it('leaves the page one visit: another card says whose it is until that is over', async () => {
    const page = createObservable<Occupant | null>(null);
    const [sales, support] = [setUp({}, { page }), setUp({}, { page })];
    await sales.desk.call();
    expect(support.view().other).toMatchObject({ label: 'Sales', isCall: true });
    expect(sales.view().other).toBeNull();
    await support.desk.call();
    await support.desk.chat();
    expect(support.asked).toEqual([]);
    support.view().other?.show();
    expect(sales.asked).toContain('show');
    sales.desk.hangUp();
    expect(support.view().other).toBeNull();
    await support.desk.chat();
    expect(sales.view().other).toMatchObject({ isCall: false });
    support.desk.close();
    expect(sales.view().other).toBeNull();
  });

  it('is heard in one tab at a time, and in the other again when they say so', async () => {
    const tabs = new FakeTabs();
    const [before, now] = [setUp({}, { tabs }), setUp({}, { tabs })];
    for (const { desk, hear, legOf } of [before, now]) {
      await desk.call();
      await hear({ type: 'ready', account });
      legOf()?.report({ type: 'connected' } as never);
    }
    expect(before.view()).toMatchObject({ muted: true, talksElsewhere: true });
    expect(now.view()).toMatchObject({ muted: false, talksElsewhere: false });
    before.desk.setMuted(false);
    expect(before.view()).toMatchObject({ muted: false, talksElsewhere: false });
    expect(now.view()).toMatchObject({ muted: true, talksElsewhere: true });
    expect([before.asked.includes('mute'), now.asked.includes('mute')]).toEqual([true, true]);
  });
});
