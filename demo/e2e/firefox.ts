// A person's Firefox, driven over WebDriver BiDi, with strict tracking protection and a microphone that hears a
// steady tone. Without a sound device Firefox suspends every AudioContext, so what arrives is read from getStats.
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import type { SiteName } from '../src/sites/site.ts';
import type { World } from '../src/world.ts';
import { PEOPLE, type PersonId } from './person.ts';

/** `/usr/bin/firefox-esr`, or where `FIREFOX_PATH` says. */
const FIREFOX = process.env.FIREFOX_PATH || '/usr/bin/firefox-esr';

function preferences(toneHz: number): Record<string, unknown> {
  return {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.navigator.audio.fake_frequency': toneHz,
    'browser.contentblocking.category': 'strict',
    'network.cookie.cookieBehavior': 1,
    'media.peerconnection.ice.loopback': true,
    'dom.disable_open_during_load': false,
  };
}

/** Remembers connections, so that `getStats` can be asked from outside. */
function rememberConnections(): void {
  const connections: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  Object.assign(window, { ringtagConnections: connections });
}

/** Loudest level, 0 to 1, of the sound that reaches any live connection. */
async function incomingLevel(): Promise<number> {
  const connections = (window as unknown as { ringtagConnections: RTCPeerConnection[] }).ringtagConnections;
  let loudest = 0;
  for (const connection of connections.filter((c) => c.connectionState === 'connected')) {
    const stats = await connection.getStats();
    stats.forEach((entry: { type: string; kind?: string; audioLevel?: number }) => {
      if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
        loudest = Math.max(loudest, entry.audioLevel ?? 0);
    });
  }
  return loudest;
}

export class FirefoxPerson {
  readonly id: PersonId;
  readonly browser: Browser;
  page: Page;

  constructor(options: { id: PersonId; browser: Browser; page: Page }) {
    this.id = options.id;
    this.browser = options.browser;
    this.page = options.page;
  }

  static async at(world: World, id: PersonId, site: SiteName = 'webmail'): Promise<FirefoxPerson> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      headless: true,
      extraPrefsFirefox: preferences(PEOPLE[id].toneHz),
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 800 });
    await page.evaluateOnNewDocument(rememberConnections);
    await page.goto(world.sites[site].origin);
    return new FirefoxPerson({ id, browser, page });
  }

  /** The element of that role and name, inside shadow roots too, once it is there. */
  async find(role: string, name: string, timeout = 15_000): Promise<ElementHandle> {
    const found = await this.page.waitForSelector(`>>> ::-p-aria([name="${name}"][role="${role}"])`, {
      timeout,
      visible: true,
    });
    if (!found) throw new Error(`no ${role} "${name}"`);
    return found;
  }

  async press(name: string): Promise<void> {
    await (await this.find('button', name)).click();
  }

  async openPane(): Promise<void> {
    await this.press('Open Ringtag');
  }

  async signIn(): Promise<void> {
    await this.openPane();
    const opened = new Promise<Page>((resolve) => {
      this.page.once('popup', (popup) => popup && resolve(popup));
    });
    await this.press('Sign in');
    const popup = await opened;
    const person = await popup.waitForSelector(`::-p-xpath(//button[@value="${this.id}"])`, {
      timeout: 15_000,
    });
    await person?.click();
    const agree = await popup
      .waitForSelector('::-p-xpath(//button[starts-with(normalize-space(.), "Continue")])', {
        timeout: 5_000,
      })
      .catch(() => null);
    await agree?.click().catch(() => {});
    await this.page.waitForSelector('>>> ::-p-aria([name="Search people"])', {
      timeout: 15_000,
      visible: true,
    });
  }

  async call(id: PersonId): Promise<void> {
    const search = await this.page.waitForSelector('>>> ::-p-aria([name="Search people"])', {
      visible: true,
    });
    await search?.click();
    await this.page.keyboard.type(PEOPLE[id].name.slice(0, 4));
    await this.find('button', `Call ${PEOPLE[id].name}`);
    await this.page.keyboard.press('Enter');
  }

  /** 0 is silence; a steady tone of the tests is above 0.05. */
  hearLevel(): Promise<number> {
    return this.page.evaluate(incomingLevel);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
