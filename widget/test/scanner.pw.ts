import { commands, expect, openPage, setPhone, test } from './browser.ts';

const rows = `<div id="list">
  <div class="row"><a href="mailto:bruno@example.org?subject=x">B. B.</a></div>
  <div class="row"><a href="tel:1003">Phone</a></div>
  <div class="row"><a href="sip:duarte@example.org">Sip</a></div>
  <div class="row"><span data-ringtag-call="elsa">Elsa</span></div>
  <div class="row"><a href="mailto:stranger@elsewhere.example">Stranger</a></div>
  <div class="row"><a href="mailto:alice@example.org">Me</a></div>
</div>`;
const labels = (page: import('@playwright/test').Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('ringtag-call-button')].map((button) =>
      button.shadowRoot?.querySelector('button')?.getAttribute('aria-label'),
    ),
  );

test('known people in the roots get a button with the name the hub knows; strangers and oneself get none', async ({
  page,
  server,
}) => {
  await openPage(page, server, `${rows}<p>Outside: <a href="mailto:carla@example.org">Carla</a></p>`);
  await page.evaluate(() => window.harness.scan('#list'));
  await expect
    .poll(() => labels(page))
    .toEqual(['Call Bruno Barros', 'Call Carla Costa', 'Call Duarte Dias', 'Call Elsa Esteves']);
  await page.getByRole('button', { name: 'Call Bruno Barros' }).click();
  expect(await commands(page)).toEqual([['call', { personId: 'bruno' }, 'audio']]);
  expect(await page.evaluate(() => window.harness.phone.resolveBatches)).toEqual([6]);
});

test('buttons are there only while somebody is signed in', async ({ page, server }) => {
  await openPage(page, server, rows);
  await setPhone(page, (h) => h.phone.set(h.signedOut));
  await page.evaluate(() => window.harness.scan('#list'));
  await setPhone(page, (h) => h.phone.set(h.ready));
  await expect.poll(() => labels(page)).toHaveLength(4);
  await setPhone(page, (h) => h.phone.set(h.signedOut));
  await expect.poll(() => labels(page)).toEqual([]);
});

test('a click on a button stays away from the row, whatever the row listens to', async ({ page, server }) => {
  await openPage(page, server, rows);
  await page.evaluate(() => {
    window.harness.guard();
    Object.assign(window, { rowHeard: [] });
    const list = document.querySelector('#list');
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click', 'dblclick']) {
      for (const capture of [true, false]) {
        list?.addEventListener(
          type,
          () => (window as unknown as { rowHeard: string[] }).rowHeard.push(type),
          capture,
        );
      }
    }
    window.harness.scan('#list');
  });
  await page.getByRole('button', { name: 'Call Elsa Esteves' }).click();
  await page.getByRole('button', { name: 'Call Elsa Esteves' }).press('Enter');
  expect(await commands(page)).toHaveLength(2);
  expect(await page.evaluate(() => (window as unknown as { rowHeard: string[] }).rowHeard)).toEqual([]);
});

test('a recycled row loses the button of the other person before the page paints', async ({
  page,
  server,
}) => {
  await openPage(page, server, rows);
  await page.evaluate(() => window.harness.scan('#list'));
  await expect.poll(() => labels(page)).toHaveLength(4);
  const rightAfter = await page.evaluate(async () => {
    document.querySelector('#list a')?.setAttribute('href', 'mailto:elsa@example.org');
    await Promise.resolve();
    const button = document.querySelector('#list .row:first-child ringtag-call-button');
    return button?.shadowRoot?.querySelector('button')?.getAttribute('aria-label') ?? 'none';
  });
  expect(rightAfter).toBe('none');
  await expect.poll(async () => (await labels(page))[0]).toBe('Call Elsa Esteves');
});

test('a list that is rendered anew gets its buttons again, and no orphans stay', async ({ page, server }) => {
  await openPage(page, server, rows);
  await page.evaluate(() => window.harness.scan('#list'));
  await expect.poll(() => labels(page)).toHaveLength(4);
  await page.evaluate(() => {
    const list = document.querySelector('#list');
    list?.replaceChildren();
    const row = document.createElement('div');
    const link = document.createElement('a');
    link.href = 'mailto:carla@example.org';
    link.textContent = 'C';
    row.append(link);
    list?.append(row);
  });
  await expect.poll(() => labels(page)).toEqual(['Call Carla Costa']);
  await page.evaluate(() => document.querySelector('#list a')?.remove());
  await expect.poll(() => labels(page)).toEqual([]);
});

