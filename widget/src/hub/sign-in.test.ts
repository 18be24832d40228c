import type { PickupResult } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { done, refused } from '../call/errors.ts';
import type { SignInView } from '../call/phone.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import type { Send } from './api.ts';
import type { DeviceStore, PendingReturn } from './device-key.ts';
import { createSignIn } from './sign-in.ts';

const HUB = 'https://hub.example';

/** FakeWindow stands in for the page: a popup is an object with an address, messages are dispatched by the test. */
function setUp(options: { blocked?: boolean; hash?: string } = {}) {
  const clock = createManualClock();
  const views: (SignInView & { busy: boolean })[] = [];
  const exchanged: string[][] = [];
  const hub = { pickup: { state: 'waiting' } as PickupResult, asked: 0, lists: true };
  const stored: { pending?: PendingReturn } = {};
  const popup = {
    location: { href: '' },
    closed: false,
    close() {
      popup.closed = true;
    },
  };
  const opened: string[] = [];
  const visited: string[] = [];
  const page = Object.assign(new EventTarget(), {
    document: { documentElement: { lang: 'en' } },
    location: {
      origin: 'https://mail.example',
      href: `https://mail.example/inbox?a=1${options.hash ?? ''}`,
      pathname: '/inbox',
      search: '?a=1',
      hash: options.hash ?? '',
      assign: (url: string) => visited.push(url),
      replace: (url: string) => visited.push(`replace ${url}`),
    },
    history: {
      state: 7,
      replaceState: (_: unknown, __: string, url: string) => visited.push(`state ${url}`),
    },
    open: (url: string) => {
      opened.push(url);
      return options.blocked ? null : popup;
    },
    // The tag's own file, which every page may have.
    fetch: async (url: string) => ({ ok: url === `${HUB}/ringtag.js` }),
    screenX: 0,
    screenY: 0,
    outerWidth: 1200,
    outerHeight: 800,
  });
  const signIn = createSignIn({
    hubUrl: HUB,
    clock,
    send: (async () => {
      hub.asked++;
      return hub.asked === 1 || !hub.lists ? refused('HUB_UNREACHABLE') : done(hub.pickup);
    }) as unknown as Send,
    store: {
      savePending: async (pending: PendingReturn) => {
        stored.pending = pending;
      },
      takePending: async () => {
        const { pending } = stored;
        delete stored.pending;
        return pending;
      },
    } as DeviceStore,
    view: (view) => views.push(view),
    exchange: async (code, verifier) => {
      exchanged.push([code, verifier]);
      return null;
    },
    page: page as unknown as Window,
  });
  /** Where the popup went: at once, or a moment later if the secrets were not ready at the click. */
  const address = () => (opened[0] === 'about:blank' ? popup.location.href : (opened[0] ?? ''));
  const begin = async () => {
    signIn.prepare();
    await settle();
    signIn.begin();
    // Digests are made on a thread of their own, whose time no clock of ours moves.
    if (!options.blocked) await expect.poll(address).toContain('nonce=');
    return options.blocked ? '' : (new URL(address()).searchParams.get('nonce') ?? '');
  };
  const post = (data: unknown, { origin = HUB, source = popup as unknown } = {}) =>
    page.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
  return { clock, signIn, views, exchanged, hub, stored, popup, address, visited, begin, post };
}

const message = (nonce: string) => ({ type: 'ringtag:sign-in', nonce, result: { code: 'c'.repeat(43) } });

test('the popup goes to the hub with the origin and an S256 challenge of a secret that stays here', async () => {
  const { begin, address } = setUp();
  await begin();
  const url = new URL(address());
  expect(url.origin + url.pathname).toBe(`${HUB}/auth/start`);
  expect(url.searchParams.get('origin')).toBe('https://mail.example');
  expect(url.searchParams.get('challenge')).toMatch(/^[\w-]{43}$/);
  expect(url.searchParams.has('verifier')).toBe(false);
});

