// A card unfolds and grows within the viewport as far as it fits, and leaves whoever reads elsewhere where they are.
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

/** The button is the last that is seen at the lower edge; below it the page goes on. */
const PAGE = {
  body: '<div id="above" style="block-size:1000px"></div><ringtag-call to="sales"></ringtag-call><div style="block-size:2000px"></div>',
};

async function scrollToButton(page: Page): Promise<void> {
  const toEnd = () =>
    page
      .locator('ringtag-call')
      .evaluate((call) => call.scrollIntoView({ block: 'end', behavior: 'instant' }));
  await toEnd();
  await expect(button(page, 'Talk to sales')).toBeVisible();
  // It is as wide, and as high, as its words now.
  await toEnd();
}

for (const [width, height] of [
  [360, 740],
  [320, 640],
] as const) {
  test(`at ${width} × ${height} a card that unfolds at the lower edge is seen whole, also where the microphone is refused`, async ({
    page,
    server,
    hub,
  }) => {
    await page.setViewportSize({ width, height });
    await withMicrophone(page, 'NotAllowedError');
    await openVisitorPage(page, { server, hub }, PAGE);
    await scrollToButton(page);
    await button(page, 'Talk to sales').click();
    await expect(button(page, 'Ask for a call back')).toBeInViewport({ ratio: 1 });
    await expect(button(page, 'Call now')).toBeInViewport({ ratio: 1 });
    await button(page, 'Call now').click();
    await expect(page.getByRole('alert')).toBeInViewport({ ratio: 1 });
    for (const name of ['Chat instead', 'Try again', 'Ask for a call back'])
      await expect(button(page, name)).toBeInViewport({ ratio: 1 });
    await button(page, 'Leave a message').click();
    await expect(button(page, 'Send')).toBeInViewport({ ratio: 1 });
  });
}

test('a chat that begins at the lower edge has its field in sight', async ({ page, server, hub }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openVisitorPage(page, { server, hub }, PAGE);
  await scrollToButton(page);
  await chatInstead(page, hub);
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeInViewport({ ratio: 1 });
  await expect(button(page, 'End chat')).toBeInViewport({ ratio: 1 });
});

test('a visitor who reads the page while they talk stays where they are, whatever comes', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub }, PAGE);
  await scrollToButton(page);
  await callNow(page, hub);
  answer(hub);
  await expect(button(page, 'Hang up')).toBeInViewport();
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  hub.send({ type: 'message', message: { id: 'm', from: 'agent', text: 'Hello', agoMs: 0 } });
  await expect(page.getByRole('log').getByText('Hello')).toBeAttached();
  hub.send({ type: 'ending', endsInMs: 30_000 });
  await expect(page.getByText(/This call ends in/)).toBeAttached();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});
