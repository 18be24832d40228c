// Pages rebuild parts of themselves: a visit goes on in the place that comes instead of its own.
import type { Page } from '@playwright/test';
import {
  answer,
  button,
  callNow,
  chatInstead,
  expect,
  openVisitorPage,
  test,
  withMicrophone,
} from './visitor-page.ts';

const BUTTON = '<ringtag-call to="sales"></ringtag-call>';
const LINK = '<a href="/contact" data-ringtag-call="sales">Talk to sales</a>';
const page = (inner: string) => ({ body: `<div id="part">${inner}</div><p>Below</p>` });

/** As frameworks do that keep nothing: other elements of the same kind. */
const rebuild = (shop: Page, inner: string) =>
  shop.evaluate((html) => {
    const part = document.querySelector('#part');
    const made = document.createElement('template');
    made.innerHTML = html;
    part?.replaceChildren(made.content);
  }, inner);

test('a call goes on where the page rebuilds the part with its button, and says so at the new one', async ({
  page: shop,
  server,
  hub,
}) => {
  await withMicrophone(shop);
  await openVisitorPage(shop, { server, hub }, page(BUTTON));
  await callNow(shop, hub);
  answer(hub);
  await expect(button(shop, 'Hang up')).toBeVisible();
  const before = await shop.locator('ringtag-call').elementHandle();
  for (const inner of [BUTTON, `<section>${BUTTON}</section>`]) {
    await rebuild(shop, inner);
    await expect(button(shop, 'Hang up')).toBeVisible();
    await expect(shop.locator('ringtag-call')).toHaveAttribute('open', '');
  }
  expect(await before?.evaluate((old) => old.isConnected)).toBe(false);
  expect(hub.asked('end')).toEqual([]);
  hub.send({ type: 'held', held: true });
  await expect(shop.getByText('One moment, please: you are on hold').last()).toBeVisible();
  const told = shop.evaluate(
    () =>
      new Promise((resolve) =>
        document
          .querySelector('ringtag-call')
          ?.addEventListener('ringtag-call-state', (event) => resolve((event as CustomEvent).detail.state), {
            once: true,
          }),
      ),
  );
  await button(shop, 'Hang up').click();
  expect(await told).toBe('ended');
  expect(hub.asked('end')).toEqual([{ reason: 'hangup' }]);
  await button(shop, 'Close').click();
  await expect(button(shop, 'Talk to sales')).toBeFocused();
});

test('a call of a marked link goes on beneath the link that comes instead, also some moments later', async ({
  page: shop,
  server,
  hub,
}) => {
  await withMicrophone(shop);
  await openVisitorPage(shop, { server, hub }, page(LINK));
  await shop.getByRole('link', { name: 'Talk to sales' }).click();
  await button(shop, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  await rebuild(shop, '');
  await rebuild(shop, LINK);
  await expect(button(shop, 'Cancel')).toBeVisible();
  expect(hub.asked('end')).toEqual([]);
  await button(shop, 'Cancel').click();
  await button(shop, 'Close').click();
  await expect(shop.getByRole('link', { name: 'Talk to sales' })).toBeFocused();
  // What stood beneath it, such as that it is open, goes with the card.
  await expect(shop.locator('ringtag-call')).toHaveCount(0);
});

test('a chat goes on with its words, open or folded, and what is typed there stays the visitor’s own', async ({
  page: shop,
  server,
  hub,
}) => {
  await openVisitorPage(shop, { server, hub }, page(BUTTON));
  await chatInstead(shop, hub);
  await shop.getByRole('textbox').fill('Hello');
  await shop.keyboard.press('Enter');
  await expect(shop.getByRole('log').getByText('Hello')).toBeVisible();
  await rebuild(shop, BUTTON);
  await expect(shop.getByRole('log').getByText('Hello')).toBeVisible();
  await shop.evaluate(() => {
    Object.assign(window, { inputs: 0 });
    addEventListener('input', () => (window as unknown as { inputs: number }).inputs++);
  });
  await expect
    .poll(() =>
      shop.evaluate(() => Object.hasOwn(document.querySelector('ringtag-call') ?? {}, 'isContentEditable')),
    )
    .toBe(true);
  await shop.getByRole('textbox').fill('More');
  expect(await shop.evaluate(() => (window as unknown as { inputs: number }).inputs)).toBe(0);
  await button(shop, 'Close').click();
  await expect(shop.getByText('Your chat goes on here')).toBeVisible();
  await rebuild(shop, BUTTON);
  await expect(shop.getByText('Your chat goes on here')).toBeVisible();
  hub.send({ type: 'message', message: { id: 'm', from: 'agent', text: 'Still there?', agoMs: 0 } });
  await expect(shop.getByText('A new message', { exact: true })).toBeVisible();
  expect(hub.asked('end')).toEqual([]);
  expect(hub.asked('visits')).toHaveLength(1);
});

test('an offer that nobody has taken folds with its place, and a call whose place does not come again ends', async ({
  page: shop,
  server,
  hub,
}) => {
  await withMicrophone(shop);
  await openVisitorPage(shop, { server, hub }, page(BUTTON));
  await button(shop, 'Talk to sales').click();
  await expect(button(shop, 'Call now')).toBeVisible();
  await rebuild(shop, BUTTON);
  await expect(button(shop, 'Talk to sales')).toBeVisible();
  await expect(button(shop, 'Call now')).toHaveCount(0);
  await callNow(shop, hub);
  answer(hub);
  await expect(button(shop, 'Hang up')).toBeVisible();
  await rebuild(shop, '');
  await expect.poll(() => hub.asked('end')).toEqual([{ reason: 'left' }]);
  await rebuild(shop, BUTTON);
  await button(shop, 'Talk to sales').click();
  await expect(shop.getByText('Your call ended when this page was left or loaded anew.')).toBeVisible();
});
