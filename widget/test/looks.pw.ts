import { axeProblems, change, expect, openPage, show, test } from './browser.ts';

const theme = `:root { --ringtag-accent: #ffd400; --ringtag-font: "Courier New", monospace; --ringtag-radius: 0px; --ringtag-scheme: dark; }
  ringtag-phone::part(search) { border: 3px solid rgb(1, 2, 3); }`;

test('a page themes the pane by custom properties and parts, and its text stays readable', async ({
  page,
  server,
}) => {
  await show(page, server, 'people-found', { theme });
  const seen = await page.evaluate(() => {
    const pane = document.querySelector('ringtag-phone')?.shadowRoot?.querySelector('ringtag-pane');
    const people = pane?.shadowRoot?.querySelector('ringtag-people')?.shadowRoot;
    const style = (element: Element | null | undefined) => (element ? getComputedStyle(element) : null);
    return {
      font: style(pane)?.fontFamily,
      radius: style(people?.querySelector('input'))?.borderRadius,
      dark: style(pane)?.backgroundColor,
      part: style(people?.querySelector('.search'))?.borderTopColor,
    };
  });
  expect(seen).toEqual({
    font: '"Courier New", monospace',
    radius: '0px',
    dark: 'rgb(27, 28, 31)',
    part: 'rgb(1, 2, 3)',
  });
  expect(await axeProblems(page)).toEqual([]);
});

for (const accent of ['#ffd400', '#e91e63', '#0a3d62', '#00b894']) {
  test(`the accent ${accent} leaves every text readable in light and dark`, async ({ page, server }) => {
    const options = { theme: `:root { --ringtag-accent: ${accent} }` };
    await show(page, server, 'signed-out', options);
    for (const state of ['signed-out', 'call-desk-phone', 'people-found']) {
      await change(page, state);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeProblems(page, 'color-contrast'), `${state} in ${colorScheme}`).toEqual([]);
      }
    }
  });
}

test('the page’s own font is used by default, and its colour scheme is followed', async ({
  page,
  server,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openPage(
    page,
    server,
    '<ringtag-phone></ringtag-phone>',
    '<style>html{color-scheme:light}body{font-family:Georgia,serif}</style>',
  );
  const pane = page.locator('ringtag-pane');
  await expect(pane).toHaveCSS('font-family', 'Georgia, serif');
  await expect(pane).toHaveCSS('background-color', 'rgb(255, 255, 255)');
});

test('right to left: the launcher and the pane are at the left, rows are mirrored', async ({
  page,
  server,
}) => {
  await show(page, server, 'launcher-open', { dir: 'rtl' });
  const launcher = await page.getByRole('button', { name: 'Open Ringtag' }).boundingBox();
  expect(launcher?.x).toBeLessThan(40);
  const name = await page.getByText('Bruno Barros').boundingBox();
  const call = await page.getByRole('button', { name: 'Call Bruno Barros' }).boundingBox();
  expect((call?.x ?? 0) + 10).toBeLessThan(name?.x ?? 0);
});

test('on a low screen the ringing dialog stands beside the open pane, and goes back when it closes', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await show(page, server, 'ringing');
  const right = async (name: string) => {
    const box = await page.locator(name).boundingBox();
    return (box?.x ?? Number.NaN) + (box?.width ?? 0);
  };
  expect(await right('.dialog')).toBe(1264);
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  const pane = await page.locator('ringtag-pane').boundingBox();
  expect(await right('.dialog')).toBeLessThan(pane?.x ?? 0);
  await page.getByRole('button', { name: 'Close' }).click();
  expect(await right('.dialog')).toBe(1264);
});

test('at 200 % zoom of a small laptop everything in the pane can be reached', async ({ page, server }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  await show(page, server, 'launcher-open');
  await page.getByRole('button', { name: 'Call Elsa Esteves' }).click();
  for (const name of ['Mute', 'Hold', 'Keypad', 'Hang up']) {
    await expect(page.getByRole('button', { name })).toBeInViewport();
  }
});

test('forced colours keep every button visible', async ({ page, server }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await show(page, server, 'call-active');
  await expect(page.getByRole('button', { name: 'Hang up' })).toHaveCSS('border-top-style', 'solid');
});

test('a long name is cut with its whole text in the title', async ({ page, server }) => {
  await show(page, server, 'people-long-names');
  await expect(page.getByTitle(/^Maria Wilhelmina.*Vasconcelos$/)).toBeVisible();
});
