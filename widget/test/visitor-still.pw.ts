// What stands below a card, and the button that ends a call, stay where they are while somebody reads or is about to press.
import type { Page } from '@playwright/test';
import { button, expect, openCard, test, withMicrophone } from './visitor-page.ts';

const PAGE = { body: '<ringtag-call to="sales"></ringtag-call><p id="below">More of the shop</p>' };

/** From the top of the page, however far it is scrolled. */
const topOfBelow = (page: Page) =>
  page.locator('#below').evaluate((below) => below.getBoundingClientRect().top + scrollY);

/** Upper and lower edge of the red button, from the top of the page. */
const edgesOfRed = (page: Page) =>
  page.locator('ringtag-call [part=hang-up]').evaluate((red) => {
    const { top, bottom } = red.getBoundingClientRect();
    return [top + scrollY, bottom + scrollY];
  });

test('from the press to the end of a call nothing below its card moves, and neither does the button that ends it', async ({
  page,
  server,
  hub,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await withMicrophone(page);
  await openCard(page, { server, hub }, PAGE);
  await expect(button(page, 'Ask for a call back')).toBeVisible();
  const top = await topOfBelow(page);
  await button(page, 'Call now').click();
  await expect(button(page, 'Cancel')).toBeVisible();
  expect(await topOfBelow(page)).toBe(top);
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send({ type: 'waiting', ahead: 2, waitMs: 170_000 });
  await expect(page.getByText('2 before you, about 3 minutes', { exact: true }).last()).toBeVisible();
  const edges = await edgesOfRed(page);
  for (const [event, words] of [
    [{ type: 'ringing' }, 'Ringing…'],
    [{ type: 'talking', agent: 'Bruno Barros', endsInMs: 600_000 }, /^You are talking to Bruno Barros/],
    [{ type: 'held', held: true }, /^One moment, please: you are on hold/],
    [{ type: 'ending', endsInMs: 30_000 }, /^This call ends in/],
  ] as const) {
    hub.send(event);
    await expect(page.locator('ringtag-call').getByText(words).last()).toBeVisible();
    expect(await topOfBelow(page), event.type).toBe(top);
    expect(await edgesOfRed(page), event.type).toEqual(edges);
  }
  hub.send({ type: 'ended', end: 'hangup', offers: hub.card.offers });
  await expect(page.getByRole('group', { name: 'How was it?' })).toBeVisible();
  expect(await topOfBelow(page)).toBe(top);
});

test('a chat is as high with its first words as with its thirtieth', async ({ page, server, hub }) => {
  await openCard(page, { server, hub }, PAGE);
  await button(page, 'Chat instead').click();
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeFocused();
  const top = await topOfBelow(page);
  for (let number = 1; number <= 30; number++) {
    const id = `m-${number}`;
    hub.send({ type: 'message', message: { id, from: 'agent', text: `Line ${number}`, agoMs: 0 } });
  }
  await expect(page.getByRole('log').getByText('Line 30', { exact: true })).toBeInViewport();
  expect(await topOfBelow(page)).toBe(top);
});