test('S1: only its own popup, the hub’s origin and its own nonce are believed', async () => {
  const { begin, post, exchanged } = setUp();
  const nonce = await begin();
  post(message(nonce), { origin: 'https://evil.example' });
  post(message(nonce), { source: {} });
  post(message('another-nonce-of-enough-characters'));
  post('ringtag:sign-in');
  await settle();
  expect(exchanged).toEqual([]);
  post(message(nonce));
  post(message(nonce));
  await settle();
  expect(exchanged).toHaveLength(1);
  expect(exchanged[0]?.[0]).toBe('c'.repeat(43));
});

test('a popup that stays silent for 3 s brings up this tab as a way', async () => {
  const { begin, clock, views } = setUp();
  await begin();
  expect(views.at(-1)).toEqual({ busy: true });
  await clock.advance(3_100);
  expect(views.at(-1)).toMatchObject({ busy: true, offerTab: true });
});

test('a blocked popup says so, and offers this tab', async () => {
  const { begin, views } = setUp({ blocked: true });
  await begin();
  expect(views.at(-1)).toEqual({ busy: false, offerTab: true, error: 'POPUP_BLOCKED' });
});

test('S7: a popup without its opener shows its number here and hands the code over through the hub', async () => {
  const { begin, clock, hub, views, exchanged, popup } = setUp();
  await begin();
  await clock.advance(2_100);
  hub.pickup = { state: 'number', number: 42 };
  await clock.advance(2_000);
  expect(views.at(-1)).toMatchObject({ number: 42 });
  hub.pickup = { state: 'code', code: 'd'.repeat(43) };
  await clock.advance(2_000);
  expect(exchanged[0]?.[0]).toBe('d'.repeat(43));
  expect(views.at(-1)).toEqual({ busy: false });
  expect(popup.closed).toBe(true);
});

test('cancelling closes the popup, and what it says afterwards is not heard', async () => {
  const { begin, signIn, post, popup, exchanged, views } = setUp();
  const nonce = await begin();
  signIn.cancel();
  post(message(nonce));
  await settle();
  expect([popup.closed, exchanged.length, views.at(-1)?.busy]).toEqual([true, 0, false]);
});

test('leaving in this tab keeps the verifier here and asks to come back without the page’s fragment', async () => {
  const { signIn, stored, visited } = setUp({ hash: '#folder/7' });
  await signIn.beginHere();
  const url = new URL(visited[0] ?? '');
  expect(url.searchParams.get('mode')).toBe('tab');
  expect(url.searchParams.get('returnTo')).toBe('https://mail.example/inbox?a=1');
  expect(stored.pending?.hash).toBe('#folder/7');
  expect(url.href).not.toContain(stored.pending?.verifier);
});

test('the return’s fragment is consumed, taken out of the address, and the page’s own put back', async () => {
  const nonce = 'n'.repeat(43);
  const { signIn, stored, visited, exchanged } = setUp({
    hash: `#ringtag-code=${'c'.repeat(43)}&ringtag-nonce=${nonce}`,
  });
  stored.pending = { nonce, verifier: 'v', hash: '#folder/7' };
  expect(await signIn.finishReturn()).toBe(true);
  expect(visited).toEqual(['state /inbox?a=1', 'replace #folder/7']);
  expect(exchanged).toEqual([['c'.repeat(43), 'v']]);
});

test('a fragment that nobody here is waiting for is taken out and not exchanged', async () => {
  const { signIn, visited, exchanged } = setUp({
    hash: `#ringtag-code=${'c'.repeat(43)}&ringtag-nonce=${'n'.repeat(43)}`,
  });
  expect(await signIn.finishReturn()).toBe(false);
  expect(visited).toEqual(['state /inbox?a=1']);
  expect(exchanged).toEqual([]);
});

test('a page that the hub does not list ends the attempt in words, and asks no more', async () => {
  const { begin, clock, hub, views, popup } = setUp();
  hub.lists = false;
  await begin();
  for (let pause = 0; pause < 3; pause++) {
    await clock.advance(2_000);
    await settle();
  }
  expect(views.at(-1)).toEqual({ busy: false, error: 'ORIGIN_NOT_ALLOWED' });
  expect(hub.asked).toBe(2);
  expect(popup.closed).toBe(true);
});
