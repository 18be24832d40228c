// Reloads as people do them: some at once, some when the page has just registered.
import type { Person } from '../person.ts';

export async function reloadOften({ page }: Person, times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    const account = page
      .waitForResponse((response) => response.url().endsWith('/api/pbx/account'), { timeout: 10_000 })
      .catch(() => undefined);
    await page.reload({ waitUntil: 'domcontentloaded' });
    if (round % 3 === 0) await account;
  }
}
