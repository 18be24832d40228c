import type { Page } from '@playwright/test';
import { expect, setPhone, show, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('the sound of a call is told by bars with a word, and a weak network of one’s own in a sentence', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-quality');
  await expect(page.getByRole('img', { name: 'Good sound' })).toBeVisible();
  await setPhone(page, (h) => h.phone.change({ quality: { mos: 2, level: 'poor', ownNetwork: true } }));
  await expect(page.getByRole('img', { name: 'Poor sound' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Your own network is weak now.' })).toBeVisible();
});

test('the four words are a press away, by keyboard too', async ({ page, server }) => {
  await show(page, server, 'call-quality');
  await expect(page.getByText('lusab')).toBeHidden();
  await page.getByText('Check that nobody listens in').focus();
  await page.keyboard.press('Enter');
  for (const word of ['lusab', 'babad', 'gutih', 'tugad'])
    await expect(page.getByText(word)).toBeInViewport();
});

test('the buttons are in their order and large enough at 300 px', async ({ page, server }) => {
  await page.setViewportSize({ width: 300, height: 640 });
  await show(page, server, 'call-active');
  const boxes = [];
  for (const name of ['Mute', 'Hold', 'Keypad', 'Start video', 'Transfer', 'More']) {
    boxes.push(await button(page, name).boundingBox());
  }
  const starts = boxes.map((box) => box?.x ?? Number.NaN);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  for (const box of boxes) {
    expect(box?.width).toBeGreaterThanOrEqual(44);
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box?.y).toBe(boxes[0]?.y);
  }
});

test('by telephone no video is offered, which nobody would see', async ({ page, server }) => {
  await show(page, server, 'call-telephone');
  await expect(button(page, 'Transfer')).toBeVisible();
  await expect(button(page, 'Start video')).toHaveCount(0);
});

test('one’s own picture stays small while the other camera is off', async ({ page, server }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await show(page, server, 'call-own-video');
  const own = await page.getByLabel('Your video').boundingBox();
  expect(own?.width).toBe(96);
  await expect(page.getByLabel('Video of Bruno Barros')).toHaveCount(0);
  await setPhone(page, (h) => h.phone.change({ peerVideoOn: true }));
  const peer = await page.getByLabel('Video of Bruno Barros').boundingBox();
  expect(peer?.width).toBeGreaterThan(250);
  expect(await page.getByLabel('Your video').boundingBox()).toEqual(own);
});

for (const able of [true, false]) {
  test(`picture in picture is ${able ? 'one press of the other’s picture' : 'not offered where the browser has none'}`, async ({
    page,
    server,
  }) => {
    await page.addInitScript((enabled) => {
      Object.defineProperty(document, 'pictureInPictureEnabled', { value: enabled });
      HTMLVideoElement.prototype.requestPictureInPicture = function (this: HTMLVideoElement) {
        document.title = `floating: ${this.getAttribute('aria-label')}`;
        return Promise.reject(new Error('no window to float in'));
      };
    }, able);
    await show(page, server, 'call-video');
    const float = button(page, 'Picture in picture');
    if (!able) return expect(float).toHaveCount(0);
    await float.click();
    await expect(page).toHaveTitle('floating: Video of Bruno Barros');
  });
}

test('the launcher shows that a call is being made before it has a time', async ({ page, server }) => {
  await show(page, server, 'launcher-dialing');
  await expect(button(page, 'Open Ringtag')).toHaveClass(/live/);
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() - 65_000 }));
  await expect(button(page, 'Open Ringtag')).toContainText('01:0');
});

test('whoever wants no calls is not reachable, which is no failure', async ({ page, server }) => {
  await show(page, server, 'ended-unwanted');
  await expect(page.getByText('Not reachable')).toBeVisible();
  await expect(page.getByText('They want no calls now. Try again later.').first()).toBeVisible();
  await expect(page.getByText('Call failed')).toHaveCount(0);
});
