// A person's Firefox, driven by the same Playwright as Chromium: strict tracking protection, and a microphone that
// hears a steady tone. Starting one is slow, so each tone's browser is started once and lent to one test after another;
// a test that breaks something of the browser itself has one apart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, firefox } from '@playwright/test';
import type { BrowserOptions, OwnBrowser } from './browser.ts';
import { installFirefoxEars } from './firefox-ears.ts';
import { installEars } from './tone.ts';

const PROGRAM = fileURLToPath(new URL('firefox-bidi.mjs', import.meta.url));

/** What one Firefox has that the others have not. */
export interface FirefoxApart {
  /** Every connection is made through this proxy, which also knows all names; media is not. */
  readonly socks?: { readonly host: string; readonly port: number };
  /** What its command line begins with, to run in a network of its own. */
  readonly within?: readonly string[];
  /** Pages are tabs of one window, where all but one are hidden; default: each page is a window. */
  readonly tabs?: boolean;
  /** `PULSE_SERVER`: its devices in the place of made-up ones, allowed for every page. */
  readonly sound?: string;
  readonly preferences?: Preferences;
}

type Preferences = Readonly<Record<string, string | number | boolean>>;

function preferences({
  toneHz,
  hidesAddresses,
  apart,
}: BrowserOptions): Record<string, string | number | boolean> {
  return {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.navigator.audio.fake_frequency': toneHz,
    'media.autoplay.default': 0,
    'browser.contentblocking.category': 'strict',
    'network.cookie.cookieBehavior': 1,
    'media.peerconnection.ice.loopback': true,
    'dom.disable_open_during_load': false,
    // A microphone in use lets addresses be seen (RFC 8828 §5.2), but a made-up one does not count.
    'media.peerconnection.ice.obfuscate_host_addresses': hidesAddresses === true,
    // A microphone in use lets all addresses be used (RFC 8828 §5.2), but a made-up one does not count: a permission does.
    ...(apart?.within ? { 'permissions.default.microphone': 1 } : {}),
    ...(apart?.sound ? { 'media.navigator.streams.fake': false, 'permissions.default.microphone': 1 } : {}),
    ...(apart?.socks ? throughProxy(apart.socks) : {}),
    ...apart?.preferences,
  };
}

function throughProxy({ host, port }: { readonly host: string; readonly port: number }): Preferences {
  return {
    'network.proxy.type': 1,
    'network.proxy.socks': host,
    'network.proxy.socks_port': port,
    'network.proxy.socks_version': 5,
    'network.proxy.socks_remote_dns': true,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
  };
}

const started = new Map<string, Promise<Browser>>();

function browserOf(options: BrowserOptions): Promise<Browser> {
  const needs = `${options.toneHz} Hz${options.hidesAddresses ? ', hidden' : ''}`;
  const running = started.get(needs);
  if (running !== undefined) return running;
  const starting = firefox.launch({
    channel: 'moz-firefox',
    executablePath: PROGRAM,
    firefoxUserPrefs: preferences(options),
    timeout: 60_000,
  });
  started.set(needs, starting);
  return starting;
}

/** Cookies, storage and sign-ins are of this visit alone. */
export async function launchFirefox(options: BrowserOptions): Promise<OwnBrowser> {
  if (options.apart) return launchApart(options, options.apart);
  const browser = await browserOf(options);
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1200, height: 800 } });
  await listenIn(context);
  return { context, profile: '', close: () => context.close() };
}

async function launchApart(
  options: BrowserOptions,
  { within, tabs, sound }: FirefoxApart,
): Promise<OwnBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'ringtag-browser-'));
  const context = await firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox',
    executablePath: PROGRAM,
    firefoxUserPrefs: preferences(options),
    env: {
      ...process.env,
      ...(within ? { FIREFOX_WITHIN: JSON.stringify(within) } : {}),
      ...(sound ? { PULSE_SERVER: sound } : {}),
      ...(tabs ? { FIREFOX_TABS: '1' } : {}),
    },
    viewport: options.viewport ?? { width: 1200, height: 800 },
    timeout: 60_000,
  });
  await listenIn(context);
  return {
    context,
    profile,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function listenIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(installEars);
  await context.addInitScript(installFirefoxEars);
}

/** Ends every browser that was started. */
export async function closeFirefoxes(): Promise<void> {
  const all = [...started.values()];
  started.clear();
  await Promise.all(all.map(async (browser) => (await browser).close()));
}
