// Which tab of a site carries the phone: the one in front of the person, and another one when it goes.
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { CHROMIUM, FLAGS } from '../browser.ts';
import { type Heard, installEars } from '../tone.ts';
import { EXTENSIONS, expectPhoneHears, expectRegistered, PHONE_HZ } from './exchange.ts';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';

/** From the moment a tab is in front until it leads; from the end of one that leads until the next one does. */
const IN_FRONT_MS = 2_000;
const NEXT_MS = 3_000;

test('the tab in front carries the phone, and a telephone call that it answers has sound both ways', async ({
  signedIn,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(90_000);
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  const url = alice.page.url();
  const browser = await reopen(alice);
  try {
    const behind = await openTab(browser, url);
    await expect.poll(() => leads(behind), { timeout: 10_000 }).toBe(true);
    const front = await openTab(browser, url);
    await front.bringToFront();
    await expect.poll(() => behind.evaluate(() => document.visibilityState)).toBe('hidden');
    await expect.poll(() => leads(front), { timeout: 3 * IN_FRONT_MS, intervals: [50] }).toBe(true);
    expect(await leads(behind)).toBe(false);
    await expectRegistered(exchange, alice);
    expect(await exchange.contactsOf(alice.sipEndpoint)).toBe(1);
    const call = await deskPhone.call('1001');
    await front.locator('>>> ::-p-aria([name="Answer"][role="button"])').click();
    await call.answered;
    await expectPhoneHears(call, PEOPLE.alice.toneHz);
    await expect
      .poll(async () => Math.abs((await hear(front)).hz - PHONE_HZ), { timeout: 15_000 })
      .toBeLessThan(15);
    call.hangUp();
  } finally {
    await browser.close();
  }
});

test('Firefox: the tab in front carries the phone, and a telephone call that it answers has sound both ways', async ({
  onLines,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(90_000);
  const { person: behind } = await onLines('firefox');
  await expectRegistered(exchange, behind);
  await expect.poll(() => leads(behind.page), { timeout: 10_000 }).toBe(true);
  const front = await behind.newTab();
  await expect.poll(() => behind.page.evaluate(() => document.visibilityState)).toBe('hidden');
  await expect.poll(() => leads(front.page), { timeout: 3 * IN_FRONT_MS, intervals: [50] }).toBe(true);
  expect(await leads(behind.page)).toBe(false);
  await expectRegistered(exchange, behind);
  expect(await exchange.contactsOf(behind.sipEndpoint)).toBe(1);
  const call = await deskPhone.call(EXTENSIONS.carla);
  await front.answer('bruno');
  await Promise.all([front.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE.carla.toneHz)]);
  call.hangUp();
  await front.expectNoCall();
  await front.page.close();
});

test('the tab that carries a call is closed: the other one says so and takes its place', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  const second = await bruno.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('bruno');
  await bruno.answer('alice');
  await alice.expectToHearPerson('bruno');
  await expect(second.button('Hang up').first()).toBeVisible();
  await bruno.page.close({ runBeforeUnload: false });
  await expect.poll(() => leads(second.page), { timeout: NEXT_MS, intervals: [50] }).toBe(true);
  await expect(
    second.page.getByText(`The connection to ${PEOPLE.alice.name} was lost.`).first(),
  ).toBeVisible();
  await second.expectNoCall();
  await alice.expectNoCall();
  await second.expectReady();
  await alice.call('bruno');
  await second.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), second.expectToHearPerson('alice')]);
});

