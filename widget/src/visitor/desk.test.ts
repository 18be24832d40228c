import type { VisitEvent } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { done, refused } from '../call/errors.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { type Answer, refusal } from './answer.ts';
import type { CallLegOptions } from './call-leg.ts';
import { VisitorDesk } from './desk.ts';

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

/** A hub of which a test holds the answers, and a telephone that is none. */
function setUp(answers: Record<string, Answer<unknown>[]> = {}) {
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
      visit: () => answer('visit'),
      of: () => ({
        visitId: 'v-1',
        say: ({ text }) => answer('say', ` ${text}`),
        call: () => answer('call'),
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
      return { setMuted() {}, end: () => asked.push('bye') };
    },
    locate: async () => undefined,
    clock,
    remember: (isRunning) => remembered.push(isRunning),
    cutShort: false,
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
});
