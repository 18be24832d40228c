// A person's own browser. Chromium: a new profile, third-party cookies blocked as browsers do now, and a microphone that
// hears a steady tone of a frequency of that person's own.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { type FirefoxApart, launchFirefox } from './firefox.ts';
import { installEars, toneWav } from './tone.ts';

export interface BrowserOptions {
  readonly toneHz: number;
  /** Default: Chromium. Firefox takes none of the options that are Chromium's below. */
  readonly engine?: 'chromium' | 'firefox';
  /** Firefox only: names in the place of this machine's addresses (mDNS), as before a permission is given. */
  readonly hidesAddresses?: boolean;
  /** Firefox only: a process and a profile of its own; default: lent from one test to the next. */
  readonly apart?: FirefoxApart;
  readonly colorScheme?: 'light' | 'dark';
  /** Default: motion as designed. */
  readonly reducedMotion?: 'reduce';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** IANA name; default: this machine's. */
  readonly timezoneId?: string;
  /** Added to Chromium's command line. */
  readonly flags?: readonly string[];
  /** Flags of Playwright's own that are left out. */
  readonly withoutFlags?: readonly string[];
  /** Started in the place of `CHROMIUM`: a script that runs it somewhere else. */
  readonly program?: string;
}

export interface OwnBrowser {
  readonly context: BrowserContext;
  /** Directory of its profile, which the browser's command line names; empty for a Firefox that was lent. */
  readonly profile: string;
  close(): Promise<void>;
}

/** `/usr/bin/chromium`, or where `CHROMIUM_PATH` says. */
export const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';

/** Playwright's own list, which this one takes the place of, and two pages of the address bar: half of a start's work. */
const WITHOUT = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
];

/** What every Chromium of a test is started with. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${WITHOUT.join()}`,
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  // Asterisk's media is on 127.0.0.1 here, which a browser leaves out of its candidates otherwise.
  '--allow-loopback-in-peer-connection',
];

/** Blocks third-party cookies the way the settings page does. */
const PREFERENCES = {
  profile: { cookie_controls_mode: 1, block_third_party_cookies: true },
  credentials_enable_service: false,
};

export async function launchBrowser(options: BrowserOptions): Promise<OwnBrowser> {
  if (options.engine === 'firefox') return launchFirefox(options);
  const profile = await mkdtemp(join(tmpdir(), 'ringtag-browser-'));
  const tone = join(profile, 'tone.wav');
  await writeFile(tone, toneWav(options.toneHz));
  await mkdir(join(profile, 'Default'));
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(PREFERENCES));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.program ?? CHROMIUM,
    args: [...FLAGS, `--use-file-for-fake-audio-capture=${tone}`, ...(options.flags ?? [])],
    ...(options.withoutFlags ? { ignoreDefaultArgs: [...options.withoutFlags] } : {}),
    colorScheme: options.colorScheme ?? 'light',
    ...(options.reducedMotion ? { reducedMotion: options.reducedMotion } : {}),
    ...(options.timezoneId === undefined ? {} : { timezoneId: options.timezoneId }),
    viewport: options.viewport ?? { width: 1200, height: 800 },
  });
  await context.addInitScript(installEars);
  return {
    context,
    profile,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