test('roots may come later', async ({ page, server }) => {
  await openPage(page, server, '<main></main>');
  await page.evaluate(() => window.harness.scan('.later'));
  await page.evaluate(() => {
    const root = document.createElement('section');
    root.className = 'later';
    const link = document.createElement('a');
    link.href = 'mailto:carla@example.org';
    root.append(link);
    document.querySelector('main')?.append(root);
  });
  await expect.poll(() => labels(page)).toEqual(['Call Carla Costa']);
});

test('an h-card gets one button, after its name', async ({ page, server }) => {
  await openPage(
    page,
    server,
    `<div id="staff"><div class="h-card"><b class="p-name">Carla C.</b><a class="u-email" href="mailto:carla@example.org">mail</a>
     <a class="p-tel" href="tel:1003">1003</a></div><div class="h-card"><b class="p-name">Duarte Dias</b></div></div>`,
  );
  await page.evaluate(() => window.harness.scan('#staff'));
  await expect.poll(() => labels(page)).toEqual(['Call Carla Costa', 'Call Duarte Dias']);
  expect(await page.locator('.p-name + ringtag-call-button').count()).toBe(2);
});

test('in an untrusted root only links count: what the sender marked is ignored', async ({ page, server }) => {
  await openPage(
    page,
    server,
    `<div class="scan" data-untrusted><b data-ringtag-call="bruno">Elsa Esteves</b>
     <div class="h-card"><span class="p-name">Carla Costa</span><a href="mailto:duarte@example.org">Elsa Esteves</a></div>
     <a data-ringtag-call="elsa" href="mailto:carla@example.org">x</a></div>`,
  );
  await page.evaluate(() => window.harness.scan('.scan'));
  await expect.poll(() => labels(page)).toEqual(['Call Duarte Dias', 'Call Carla Costa']);
});

test('editors are left alone', async ({ page, server }) => {
  await openPage(
    page,
    server,
    `<div class="scan"><div contenteditable><a href="mailto:bruno@example.org">B</a></div><a href="mailto:carla@example.org">C</a></div>`,
  );
  await page.evaluate(() => window.harness.scan('.scan'));
  await expect.poll(() => labels(page)).toEqual(['Call Carla Costa']);
});

test('ten thousand links in a mail body: looked at in short tasks, 500 elements, batches of 100', async ({
  page,
  server,
}) => {
  await openPage(
    page,
    server,
    '<div id="body" data-untrusted></div><div id="head"><a href="mailto:bruno@example.org">B</a></div>',
  );
  // As on a slow machine each look costs 2 ms here, so 500 of them would be one task of a second. A slice has 5 ms and
  // looks at its clock every 20 elements: counted, because a clock of our own would measure the machine's load.
  const mostInATask = await page.evaluate(async () => {
    const links = Array.from({ length: 10_000 }, (_, index) => {
      const link = document.createElement('a');
      link.href = `mailto:spam${index}@example.org`;
      return link;
    });
    document.querySelector('#body')?.append(...links);
    const { matches } = Element.prototype;
    const { requestIdleCallback } = window;
    let looks = 0;
    let most = 0;
    Element.prototype.matches = function (selector) {
      const until = performance.now() + 2;
      while (performance.now() < until);
      looks += 1;
      most = Math.max(most, looks);
      return matches.call(this, selector);
    };
    window.requestIdleCallback = (task, options) =>
      requestIdleCallback((deadline) => {
        looks = 0;
        task(deadline);
        looks = 0;
      }, options);
    window.harness.scan('#body, #head');
    while (window.harness.phone.resolveBatches.reduce((a, b) => a + b, 0) < 501)
      await new Promise((done) => setTimeout(done, 20));
    Element.prototype.matches = matches;
    return most;
  });
  expect(mostInATask).toBeGreaterThan(0);
  expect(mostInATask).toBeLessThan(30);
  await expect.poll(() => labels(page)).toEqual(['Call Bruno Barros']);
  expect(await page.evaluate(() => window.harness.phone.resolveBatches)).toEqual([
    100, 100, 100, 100, 100, 1,
  ]);
});
