// Brings a page into one of the states; used for screenshots and by the tests that look at every state.

const style = (shows) =>
  shows === 'pane'
    ? 'body{margin:0} ringtag-phone{inline-size:100%;max-inline-size:360px;block-size:560px;margin:0 auto}'
    : shows === 'visit'
      ? 'body{margin:0;padding:12px} ringtag-call{display:block;max-inline-size:400px}'
      : 'body{margin:24px}';

export function pageHtml(shows, { dir = 'ltr', theme = '', lang = 'en' } = {}) {
  return `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>Shot</title>
<meta name="viewport" content="width=device-width">
<style>html{color-scheme:light dark;background:Canvas;color:CanvasText;font-family:system-ui,"Liberation Sans",sans-serif}${style(shows)}${theme}</style>
<script src="/harness.js"></script></head><body><main><h1 hidden>Page</h1>${
    shows === 'pane'
      ? '<ringtag-phone></ringtag-phone>'
      : shows === 'visit'
        ? '<ringtag-call to="sales"></ringtag-call>'
        : '<p>A page of somebody else, with <button type="button">buttons</button>.</p>'
  }</main>${shows === 'launcher' ? '<ringtag-launcher></ringtag-launcher>' : ''}</body></html>`;
}

/** `page` is a Playwright page; `server` what `serve` returned. */
export async function showState(page, server, state, options = {}) {
  const path = `/${state.shows}-${options.lang ?? 'en'}-${options.dir ?? 'ltr'}-${options.theme ? 'theme' : 'plain'}`;
  server.pages.set(path, { body: pageHtml(state.shows, options) });
  await page.goto(server.url + path);
  if (state.shows === 'visit') return enterVisit(page, state, options.lang ?? 'en');
  await enter(page, state, `h.define('${options.lang ?? 'en'}')`);
}

/** From one state to another on the same page, through signed out, so that nothing typed or opened stays. */
export async function changeState(page, state) {
  await page.evaluate(async () => {
    window.harness.phone.reset();
    document.querySelector('ringtag-launcher')?.removeAttribute('open');
    await new Promise((done) => requestAnimationFrame(done));
  });
  await enter(page, state);
}

/** Shows a visitor's card in one state, on the page of another one. */
export async function enterVisit(page, state, lang) {
  await page.evaluate(
    `{ const h = window.harness; const card = ${JSON.stringify(state.card)};
      const change = ${JSON.stringify(state.view)};
      h.showVisit(change && { ...h.firstView(card), ...change }, card, '${lang}'); }`,
  );
  if (state.view) await page.locator('ringtag-visit section').waitFor();
  for (const selector of state.clicks ?? []) await page.locator(selector).first().click();
  if (state.view?.step === 'leave') await page.locator('ringtag-leave form').waitFor();
  await settled(page);
}

async function enter(page, state, then = '') {
  if (state.video) await page.evaluate(fakeStreams);
  await page.evaluate(
    `{ const h = window.harness; (${methodText(state.apply)})(h, ${JSON.stringify(state.args ?? null)}); ${then} }`,
  );
  if (state.shows === 'launcher')
    await page.locator('ringtag-launcher').evaluate((launcher) => launcher.warm());
  if (state.open) await page.locator('button.launcher').click();
  await page.locator('ringtag-pane').waitFor({ state: 'attached' });
  if (state.query !== undefined) {
    await page.getByRole('searchbox').fill(state.query);
    // Rows are there before: the colleagues.
    await page.waitForFunction(
      (query) => window.harness.phone.commands.some(([name, asked]) => name === 'search' && asked === query),
      state.query,
    );
    if (!/loading/.test(state.name)) await page.locator('.row .call, .blank strong').first().waitFor();
  }
  if (state.press !== undefined) {
    const name = await page.evaluate((key) => window.harness.texts()[key], state.press);
    const named = { name, exact: true };
    await page.getByRole('button', named).or(page.getByRole('tab', named)).click();
  }
  for (const selector of state.clicks ?? []) await page.locator(selector).first().click();
  await settled(page);
}

/** What is fetched for a state is shown two frames later. */
function settled(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** `apply(h) {…}` and `(h) => …` as source text that is an expression. */
function methodText(method) {
  const text = method.toString();
  return /^apply\s*\(/.test(text) ? `function ${text}` : text;
}

/** Two drawn pictures in place of cameras. */
function fakeStreams() {
  const draw = (from, to) => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 240;
    const context = canvas.getContext('2d');
    const paint = () => {
      const gradient = context.createLinearGradient(0, 0, 320, 240);
      gradient.addColorStop(0, from);
      gradient.addColorStop(1, to);
      context.fillStyle = gradient;
      context.fillRect(0, 0, 320, 240);
    };
    paint();
    setInterval(paint, 100);
    return canvas.captureStream(10);
  };
  window.harness.phone.remoteStream = draw('#345', '#89a');
  window.harness.phone.localStream = draw('#643', '#ca8');
}
