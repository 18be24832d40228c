// A tab behind another one, hidden and slowed as browsers do it to people. Playwright makes every page believe that it
// is in front, so the signed-in profile is opened again by a driver that leaves tabs alone. In Firefox tabs can be hidden.
import { expect } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { CHROMIUM, FLAGS } from '../browser.ts';
import type { Person } from '../person.ts';

export interface HiddenTab {
  /** What rings there now: names of the dialogs, as assistive technology reads them. */
  rings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What keeps hidden tabs as fast as others. */
const AS_IF_IN_FRONT = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Closes this person's browser and opens its page again, behind another tab. Settles when it is connected. */
export async function reopenBehind(person: Person): Promise<HiddenTab> {
  const url = person.page.url();
  await person.browser.context.close();
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    userDataDir: person.browser.profile,
    args: FLAGS,
    ignoreDefaultArgs: AS_IF_IN_FRONT,
    waitForInitialPage: false,
  });
  const page = await browser.newPage();
  await page.goto(url);
  const front = await browser.newPage();
  await front.bringToFront();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  return {
    async rings() {
      const dialogs = await page.$$('>>> [role=alertdialog]');
      return Promise.all(
        dialogs.map((dialog) =>
          dialog.evaluate(
            (element) => `${element.getAttribute('aria-label') ?? ''} ${element.textContent ?? ''}`,
          ),
        ),
      );
    },
    close: () => browser.close(),
  };
}

/** Puts another tab of its window in front of this page, in a Firefox whose pages are tabs. */
export async function hideBehind({ page, browser }: Person): Promise<HiddenTab> {
  const front = await browser.context.newPage();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  return {
    rings() {
      // At once: a dialog that has gone meanwhile would be waited for.
      return page
        .getByRole('alertdialog')
        .evaluateAll((dialogs) =>
          dialogs.map((dialog) => `${dialog.getAttribute('aria-label') ?? ''} ${dialog.textContent ?? ''}`),
        );
    },
    close: () => front.close(),
  };
}
