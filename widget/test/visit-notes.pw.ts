// What says that a visitor writes, wherever the person is on the page.
import type { Page } from '@playwright/test';
import { axeProblems, commands, expect, openPage, setPhone, show, type TestServer, test } from './browser.ts';

const note = (page: Page) => page.getByRole('group', { name: 'A visitor writes: Talk to sales' });
const write = (page: Page) => page.getByLabel('Write to the visitor').filter({ visible: true });

async function writes(page: Page, server: TestServer): Promise<void> {
  await openPage(
    page,
    server,
    '<p><label>Note <input id="note"></label></p><ringtag-launcher></ringtag-launcher>',
  );
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await page.locator('ringtag-pane').waitFor({ state: 'attached' });
  await page.locator('#note').focus();
  await setPhone(page, (h) => {
    h.phone.set({ ...h.ready, visitors: { unread: 2, news: 1 } });
    h.phone.fakeVisits.set({ visits: [h.visitOf()], left: [], unread: { v1: 2 } });
    h.mountNotes();
  });
  await expect(note(page)).toBeVisible();
}

test('a chat that arrives is told of where nobody overlooks it, takes no focus, and opens with one press', async ({
  page,
  server,
}) => {
  await writes(page, server);
  await expect(note(page)).toContainText('Hiking boots');
  await page.keyboard.type('goes on');
  await expect(page.locator('#note')).toHaveValue('goes on');
  expect(await axeProblems(page)).toEqual([]);
  await note(page).getByRole('button', { name: 'Open' }).click();
  await expect(note(page)).toHaveCount(0);
  await expect(write(page)).toBeFocused();
  await expect(page.getByRole('log')).toContainText('And in black?');
  expect((await commands(page)).length).toBe(0);
});

test('it goes when a colleague answers, and is away while a call rings', async ({ page, server }) => {
  await writes(page, server);
  const rings = (calls: boolean) =>
    setPhone(
      page,
      calls
        ? (h) => h.phone.set({ calls: [h.callView({ callId: 'c1', direction: 'in', phase: 'ringing' })] })
        : (h) => h.phone.set({ calls: [] }),
    );
  await rings(true);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expect(note(page)).toHaveCount(0);
  await rings(false);
  await expect(note(page)).toBeVisible();
  await setPhone(page, (h) => h.phone.fakeVisits.set({ unread: {} }));
  await expect(note(page)).toHaveCount(0);
});

test('it sounds once for each message, and not where no calls are wanted', async ({ page, server }) => {
  await page.clock.install();
  await page.addInitScript(() => {
    Object.assign(window, { sounds: 0 });
    const { start } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (...args) {
      (window as unknown as { sounds: number }).sounds += 1;
      start.apply(this, args);
    };
  });
  await writes(page, server);
  // Nothing sounds in a page that nobody has touched; this one has been.
  await page.locator('#note').click();
  const message = (id: string) => ({ id, from: 'visitor' as const, text: id, agoMs: 0 });
  const more = (count: number) =>
    page.evaluate(
      (messages) =>
        window.harness.phone.fakeVisits.set({
          visits: [window.harness.visitOf({ messages })],
          unread: { v1: messages.length },
        }),
      Array.from({ length: count }, (_, i) => message(`m${i}`)),
    );
  const sounds = () => page.evaluate(() => (window as unknown as { sounds: number }).sounds);
  const written = async (count: number) => {
    await more(count);
    await page.clock.runFor(1_000);
    return sounds();
  };
  await page.clock.runFor(1_000);
  const before = await sounds();
  expect(await written(3)).toBe(before + 1);
  expect(await written(3)).toBe(before + 1);
  await setPhone(page, (h) => h.phone.set({ doNotDisturb: true }));
  expect(await written(4)).toBe(before + 1);
  await setPhone(page, (h) => h.phone.set({ doNotDisturb: false }));
  expect(await written(5)).toBe(before + 2);
});

