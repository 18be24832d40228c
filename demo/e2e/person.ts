// What a person does in front of a page, by the names that assistive technology reads. No selector here knows how
// the widget is built.
import { expect, type Locator, type Page } from '@playwright/test';
import type { SiteName } from '../src/sites/site.ts';
import type { World } from '../src/world.ts';
import { type BrowserOptions, launchBrowser, type OwnBrowser } from './browser.ts';
import type { Heard } from './tone.ts';

/** People of the demo with the tone that each one's microphone hears. */
export const PEOPLE = {
  alice: { name: 'Alice Almeida', toneHz: 440 },
  bruno: { name: 'Bruno Barros', toneHz: 1_000 },
  carla: { name: 'Carla Costa', toneHz: 620 },
  duarte: { name: 'Duarte Dias', toneHz: 1_500 },
  elsa: { name: 'Elsa Esteves', toneHz: 2_000 },
} as const;
export type PersonId = keyof typeof PEOPLE;

/** Time that a tone may take from the last click to the ear, on a machine busy with other work. */
const HEARING_MS = 15_000;

export class Person {
  readonly id: PersonId;
  readonly browser: OwnBrowser;
  readonly world: World;
  page: Page;
  /** SIP endpoint of this page's session, once it has asked for its account. */
  sipEndpoint: string | undefined;

  constructor(options: { id: PersonId; browser: OwnBrowser; world: World; page: Page }) {
    this.id = options.id;
    this.browser = options.browser;
    this.world = options.world;
    this.page = options.page;
    this.page.on('response', async (response) => {
      if (response.request().method() !== 'POST' || !response.url().endsWith('/api/pbx/account')) return;
      const account = (await response.json().catch(() => undefined)) as { endpoint?: string } | undefined;
      this.sipEndpoint = account?.endpoint ?? this.sipEndpoint;
    });
  }

  /** A new browser of that person, on that site, not signed in. */
  static async at(
    world: World,
    id: PersonId,
    site: SiteName = 'webmail',
    options: Partial<BrowserOptions> = {},
  ): Promise<Person> {
    const browser = await launchBrowser({ toneHz: PEOPLE[id].toneHz, ...options });
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    await page.goto(world.sites[site].origin);
    return new Person({ id, browser, world, page });
  }

  /** The same person in another tab of the same browser; default: at the same site. */
  async newTab(url = this.page.url()): Promise<Person> {
    const page = await this.browser.context.newPage();
    await page.goto(url);
    return new Person({ id: this.id, browser: this.browser, world: this.world, page });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search people' });
  }

  async openPane(): Promise<void> {
    const pane = this.search.or(this.button('Sign in'));
    if (await pane.first().isVisible()) return;
    await this.button('Open Ringtag').click();
    await expect(pane.first()).toBeVisible();
  }

  /** Through the popup: choose the person, agree to the site if asked, be signed in. */
  async signIn(as: PersonId = this.id): Promise<void> {
    await this.openPane();
    const opened = this.page.waitForEvent('popup');
    await this.button('Sign in').click();
    const popup = await opened;
    const closed = popup.waitForEvent('close', { timeout: 15_000 });
    await popup.getByRole('button', { name: new RegExp(`^${PEOPLE[as].name}`) }).click();
    await agreeIfAsked(popup);
    await closed;
    await this.expectReady();
  }

  /** Signed in and connected: whoever calls this person now finds this device. */
  async expectReady(): Promise<void> {
    await expect(this.search).toBeVisible();
    await expect(this.pane.getByText('connecting', { exact: true })).toHaveCount(0);
  }

  async signOut(): Promise<void> {
    const signOut = this.button('Sign out').or(this.page.getByRole('menuitem', { name: 'Sign out' }));
    if (!(await signOut.first().isVisible()))
      await this.button(new RegExp(`^(${PEOPLE[this.id].name}|Account|You)`))
        .first()
        .click();
    await signOut.first().click();
  }

