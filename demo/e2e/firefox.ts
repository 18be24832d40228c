// A person's Firefox, driven by the same Playwright as Chromium: strict tracking protection, and a microphone that
// hears a steady tone. Starting one is slow, so each tone's browser is started once and lent to one test after another.
import { fileURLToPath } from 'node:url';
import { type Browser, firefox } from '@playwright/test';
import type { BrowserOptions, OwnBrowser } from './browser.ts';
import { installFirefoxEars } from './firefox-ears.ts';
import { installEars } from './tone.ts';

const PROGRAM = fileURLToPath(new URL('firefox-bidi.mjs', import.meta.url));

function preferences({ toneHz, hidesAddresses }: BrowserOptions): Record<string, string | number | boolean> {
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
  const browser = await browserOf(options);
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1200, height: 800 } });
  await context.addInitScript(installEars);
  await context.addInitScript(installFirefoxEars);
  return { context, profile: '', close: () => context.close() };
}

/** Ends every browser that was started. */
export async function closeFirefoxes(): Promise<void> {
  const all = [...started.values()];
  started.clear();
  await Promise.all(all.map(async (browser) => (await browser).close()));
}
