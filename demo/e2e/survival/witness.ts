// What people notice of a call while something is broken: words about an end on the screen, and how long a tone was
// away. Looks inside the page, so that nothing between two questions is missed.
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Person } from '../person.ts';
import type { ToneChange } from '../tone.ts';

declare global {
  interface Window {
    ringtagWords?: () => readonly string[];
  }
}

/** Sentences and titles that a person takes for the end of a call. */
const ENDS =
  'Call ended|Call failed|Connection lost$|left the call|was lost|Cancelled|could not|No answer|Signed out';

async function watchWords(page: Page): Promise<void> {
  await page.evaluate((pattern) => {
    const ends = new RegExp(pattern, 'm');
    const seen = new Set<string>();
    const textOf = (node: Node): string => {
      if (node instanceof Text) return node.data.trim();
      if (node instanceof Element && ['style', 'script'].includes(node.localName)) return '';
      const root = node instanceof Element ? node.shadowRoot : null;
      return [...(root ? [root] : []), ...node.childNodes].map(textOf).filter(Boolean).join('\n');
    };
    const look = () => {
      for (const host of document.querySelectorAll('ringtag-launcher, ringtag-phone')) {
        const found = ends.exec(textOf(host));
        if (found) seen.add(found[0]);
      }
    };
    const timer = setInterval(look, 50);
    window.ringtagWords = () => {
      clearInterval(timer);
      look();
      return [...seen];
    };
  }, ENDS);
}

/** Whatever `work` breaks, none of these people reads that the call is over. */
export async function expectNoEndWhile(people: readonly Person[], work: () => Promise<void>): Promise<void> {
  for (const { page } of people) await watchWords(page);
  await work();
  for (const { id, page } of people) {
    const read = await page.evaluate(() => window.ringtagWords?.() ?? ['nothing was watched']);
    expect(read, `what ${id} read about an end`).toEqual([]);
  }
}

/** From now on, this page notes when that tone goes and comes. */
export async function follow(person: Person, hz: number): Promise<void> {
  await person.page.evaluate((tone) => window.ringtagEars?.follow(tone), hz);
  await expect.poll(async () => (await changesOf(person)).at(-1)?.heard, { message: `${hz} Hz` }).toBe(true);
}

export function changesOf(person: Person): Promise<readonly ToneChange[]> {
  return person.page.evaluate(() => window.ringtagEars?.changes() ?? []);
}

/** A tone that comes back counts when it stays this long. */
const STAYS_MS = 1_000;

/** Milliseconds from the cut until the tone was back to stay. Rejects after `withinMs`, also if it was never away. */
export async function toneBackAfter(person: Person, cutMs: number, withinMs: number): Promise<number> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const changes = (await changesOf(person)).filter(({ atMs }) => atMs >= cutMs);
    const last = changes.at(-1);
    const away = changes.some(({ heard }) => !heard);
    if (away && last?.heard && Date.now() - last.atMs > STAYS_MS) return last.atMs - cutMs;
    if (Date.now() > deadline) {
      if (!away) throw new Error(`the tone was never away: nothing was cut within ${withinMs} ms`);
      const inside = await person.page.evaluate(() => window.ringtagEars?.diagnose());
      throw new Error(
        `the tone did not come back within ${withinMs} ms: ${JSON.stringify(changes)}\n${inside}`,
      );
    }
    await person.hear(100);
  }
}

/** For how long the tone was away at most since `follow`; counts an absence that goes on. */
export async function longestAbsenceMs(person: Person): Promise<number> {
  const changes = await changesOf(person);
  const absences = changes.map(({ atMs, heard }, index) =>
    heard ? 0 : (changes[index + 1]?.atMs ?? Date.now()) - atMs,
  );
  return Math.max(0, ...absences);
}
