// What is refused, in words: pages of other sites, tickets that were spent, a hub that cannot write down.
import { spawnSync } from 'node:child_process';
import type { TicketResult } from '@ringtag/server/protocol';
import type { World } from '../../src/world.ts';
import { expect, test } from './fixtures.ts';

/** As a program asks that says it is a page of `origin`. */
async function post(world: World, path: string, origin: string, body: unknown) {
  const answer = await fetch(`http://127.0.0.1:${new URL(world.hubOrigin).port}/api/public/${path}`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { code?: string } & Partial<TicketResult> };
}

test('P1 P3: a page of another site gets its own words, and tickets that were spent or stolen are refused', async ({
  visit,
  visitor,
  world,
}) => {
  // A page of the employees', whose origin the desk does not list.
  const elsewhere = await visit('alice', 'intranet');
  await elsewhere.page.evaluate(() => {
    const call = document.createElement('ringtag-call');
    call.setAttribute('to', 'sales');
    call.textContent = 'Write to us instead';
    document.querySelector('main')?.prepend(call);
    call.scrollIntoView();
  });
  const call = elsewhere.page.locator('ringtag-call');
  await call.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(call.locator('[part=state]')).toHaveText(
    'This page may not use this button yet. Please reach us another way.',
  );
  await expect(call.getByRole('button', { name: 'Call now', exact: true })).toHaveCount(0);
  await expect(call.getByText('Write to us instead')).toBeVisible();

  const shop = world.sites.public.origin;
  const asked = { to: 'sales', intent: 'chat' };
  const { ticket } = (await post(world, 'tickets', shop, asked)).body;
  expect((await post(world, 'visits', shop, { ticket })).status).toBe(201);
  expect((await post(world, 'visits', shop, { ticket })).body.code).toBe('TICKET_USED');
  const stolen = (await post(world, 'tickets', shop, asked)).body.ticket;
  const { origin } = world.sites.intranet;
  expect((await post(world, 'visits', origin, { ticket: stolen })).body.code).toMatch(
    /^(TICKET_FOREIGN|ORIGIN_NOT_ALLOWED)$/,
  );

  // A page whose ticket somebody else has spent takes another one, once.
  const stranger = await visitor();
  let thefts = 2;
  await stranger.page.route('**/api/public/visits', async (route) => {
    if (thefts-- > 0) await post(world, 'visits', shop, route.request().postDataJSON());
    await route.continue();
  });
  await stranger.open();
  await stranger.chat();
  await expect(stranger.page.getByRole('alert')).toHaveText(
    'That could not be accepted. Load this page anew and try again.',
  );
  thefts = 1;
  await stranger.chat();
  await expect(stranger.page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
});

const TROUBLE = 'The service is having trouble. Please try again in a minute.';

/** As on a full disk: nothing that the hub writes beyond this much of a file arrives (EFBIG). Its hard limit stays, which only goes down. */
function limitFiles(world: World, bytes: number | 'unlimited'): boolean {
  return spawnSync('prlimit', ['--pid', String(world.hub.pid), `--fsize=${bytes}:`]).status === 0;
}

test('P3: while the hub cannot write, a visitor is told, nothing is spent, and the same press works afterwards', async ({
  visitor,
  world,
}) => {
  const stranger = await visitor();
  await stranger.open();
  await expect(stranger.text(/^Ask us anything/)).toBeVisible();
  test.skip(!limitFiles(world, 1_000), 'prlimit cannot make a disk seem full here');
  try {
    await stranger.chat();
    await expect(stranger.page.getByRole('alert')).toHaveText(TROUBLE);
  } finally {
    limitFiles(world, 'unlimited');
  }

  // The same between ticket and visit.
  let ticket = '';
  await stranger.page.route(
    '**/api/public/visits',
    (route) => {
      ticket = (route.request().postDataJSON() as TicketResult).ticket;
      limitFiles(world, 1_000);
      return route.continue();
    },
    { times: 1 },
  );
  const refused = stranger.page.waitForResponse('**/api/public/visits').finally(() => {
    limitFiles(world, 'unlimited');
  });
  await stranger.chat();
  expect((await refused).status()).toBe(503);
  await expect(stranger.page.getByRole('alert')).toHaveText(TROUBLE);
  expect((await post(world, 'visits', world.sites.public.origin, { ticket })).status).toBe(201);
  await stranger.chat();
  await expect(stranger.page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
});
