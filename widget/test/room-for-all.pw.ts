import type { Page } from '@playwright/test';
import { expect, openPage, setPhone, test } from './browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The launcher's pane on the screen of a small laptop, in the second of two calls. */
async function twoCalls(page: Page, server: Parameters<typeof openPage>[1]): Promise<void> {
  await page.setViewportSize({ width: 1200, height: 800 });
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher>');
  await button(page, 'Open Ringtag').click();
  await setPhone(page, (h) => {
    const talking = { callId: 'c2', activeSinceMs: 0, peer: h.peerOf(h.people[2]) };
    const words = ['lusab', 'babad', 'gutih', 'tugad'];
    const quality = { mos: 3, level: 'fair' as const, ownNetwork: true };
    h.phone.set({
      ...h.ready,
      calls: [h.callView({ phase: 'held', held: true }), h.callView({ ...talking, words, quality })],
    });
  });
  await expect(button(page, 'Swap')).toBeVisible();
}

/** What hides a part of this element: nothing, where all of it can be seen and pressed. */
function coveredBy(page: Page, name: string): Promise<string | null> {
  return button(page, name).evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const root = element.getRootNode() as ShadowRoot;
    for (const [x, y] of [
      [left + 20, top + 1],
      [right - 20, bottom - 1],
    ] as const) {
      const seen = root.elementFromPoint(x, y);
      if (!seen || !(element.contains(seen) || seen.contains(element))) return seen?.className ?? 'the edge';
      if (seen !== element && !element.contains(seen)) return `around it: ${seen.localName}`;
    }
    return null;
  });
}

test('in two calls, on the screen of a small laptop, every key of the keypad is in sight', async ({
  page,
  server,
}) => {
  await twoCalls(page, server);
  await button(page, 'Keypad').click();
  for (const key of ['1', '3', '5', 'star', '0', 'hash']) expect(await coveredBy(page, key), key).toBeNull();
});

test('in two calls the four words and what else is to be known are in sight', async ({ page, server }) => {
  await twoCalls(page, server);
  await page.getByText('Check that nobody listens in').click();
  const top = await page.locator('ringtag-call-card .top').boundingBox();
  for (const words of ['tugad', 'Your own network is weak now.', 'Carla Costa']) {
    const box = await page.locator('ringtag-call-card .top').getByText(words).first().boundingBox();
    expect(box?.y, words).toBeGreaterThanOrEqual(top?.y ?? Number.NaN);
    expect((box?.y ?? 0) + (box?.height ?? 0), words).toBeLessThanOrEqual((top?.y ?? 0) + (top?.height ?? 0));
  }
});

test('what is offered beside a call moves none of its buttons', async ({ page, server }) => {
  await twoCalls(page, server);
  const places = () =>
    Promise.all(['Mute', 'More', 'Hang up'].map((name) => button(page, name).boundingBox()));
  const before = await places();
  await setPhone(page, (h) => h.phone.change({ offerDeskPhone: true }, 'c2'));
  await expect(button(page, 'Ring desk phone')).toBeVisible();
  expect(await places()).toEqual(before);
  expect(await coveredBy(page, 'Ring desk phone')).toBeNull();
});

test('a held call with a picture leaves the name its room', async ({ page, server }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher>');
  await button(page, 'Open Ringtag').click();
  await setPhone(page, (h) =>
    h.phone.set({ ...h.ready, calls: [h.callView({ activeSinceMs: 0, peerVideoOn: true, peerHeld: true })] }),
  );
  const name = page.locator('ringtag-call-card .line h2');
  await expect(name).toHaveText('Bruno Barros');
  expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  const status = page.locator('ringtag-call-card .line .status');
  await expect(status).toHaveText('Bruno Barros put you on hold');
  expect(await status.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
});

test('launcher and card show the second that it is, at every moment', async ({ page, server }) => {
  await page.clock.install();
  await twoCalls(page, server);
  await page.clock.pauseAt(Date.now() + 60_000);
  await setPhone(page, (h) => h.phone.change({ activeSinceMs: performance.now() - 4_250 }, 'c2'));
  const times = ['.launcher .time', 'ringtag-call-card .status.time'].map((shown) => page.locator(shown));
  for (let passedMs = 0; passedMs < 3_000; passedMs += 100) {
    const now = `00:0${Math.floor((4_250 + passedMs) / 1_000)}`;
    for (const time of times) await expect(time, `after ${passedMs} ms`).toHaveText(now, { timeout: 1_000 });
    await page.clock.runFor(100);
  }
});
