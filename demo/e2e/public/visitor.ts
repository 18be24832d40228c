// What a visitor of the shop does in front of its page: no account, no name, a microphone that hears a tone of its own.
import { expect, type Locator, type Page } from '@playwright/test';
import type { World } from '../../src/world.ts';
import { type BrowserOptions, launchBrowser, type OwnBrowser } from '../browser.ts';
import type { Heard } from '../tone.ts';

/** The operator's words on the buttons of both desks. */
const DESK_LABELS = { sales: 'Talk to sales', support: 'Talk to the workshop' } as const;
type Desk = keyof typeof DESK_LABELS;

export const VISITOR_HZ = 880;

/** Time that a tone may take from the last click to the ear, on a machine busy with other work. */
const HEARING_MS = 15_000;

export interface VisitOptions extends Partial<BrowserOptions> {
  /** Address within the shop, with its query. */
  readonly path?: string;
  /** Their place, which they allow the shop to ask for. */
  readonly place?: { readonly latitude: number; readonly longitude: number; readonly accuracy: number };
}

export class Visitor {
  readonly browser: OwnBrowser;
  readonly page: Page;
  readonly toneHz: number;
  /** Name of the latest visit. */
  visitId: string | undefined;

  private constructor(browser: OwnBrowser, page: Page, toneHz: number) {
    this.browser = browser;
    this.page = page;
    this.toneHz = toneHz;
    page.on('response', async (response) => {
      if (response.request().method() !== 'POST' || !response.url().endsWith('/api/public/visits')) return;
      const grant = (await response.json().catch(() => undefined)) as { visitId?: string } | undefined;
      this.visitId = grant?.visitId ?? this.visitId;
    });
  }

  static async at(world: World, { path = '/', place, ...options }: VisitOptions = {}): Promise<Visitor> {
    const browser = await launchBrowser({ toneHz: VISITOR_HZ, ...options });
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const visitor = new Visitor(browser, page, options.toneHz ?? VISITOR_HZ);
    if (place) {
      await browser.context.grantPermissions(['geolocation', 'microphone'], {
        origin: world.sites.public.origin,
      });
      await browser.context.setGeolocation(place);
    }
    await page.goto(`${world.sites.public.origin}${path}`);
    return visitor;
  }

  /** What the button to that desk unfolds into, or the button. */
  desk(to: Desk): Locator {
    return this.page.locator(`ringtag-call[to=${to}]`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Puts a button to another destination on the page, first of all. */
  async adopt(to: string): Promise<void> {
    await this.page.evaluate((id) => {
      const call = document.createElement('ringtag-call');
      call.setAttribute('to', id);
      document.querySelector('main')?.prepend(call);
      call.scrollIntoView();
    }, to);
  }

  /** The same stranger, or another one, in a further tab of the browser. */
  async newTab(): Promise<Visitor> {
    const page = await this.browser.context.newPage();
    await page.goto(this.page.url());
    return new Visitor(this.browser, page, this.toneHz);
  }

  /** What the page adds to a call beside the article, in an attribute as an integrator would write it. */
  async adds(name: string, value: string): Promise<void> {
    await this.desk('sales').evaluate(
      (desk, [key = '', text = '']) => desk.setAttribute(key, text),
      [`data-context-${name}`, value],
    );
  }

  /** A sentence on the page, as seen. */
  text(words: string | RegExp): Locator {
    return this.page.locator('ringtag-call').getByText(words).filter({ visible: true }).first();
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Presses the desk's button, which has the operator's words once it was seen. */
  async open(to: Desk = 'sales'): Promise<void> {
    await this.desk(to).scrollIntoViewIfNeeded();
    await this.press(DESK_LABELS[to]);
  }

  async call(to: Desk = 'sales'): Promise<void> {
    await this.open(to);
    await this.press('Call now');
  }

  /** Chats where the desk is unfolded; whether somebody could also be called does not matter. */
  async chat(): Promise<void> {
    await this.desk('sales')
      .getByRole('button', { name: /^Chat( instead)?$/ })
      .click();
  }

  /** What is played to the visitor right now. */
  hear(ms = 400): Promise<Heard> {
    return this.page.evaluate(async (time) => {
      if (!window.ringtagEars) throw new Error('no ears in this page');
      return window.ringtagEars.listen(time);
    }, ms);
  }

  async expectToHear(hz: number): Promise<void> {
    const deadline = Date.now() + HEARING_MS;
    let heard = await this.hear();
    while (Math.abs(heard.hz - hz) > 15 && Date.now() < deadline) heard = await this.hear();
    if (Math.abs(heard.hz - hz) <= 15) return;
    const inside = await this.page.evaluate(() => window.ringtagEars?.diagnose());
    throw new Error(`the visitor should hear ${hz} Hz and hears ${heard.hz} Hz\n${inside}`);
  }

  async expectText(words: string | RegExp, timeout?: number): Promise<void> {
    await expect(this.text(words)).toBeVisible(timeout === undefined ? {} : { timeout });
  }
}
