import type { MoveOffer, SteerCall } from '@ringtag/server/protocol';
import { MOVE_MS } from '@ringtag/server/protocol/limits';
import { expect, test } from 'vitest';
import { done, type Result, refused } from '../call/errors.ts';
import type { Send } from '../hub/api.ts';
import type { HubSocket } from '../hub/socket.ts';
import { createTestBoard, fakeLeg } from '../testing/board.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { joinOpener, offerCalls, takeCall, welcome } from './pop-out.ts';

const HUB = 'https://hub.example';
const SITE = 'https://mail.example';
const NONCE = 'n'.repeat(43);

/** FakeWindow stands in for a window: what is posted to it arrives if the target origin is its own. */
class FakeWindow extends EventTarget {
  readonly origin: string;
  readonly location: { hash: string; pathname: string; search: string };
  readonly history = {
    state: null,
    replaceState: () => {
      this.location.hash = '';
    },
  };
  opener: unknown = null;
  readonly heard: unknown[] = [];
  constructor(origin: string, hash = '') {
    super();
    this.origin = origin;
    this.location = { hash, pathname: '/phone', search: '' };
  }
  get asWindow() {
    return this as unknown as Window;
  }
  /** What this window sees of another: only that it can be posted to. */
  seenFrom(from: FakeWindow): Window {
    return from.#views.get(this) ?? from.#see(this);
  }
  readonly #views = new Map<FakeWindow, Window>();
  #see(other: FakeWindow): Window {
    const view = {
      postMessage: (data: unknown, target: string) => {
        if (target !== other.origin) return;
        other.heard.push(data);
        other.hear(data, this.origin, this.seenFrom(other));
      },
    } as unknown as Window;
    this.#views.set(other, view);
    return view;
  }
  hear(data: unknown, origin: string, source: unknown) {
    this.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
  }
}

function setUp(options: { openerOrigin?: string; handOff?: Result<{ code: string }> } = {}) {
  const clock = createManualClock();
  const page = new FakeWindow(SITE);
  const fragment = new URLSearchParams({ nonce: NONCE, opener: options.openerOrigin ?? SITE });
  const popup = new FakeWindow(HUB, `#${fragment}`);
  popup.opener = page.seenFrom(popup);
  const challenges: string[] = [];
  const exchanged: string[] = [];
  const send = (async (_: string, { body }: { body: { challenge: string } }) => {
    challenges.push(body.challenge);
    return options.handOff ?? done({ code: 'c'.repeat(43) });
  }) as unknown as Send;
  const open = () =>
    welcome({ page: page.asWindow, popup: popup.seenFrom(page), nonce: NONCE, hub: HUB, clock, send });
  const join = () =>
    joinOpener({
      page: popup.asWindow,
      clock,
      exchange: async (code) => {
        exchanged.push(code);
        return done(undefined);
      },
      online: async () => 's-2',
    });
  return { clock, page, popup, open, join, challenges, exchanged };
}

test('the pop-out becomes a device through the page that opened it, and says which', async () => {
  const { clock, open, join, challenges, exchanged, popup, page } = setUp();
  const joined = join();
  // Its first hello comes before the page has fetched what answers it.
  await expect.poll(() => page.heard.length).toBe(1);
  const device = open();
  await clock.advance(400);
  expect(await joined).toBe(true);
  expect(await device).toBe('s-2');
  expect(exchanged).toEqual(['c'.repeat(43)]);
  expect(challenges).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  expect(popup.location.hash).toBe('');
});

test('the page hands a code only to its own window, at the hub’s origin, with its own nonce', async () => {
  const { clock, open, page, popup, challenges } = setUp();
  const device = open();
  const hello = { type: 'ringtag:pop-out-hello', nonce: NONCE, challenge: 'x'.repeat(43) };
  const own = popup.seenFrom(page);
  page.hear(hello, 'https://evil.example', own);
  page.hear(hello, HUB, {});
  page.hear({ ...hello, nonce: 'another-nonce-of-enough-characters' }, HUB, own);
  page.hear(null, HUB, own);
  await settle();
  expect(challenges).toEqual([]);
  page.hear(hello, HUB, own);
  page.hear(hello, HUB, own);
  await settle();
  expect(challenges).toHaveLength(1);
  await clock.advance(31_000);
  expect(await device).toBeUndefined();
});

test('the pop-out takes a code only from its opener, at the origin that opened it, with its nonce', async () => {
  const { clock, join, page, popup, exchanged } = setUp();
  const joined = join();
  await expect.poll(() => page.heard.length).toBe(1);
  const code = { type: 'ringtag:pop-out-code', nonce: NONCE, code: 'd'.repeat(43) };
  popup.hear(code, 'https://evil.example', popup.opener);
  popup.hear(code, SITE, {});
  popup.hear({ ...code, nonce: 'another-nonce-of-enough-characters' }, SITE, popup.opener);
  await clock.advance(3_100);
  expect(await joined).toBe(false);
  expect(exchanged).toEqual([]);
});

