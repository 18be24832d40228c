import type { Page } from '@playwright/test';
import { expect, openVisitorPage, test } from './visitor-page.ts';

/** A microphone, or the browser's refusal of one. */
async function withMicrophone(page: Page, refusal?: string): Promise<void> {
  await page.addInitScript((name) => {
    navigator.mediaDevices.getUserMedia = () =>
      name
        ? Promise.reject(new DOMException('no', name))
        : Promise.resolve(new AudioContext().createMediaStreamDestination().stream);
  }, refusal);
}

/** States that the page is told of. */
async function keepStates(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const states: string[] = [];
    Object.assign(window, { states });
    addEventListener('ringtag-call-state', (event) => states.push((event as CustomEvent).detail.state));
  });
  return () => page.evaluate(() => (window as unknown as { states: string[] }).states);
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('P1 a visitor presses, waits, talks, hangs up and says how it was', async ({ page, server, hub }) => {
  await withMicrophone(page);
  const states = await keepStates(page);
  await openVisitorPage(
    page,
    { server, hub },
    {
      body: '<ringtag-call to="sales" data-context-order-id="A 17"></ringtag-call>',
    },
  );
  await button(page, 'Talk to sales').click();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send({ type: 'waiting', ahead: 2, waitMs: 170_000 });
  await expect(page.getByText('2 before you, about 3 minutes', { exact: true }).first()).toBeVisible();
  hub.send({ type: 'waiting', ahead: 0 });
  await expect(page.getByText('You are next', { exact: true }).first()).toBeVisible();
  hub.send(hub.ready());
  hub.send({ type: 'ringing' });
  await expect(page.getByText('Ringing…', { exact: true }).first()).toBeVisible();
  hub.send({ type: 'talking', agent: 'Bruno Barros', endsInMs: 600_000 });
  await expect(page.getByText('You are talking to Bruno Barros').first()).toBeVisible();
  await button(page, 'Mute').click();
  await expect(button(page, 'Mute')).toHaveAttribute('aria-pressed', 'true');
  hub.send({ type: 'ending', endsInMs: 30_000 });
  await expect(page.getByText(/This call ends in (30|29|28) seconds/)).toBeVisible();
  await button(page, 'Hang up').click();
  await expect(page.getByText('The call has ended', { exact: true }).first()).toBeVisible();
  await page.getByRole('radio', { name: '4 of 5' }).check();
  await button(page, 'Send').click();
  await expect(page.getByText('Thank you.')).toBeVisible();
  expect(hub.asked('rating')).toEqual([{ stars: 4 }]);
  expect(hub.asked('end')).toEqual([{ reason: 'hangup' }]);
  expect(hub.asked('tickets')).toMatchObject([
    { to: 'sales', intent: 'call', context: { title: 'Shop', language: 'en', data: { 'order-id': 'A 17' } } },
  ]);
  expect(hub.faults).toEqual([]);
  expect(await states()).toEqual(['asking', 'waiting', 'ready', 'ringing', 'talking', 'ended']);
  await button(page, 'Close').click();
  await expect(button(page, 'Talk to sales')).toBeFocused();
});