test('dismissed, it stays away and the number stays', async ({ page, server }) => {
  await writes(page, server);
  await note(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(note(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toHaveText('2');
});

test('of a visitor’s call that a colleague took it is said who did', async ({ page, server }) => {
  await show(page, server, 'visitor-ringing');
  await setPhone(page, (h) => {
    const [call] = h.phone.state.calls;
    if (call) h.phone.set({ calls: [{ ...call, phase: 'ended', ended: { reason: 'answered-elsewhere' } }] });
  });
  await expect(page.getByText('Answered on another device.').last()).toBeVisible();
  await setPhone(page, (h) =>
    h.phone.fakeVisits.set({
      visits: [h.visitOf({ state: 'talking', agent: { personId: 'bruno', name: 'Bruno Barros' } })],
    }),
  );
  await expect(page.getByText('Bruno Barros answered.')).toBeVisible();
});

test('of eight visits before, the last stands first in one line while it rings', async ({ page, server }) => {
  await show(page, server, 'visitor-ringing');
  await setPhone(page, (h) => {
    const earlier = Array.from({ length: 8 }, (_, i) => ({
      id: `e${i}`,
      intent: 'call' as const,
      agoMs: i * 60_000,
      end: i === 0 ? ('no-answer' as const) : ('hangup' as const),
      messages: 0,
    }));
    h.phone.fakeVisits.set({ visits: [h.visitOf({ state: 'ringing', earlier })] });
  });
  const row = page.getByRole('region', { name: 'About this visitor' }).locator('dd').first();
  await expect(row).toHaveText(/^8 visits, last: Call · Today .* · Nobody answered\s*$/);
  await expect(row).toBeInViewport({ ratio: 1 });
});

test('under a call that had no chat nothing is said of one; how others ended is', async ({
  page,
  server,
}) => {
  await show(page, server, 'visitors');
  await setPhone(page, (h) =>
    h.phone.fakeVisits.set({
      visits: [
        h.visitOf({ state: 'ended', end: 'left', rating: { stars: 2 }, messages: [] }),
        h.visitOf({ id: 'v2', state: 'ended', end: 'idle' }),
      ],
      unread: {},
    }),
  );
  const rows = page.getByRole('list', { name: 'Just over' }).getByRole('button');
  await expect(rows).toHaveText([/Hiking boots\s*The visitor left/, /Hiking boots\s*Over, nobody wrote/]);
  await rows.first().click();
  await expect(page.getByText('Hiking boots').first()).toBeVisible();
  await expect(page.getByText('This chat is over')).toHaveCount(0);
});

test('the newest message stays in sight when there is less room', async ({ page, server }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await show(page, server, 'visitors-chat');
  await setPhone(page, (h) => {
    const messages = Array.from({ length: 30 }, (_, i) => ({
      id: `m${i}`,
      from: 'agent' as const,
      text: `Message ${i + 1}.`,
      agoMs: 0,
    }));
    h.phone.fakeVisits.set({ visits: [h.visitOf({ messages })] });
  });
  const last = page.getByText('Message 30.');
  await expect(last).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1000, height: 480 });
  await expect(last).toBeInViewport({ ratio: 1 });
});

test('the newest message stays whole when it gains its name and time; who reads older ones stays there', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await show(page, server, 'visitors-chat');
  const log = page.getByRole('log').filter({ visible: true });
  const belowPx = () =>
    log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  /** Thirty messages, and one of one's own: on its way, not sent, or there. */
  const writes = (own: 'comes' | 'fails' | 'is there') =>
    page.evaluate((state) => {
      const messages = Array.from({ length: state === 'is there' ? 31 : 30 }, (_, i) => ({
        id: `m${i}`,
        from: 'agent' as const,
        text: `Message ${i + 1}.`,
        agoMs: 0,
      }));
      const failed = state === 'fails' ? { failed: 'unreachable' as const } : {};
      const unsent = state === 'is there' ? [] : [{ id: 'm30', text: 'Message 31.', ...failed }];
      const { phone, visitOf } = window.harness;
      phone.fakeVisits.set({ visits: [visitOf({ messages })], unsent: { v1: unsent } });
    }, own);
  const own = log.getByRole('listitem').last();
  await writes('comes');
  await expect(own).toHaveText(/^\s*Message 31\.\s*$/);
  await expect.poll(belowPx).toBeLessThanOrEqual(1);
  await writes('is there');
  await expect(own).toHaveText(/You|Bruno|Alice/);
  await expect.poll(belowPx).toBeLessThanOrEqual(1);
  await writes('comes');
  await log.evaluate((element) => {
    element.scrollTop = 0;
  });
  await log.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await writes('fails');
  await expect(own).toContainText('Not sent.');
  expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
});

test('it is read and answered while the page has a modal dialog open, and what is written there stays', async ({
  page,
  server,
}) => {
  await openPage(
    page,
    server,
    `<button onclick="mail.showModal()">Compose</button><ringtag-launcher></ringtag-launcher>
<dialog id="mail"><label>Text <textarea></textarea></label><button onclick="mail.close()">Send</button></dialog>`,
  );
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await page.locator('ringtag-pane').waitFor({ state: 'attached' });
  await setPhone(page, (h) => {
    h.phone.set({ ...h.ready, visitors: { unread: 0, news: 0 } });
    h.phone.fakeVisits.set({ visits: [h.visitOf()], left: [], unread: {} });
    h.mountNotes();
  });
  await page.getByRole('button', { name: 'Compose' }).click();
  await page.getByLabel('Text').fill('Dear customer');
  await setPhone(page, (h) => h.phone.fakeVisits.set({ unread: { v1: 2 } }));
  await expect(note(page)).toBeVisible();
  await expect(page.getByLabel('Text')).toBeFocused();
  await note(page).getByRole('button', { name: 'Open' }).click();
  await expect(note(page)).toHaveCount(0);
  await expect(write(page)).toBeVisible();
  await write(page).fill('One moment');
  await page.getByRole('button', { name: 'Close', exact: true }).filter({ visible: true }).click();
  await expect(page.locator('ringtag-above')).toHaveCount(0);
  await expect(page.getByLabel('Text')).toHaveValue('Dear customer');
});