test('nothing is said to an opener of another origin than the address names', async () => {
  const { clock, join, page } = setUp({ openerOrigin: 'https://evil.example' });
  const joined = join();
  await settle();
  await expect
    .poll(async () => {
      await clock.advance(3_100);
      return Promise.race([joined, 'waiting']);
    })
    .toBe(false);
  expect(page.heard).toEqual([]);
});

test('a code that the hub refuses opens nothing', async () => {
  const { clock, open, join } = setUp({ handOff: refused('FORBIDDEN') });
  const device = open();
  const joined = join();
  expect(await device).toBeUndefined();
  await clock.advance(3_100);
  expect(await joined).toBe(false);
});

/** A page that carries calls, and the hub's answer to its offers. */
function carrying(answer: Result<unknown> = done({ moveId: 'm-1' })) {
  const stage = createTestBoard();
  const offered: unknown[] = [];
  const refusals: string[] = [];
  const send = (async (_: string, { body }: { body: unknown }) => {
    offered.push(body);
    return answer;
  }) as unknown as Send;
  const { board, clock } = stage;
  const steered: SteerCall[] = [];
  /** What the other window shows, and can be told of. */
  const there = new Set(['m-1', 'c-1']);
  const socket = {
    say: async (_: string, event: unknown) => {
      const order = event as SteerCall;
      if (!there.has(order.callId)) return refused('NOT_FOUND');
      steered.push(order);
      return { ok: true as const };
    },
  } as Pick<HubSocket, 'say'>;
  const offer = () =>
    offerCalls({ board, clock, socket, send, refused: (code) => refusals.push(code) }, 's-2');
  return { ...stage, offered, steered, there, refused: refusals, offer };
}

test('M1: every answered call is offered, the one that is talked to last; a telephone call with its dialog', async () => {
  const { talk, offer, offered, shown, board, clock } = carrying();
  await talk('Bruno');
  await talk('Carla', 'pbx');
  await clock.advance(5_000);
  board.find('c-2')?.setMuted(true);
  await offer();
  expect(offered).toEqual([
    { toDeviceId: 's-2', callId: 'c-1', muted: false, held: true, video: false },
    {
      toDeviceId: 's-2',
      callId: 'c-2',
      ...{ muted: true, held: false, video: false, activeForMs: 5_000 },
      dialog: { callId: 'sip-call', localTag: 'here', remoteTag: 'there' },
      peer: { name: 'Carla', personId: 'Carla' },
    },
  ]);
  expect(shown()).toEqual(['Bruno held', 'Carla active']);
});

test('M1: what is pressed while it is on its way goes after it: mute, hold, camera off', async () => {
  const { talk, offer, offered, steered, board, clock } = carrying();
  const leg = await talk('Bruno');
  await board.find('c-1')?.setVideo(true);
  const going = offer();
  // The hub's answer is still out.
  board.find('c-1')?.setMuted(true);
  await going;
  expect(offered).toMatchObject([{ muted: false, video: true }]);
  board.setHeld('c-1', true);
  await board.find('c-1')?.setVideo(false);
  const to = { deviceId: 's-2', callId: 'm-1' };
  const sent = [
    { ...to, command: { name: 'setMuted', on: true } },
    { ...to, command: { name: 'setHeld', on: true } },
    { ...to, command: { name: 'stopVideo' } },
  ];
  await settle();
  expect(steered).toEqual(sent);
  // Nobody has taken it: from now on it is this window's own business.
  await clock.advance(MOVE_MS);
  board.find('c-1')?.setMuted(false);
  leg.tell({ type: 'over', end: { reason: 'hangup' } });
  await settle();
  expect(steered).toEqual(sent);
});

test('M1: what was pressed before the other window showed the call is told when it does, as it was last', async () => {
  const { talk, offer, steered, there, board, clock } = carrying();
  there.clear();
  await talk('Bruno');
  await offer();
  board.find('c-1')?.setMuted(true);
  board.find('c-1')?.setMuted(false);
  board.setHeld('c-1', true);
  await clock.advance(250);
  expect(steered).toEqual([]);
  there.add('m-1');
  await clock.advance(250);
  expect(steered).toEqual([{ deviceId: 's-2', callId: 'm-1', command: { name: 'setHeld', on: true } }]);
});