  /** Searches by some letters and presses the call button of the row. */
  async call(id: PersonId): Promise<void> {
    await this.openPane();
    await this.search.fill(PEOPLE[id].name.slice(0, 4));
    await this.pane
      .getByRole('button', { name: `Call ${PEOPLE[id].name}`, exact: true })
      .first()
      .click();
  }

  /** Everything of Ringtag on the page. */
  get pane(): Locator {
    return this.page.locator('ringtag-launcher, ringtag-phone').first();
  }

  ringing(from: PersonId): Locator {
    return this.page.getByRole('alertdialog', { name: `${PEOPLE[from].name} is calling` });
  }

  async answer(from: PersonId): Promise<void> {
    const dialog = this.ringing(from);
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: 'Answer', exact: true }).click();
  }

  /** Somebody calls while this person talks to another one, who waits meanwhile. */
  async holdAndAnswer(from: PersonId): Promise<void> {
    await this.ringing(from).getByRole('button', { name: 'Hold and answer', exact: true }).click();
  }

  async decline(from: PersonId): Promise<void> {
    await this.ringing(from).getByRole('button', { name: 'Decline', exact: true }).click();
  }

  async declineWith(from: PersonId, message: string): Promise<void> {
    const dialog = this.ringing(from);
    await dialog.getByRole('button', { name: 'Decline with a message', exact: true }).click();
    await dialog.getByRole('button', { name: message, exact: true }).click();
  }

  /** The call with that person: its card, or its strip while another one is talked to. */
  callWith(id: PersonId): Locator {
    return this.pane.getByRole('group', { name: `Call with ${PEOPLE[id].name}`, exact: true });
  }

  /** Passes the one who is talked to on to somebody: asking them first, or at once. */
  async passOn(to: PersonId | `${number}`, how: 'Ask first' | 'Transfer now'): Promise<void> {
    const name = to in PEOPLE ? PEOPLE[to as PersonId].name : to;
    await this.button('Transfer').first().click();
    await this.search.fill(name);
    await this.button(`Choose ${name}`).first().click();
    await this.button(how).click();
  }

  /** Of the menu under the person's own name. */
  async chooseStatus(item: string): Promise<void> {
    await this.button(new RegExp(`^${PEOPLE[this.id].name}`))
      .first()
      .click();
    await this.page
      .getByRole('menuitem', { name: item, exact: true })
      .or(this.page.getByRole('menuitemradio', { name: item, exact: true }))
      .first()
      .click();
  }

  /** The words that both compare to know that nobody is in between; opens them if they are closed. */
  async readWords(): Promise<readonly string[]> {
    const words = this.pane.locator('[translate=no] b');
    if (!(await words.first().isVisible())) await this.text('Check that nobody listens in').click();
    await expect(words).toHaveCount(4);
    return words.allTextContents();
  }

  /** A sentence somewhere in what Ringtag shows. */
  text(words: string | RegExp): Locator {
    return this.pane.getByText(words).first();
  }

  async hangUp(): Promise<void> {
    await this.button('Hang up').first().click();
  }

  async expectInCall(): Promise<void> {
    await expect(this.button('Hang up').first()).toBeVisible({ timeout: 15_000 });
    await expect(this.button('Mute').first()).toBeEnabled({ timeout: 15_000 });
  }

  async expectNoCall(): Promise<void> {
    await expect(this.button('Hang up')).toHaveCount(0, { timeout: 15_000 });
  }

  /** Whether a visible video of the page shows frames that change. */
  seesMovingPicture(): Promise<boolean> {
    return this.pane.evaluate(async (host) => {
      const videos = (root: ParentNode): HTMLVideoElement[] => [
        ...root.querySelectorAll('video'),
        ...[...root.querySelectorAll('*')].flatMap((element) =>
          element.shadowRoot ? videos(element.shadowRoot) : [],
        ),
      ];
      const shown = (host.shadowRoot ? videos(host.shadowRoot) : []).filter(
        (video) => video.getClientRects().length > 0 && video.videoWidth > 0,
      );
      const look = () =>
        shown.map((video) => {
          const canvas = new OffscreenCanvas(64, 48);
          const pen = canvas.getContext('2d', { willReadFrequently: true });
          pen?.drawImage(video, 0, 0, 64, 48);
          return pen?.getImageData(0, 0, 64, 48).data.join() ?? '';
        });
      const before = look();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return look().some((picture, i) => picture !== before[i]);
    });
  }

  /** Loudest level of a ringtone in this time: it has pauses. */
  hearRingtone(ms = 3_500): Promise<number> {
    return this.page.evaluate((time) => window.ringtagEars?.ring(time) ?? Promise.resolve(0), ms);
  }

  /** Loudest level of the tone that tells a caller of ringing, within a period of it. */
  hearRingback(): Promise<number> {
    return this.hearRingtone(5_500);
  }

  /** The same person in a window that this one opens. */
  async opens(press: () => Promise<void>): Promise<Person> {
    const opened = this.page.waitForEvent('popup');
    await press();
    const page = await opened;
    // Firefox shows it empty first.
    await page.waitForURL((url) => url.href !== 'about:blank', { waitUntil: 'load' });
    return new Person({ id: this.id, browser: this.browser, world: this.world, page });
  }

  /** What is played to this person right now. */
  hear(ms = 400): Promise<Heard> {
    return this.page.evaluate(async (time) => {
      if (!window.ringtagEars) throw new Error('no ears in this page');
      return window.ringtagEars.listen(time);
    }, ms);
  }

  /** Until the tone of that person's microphone is what is heard. */
  async expectToHear(hz: number): Promise<void> {
    const deadline = Date.now() + HEARING_MS;
    let heard = await this.hear();
    while (Math.abs(heard.hz - hz) > 15 && Date.now() < deadline) heard = await this.hear();
    if (Math.abs(heard.hz - hz) <= 15) return;
    const inside = await this.page.evaluate(() => window.ringtagEars?.diagnose());
    const details = `${inside}\n${await this.pane.ariaSnapshot()}`;
    throw new Error(
      `${PEOPLE[this.id].name} should hear ${hz} Hz and hears ${heard.hz} Hz at ${heard.db} dB\n${details}`,
    );
  }

  async expectToHearPerson(id: PersonId): Promise<void> {
    await this.expectToHear(PEOPLE[id].toneHz);
  }

  /** Listens in slices of 200 ms while `work` runs; how many of them lacked the tone. */
  async countGapsWhile(hz: number, work: () => Promise<void>): Promise<number> {
    let working = true;
    const done = work().finally(() => {
      working = false;
    });
    let gaps = 0;
    while (working) if (Math.abs((await this.hear(200)).hz - hz) > 15) gaps += 1;
    await done;
    return gaps;
  }

  async expectNotToHear(hz: number): Promise<void> {
    await expect
      .poll(async () => Math.abs((await this.hear()).hz - hz), {
        message: `no tone of ${hz} Hz`,
        timeout: 10_000,
      })
      .toBeGreaterThan(15);
  }

  /** One key of the keypad on the screen. */
  async pressKey(key: string): Promise<void> {
    const words: Record<string, string> = { '*': 'star', '#': 'hash' };
    await this.button(new RegExp(`^${words[key] ?? key}\\b`))
      .first()
      .click();
  }

  async expectSilence(): Promise<void> {
    await expect.poll(async () => (await this.hear()).hz, { message: 'silence', timeout: 10_000 }).toBe(0);
  }
}

async function agreeIfAsked(popup: Page): Promise<void> {
  const agree = popup.getByRole('button', { name: /^Continue/ });
  await Promise.race([
    popup.waitForEvent('close', { timeout: 15_000 }).catch(() => {}),
    agree.click({ timeout: 15_000 }).catch(() => {}),
  ]);
}