test('a tab behind another one answers for it once its microphone is open, and turns on no camera unseen', async ({
  signedIn,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(90_000);
  const alice = await signedIn('alice');
  const url = alice.page.url();
  const browser = await reopen(alice);
  try {
    const behind = await openTab(browser, url);
    await expect.poll(() => leads(behind), { timeout: 10_000 }).toBe(true);
    await expectRegistered(exchange, alice);
    const front = await openTab(browser, url);
    await behind.bringToFront();
    await expect.poll(() => front.evaluate(() => document.visibilityState)).toBe('hidden');
    await expect.poll(() => leads(behind), { timeout: 3 * IN_FRONT_MS }).toBe(true);
    const call = await deskPhone.call('1001');
    await behind.locator('>>> ::-p-aria([name="Answer"][role="button"])').wait();
    // Its line rings: the lead cannot come along.
    await front.bringToFront();
    await expect.poll(() => behind.evaluate(() => document.visibilityState)).toBe('hidden');
    await front.locator('>>> ::-p-aria([name="Answer"][role="button"])').click();
    await call.answered;
    await expectPhoneHears(call, PEOPLE.alice.toneHz);
    expect(await leads(behind)).toBe(true);
    call.hangUp();
    await behind.bringToFront();
    await expect.poll(() => leads(behind), { timeout: 3 * IN_FRONT_MS }).toBe(true);
    const bruno = await signedIn('bruno', 'intranet');
    await bruno.call('alice');
    await behind.locator('>>> ::-p-aria([name="Answer"][role="button"])').click();
    await bruno.expectToHearPerson('alice');
    await front.bringToFront();
    await expect.poll(() => behind.evaluate(() => document.visibilityState)).toBe('hidden');
    await front.locator('>>> ::-p-aria([name="Start video"][role="button"])').click();
    await front
      .locator('>>> ::-p-text(The call is in another tab. Open that tab to turn on the camera.)')
      .wait();
    await behind.bringToFront();
    await behind.locator('>>> ::-p-aria([name="Start video"][role="button"])').click();
    await behind.locator('>>> ::-p-aria([name="Stop video"][role="button"])').wait();
    await bruno.button('Hang up').first().click();
  } finally {
    await browser.close();
  }
});

test('Firefox: the tab that carries a call is closed: the other one says so and takes its place', async ({
  signedIn,
  onLines,
}) => {
  test.setTimeout(90_000);
  const alice = await signedIn('alice');
  const { person: carla } = await onLines('firefox');
  const first = carla.page;
  const second = await carla.newTab();
  await second.openPane();
  await second.expectReady();
  await alice.call('carla');
  await second.answer('alice');
  await Promise.all([alice.expectToHearPerson('carla'), second.expectToHearPerson('alice')]);
  // The tab in front has the call; now it goes.
  expect(await leads(second.page)).toBe(true);
  await second.page.close({ runBeforeUnload: false });
  await expect.poll(() => leads(first), { timeout: NEXT_MS, intervals: [50] }).toBe(true);
  await expect(carla.text(`The connection to ${PEOPLE.alice.name} was lost.`)).toBeVisible();
  await Promise.all([carla.expectNoCall(), alice.expectNoCall()]);
  await carla.expectReady();
  await alice.call('carla');
  await carla.answer('alice');
  await Promise.all([alice.expectToHearPerson('carla'), carla.expectToHearPerson('alice')]);
  await carla.hangUp();
  await carla.expectNoCall();
});

/** The signed-in profile in a driver that hides the tabs behind the one in front, as browsers do for people. */
async function reopen(person: Person): Promise<Browser> {
  // Known from its page, which is about to go.
  await expect.poll(() => person.sipEndpoint).toBeDefined();
  await person.browser.context.close();
  const { profile } = person.browser;
  return puppeteer.launch({
    executablePath: CHROMIUM,
    userDataDir: profile,
    args: [...FLAGS, `--use-file-for-fake-audio-capture=${join(profile, 'tone.wav')}`],
    ignoreDefaultArgs: ['--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'],
    waitForInitialPage: false,
  });
}

async function openTab(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(installEars);
  await page.goto(url);
  return page;
}

/** What the phone of the page says of itself. */
function leads(page: { evaluate(of: () => boolean): Promise<boolean> }): Promise<boolean> {
  return page.evaluate(() => {
    type Holder = { loaded: { phone: { state: { leads: boolean } } } | null };
    const holder = (window as unknown as Record<symbol, Holder | undefined>)[Symbol.for('ringtag.page')];
    return holder?.loaded?.phone.state.leads ?? false;
  });
}

function hear(page: Page): Promise<Heard> {
  return page.evaluate(async () => {
    if (!window.ringtagEars) throw new Error('no ears in this page');
    return window.ringtagEars.listen(400);
  });
}