test('M1: what was pressed in the very moment of the taking reaches the window that has the call now', async () => {
  const { talk, offer, steered, there, board, clock } = carrying();
  there.clear();
  const leg = await talk('Bruno');
  await offer();
  board.find('c-1')?.setMuted(true);
  await settle();
  leg.tell({ type: 'over', end: { reason: 'moved' } });
  there.add('c-1');
  await clock.advance(250);
  expect(steered).toEqual([{ deviceId: 's-2', callId: 'c-1', command: { name: 'setMuted', on: true } }]);
  await clock.advance(MOVE_MS);
  expect(steered).toHaveLength(1);
});

test('M3: a refused offer says so and leaves the call; its end is an end then', async () => {
  const { talk, offer, refused: refusals, shown } = carrying(refused('NOT_FOUND'));
  const leg = await talk('Bruno');
  await offer();
  expect(refusals).toEqual(['NOT_FOUND']);
  leg.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(shown()).toEqual(['Bruno ended']);
});

test('M2: a telephone call whose place another window has taken is not shown as hung up', async () => {
  const { talk, offer, shown } = carrying();
  const leg = await talk('Bruno', 'pbx');
  await offer();
  leg.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(shown()).toEqual([]);
});

/** A window that is offered a call and whose person is still asked for the microphone. */
function taking(offered: Partial<MoveOffer>) {
  const stage = createTestBoard();
  const asked: string[] = [];
  const agree = stage.mic.ask();
  const leg = fakeLeg();
  const offer: MoveOffer = {
    ...{ moveId: 'm-1', callId: 'c-1', via: 'room', media: 'audio', fromDeviceId: 's-1' },
    ...{ peer: { name: 'Bruno' }, ...offered },
  };
  const take = async ({ moveId, peer, media }: MoveOffer) => {
    asked.push(moveId);
    const of = { callId: 'c-1', via: 'room', role: 'caller', peer, media } as const;
    return done({ call: { ...of, activeForMs: 5_000, iceServers: [] }, leg: leg.port });
  };
  takeCall({ board: stage.board, take }, offer);
  async function arrive() {
    agree();
    await settle();
    leg.tell({ type: 'answered' });
    leg.tell({ type: 'connected' });
  }
  return { ...stage, leg, asked, agree, arrive };
}

test('M1: a picture that was on is on again in the window that takes the call', async () => {
  const { arrive, viewOf, leg } = taking({ video: true });
  await arrive();
  expect(viewOf('Bruno').videoOn).toBe(true);
  expect(leg.streams[0]?.getVideoTracks()).toHaveLength(1);
});

test('M1: a visitor’s call goes with the visit’s name, and has it where it is taken', async () => {
  const visit = { visitId: 'v-1', url: 'https://shop.example/' };
  const { board, offer, offered } = carrying();
  const leg = fakeLeg('pbx');
  board.incoming({
    callId: 'c-9',
    peer: { name: 'Sales', number: 'visitor' },
    media: 'audio',
    leg: leg.port,
    visit,
  });
  await board.answer('c-9');
  leg.tell({ type: 'connected' });
  await settle();
  await offer();
  expect(offered).toMatchObject([{ visit: { visitId: 'v-1' } }]);
  expect(JSON.stringify(offered)).not.toContain('shop.example');
  const { arrive, viewOf } = taking({ visit: { visitId: 'v-1' } });
  await arrive();
  expect(viewOf('Bruno').visit).toEqual({ visitId: 'v-1' });
});

test('M1: a video call whose camera was off opens none', async () => {
  const { arrive, viewOf } = taking({ media: 'video', video: false });
  await arrive();
  expect(viewOf('Bruno').videoOn).toBe(false);
});

test('M1: a mute, a hold and a camera turned off on the way are so when it arrives', async () => {
  const { arrive, board, shown, viewOf, leg } = taking({ video: true });
  await settle();
  board.find('m-1')?.setMuted(true);
  board.setHeld('m-1', true);
  await board.find('m-1')?.setVideo(false);
  await arrive();
  expect(shown()).toEqual(['Bruno held']);
  expect(viewOf('Bruno')).toMatchObject({ muted: true, videoOn: false });
  expect(leg.streams[0]?.getVideoTracks()).toEqual([]);
});

test('M1: a hold taken back on the way is no hold when it arrives', async () => {
  const { arrive, board, shown } = taking({ held: true });
  board.setHeld('m-1', false);
  await arrive();
  expect(shown()).toEqual(['Bruno active']);
});

test('M1: the call is asked for once the microphone is open, and is as muted and held as it was', async () => {
  const { asked, agree, leg, shown, viewOf } = taking({ muted: true, held: true });
  await settle();
  expect(asked).toEqual([]);
  agree();
  await settle();
  expect(asked).toEqual(['m-1']);
  leg.tell({ type: 'answered' });
  leg.tell({ type: 'connected' });
  expect(shown()).toEqual(['Bruno held']);
  expect(viewOf('Bruno').muted).toBe(true);
  expect(leg.log).toContain('mute');
});
