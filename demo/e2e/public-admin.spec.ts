// The administrators' pages in a real browser: what goes on shows by itself, everything works by keyboard, under the
// hub's strict policy, at 320 px, in light and dark, in four languages.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { ADMINISTRATOR } from '../src/destinations.ts';
import type { World } from '../src/world.ts';
import { expectAccessible, expectAccessibleInBothColours } from './axe.ts';
import { expect, PEOPLE, Person, test } from './fixtures.ts';
import { answerVisitor } from './public/agent.ts';
import { createDestination } from './public/operator.ts';

/** The page comes again every 5 s; three times that on a busy machine. */
const BY_ITSELF_MS = 15_000;

const PAGES = [
  '/admin',
  '/admin/destinations',
  '/admin/destinations/edit',
  '/admin/destinations/test?id=sales',
  '/admin/blocks?network=192.0.2.7',
  '/admin/check',
];

/** Opens it in a tab of the administrator's browser; the provider knows them already, or is told who. */
async function openAdmin(person: Person, path = '/admin'): Promise<Page> {
  const page = await person.browser.context.newPage();
  await page.goto(`${person.world.hubOrigin}${path}`);
  const choice = page.getByRole('button', { name: new RegExp(`^${PEOPLE[person.id].name}`) });
  const navigation = page.getByRole('navigation');
  await expect(choice.or(navigation)).toBeVisible();
  if (await choice.isVisible()) await choice.click();
  await expect(navigation).toBeVisible();
  return page;
}

/** A stranger at the shop who writes instead of calling. */
async function startChat(world: World, title: string): Promise<void> {
  const { origin } = world.sites.public;
  const ask = async (path: string, body: object): Promise<Record<string, string>> => {
    const answer = await fetch(`http://127.0.0.1:${new URL(world.hubOrigin).port}/api/public/${path}`, {
      method: 'POST',
      headers: { Origin: origin, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, path).toBe(201);
    return (await answer.json()) as Record<string, string>;
  };
  const context = { url: `${origin}/?article=flute`, title, language: 'en' };
  const { ticket } = await ask('tickets', { to: 'sales', intent: 'chat', context });
  await ask('visits', { ticket });
}

/** What a button of a page asks first. From an address of its own: of one network few pages are told of. */
async function askFor(world: World, id: string, origin: string): Promise<{ status: number; body: string }> {
  const asked = request({
    ...{ host: '127.0.0.1', port: new URL(world.hubOrigin).port, localAddress: '127.0.0.9' },
    ...{ path: `/api/public/destinations/${id}`, headers: { Origin: origin } },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

function refusedByPolicy(page: Page): string[] {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text()))
      refused.push(message.text());
  });
  return refused;
}

test('an administrator sees a visitor come, ends the visit and blocks the address, by keyboard', async ({
  visit,
}) => {
  const person = await visit(ADMINISTRATOR, 'intranet');
  const { world } = person;
  const admin = await openAdmin(person);
  const refused = refusedByPolicy(admin);
  await startChat(world, 'A flute & more');
  const visitor = admin.getByRole('listitem').filter({ hasText: 'A flute & more' });
  await expect(visitor).toContainText('Writing', { timeout: BY_ITSELF_MS });
  const block = visitor.getByRole('link', { name: 'Block…' });
  const end = visitor.getByRole('button', { name: 'End', exact: true });
  await expect(block).toHaveAttribute('href', /network=127\.0\.0\.1/);
  await end.focus();
  // The list comes again under the finger, and the button stays where the focus is.
  const before = await visitor.elementHandle();
  await expect
    .poll(() => before?.evaluate((item) => item.isConnected), { timeout: BY_ITSELF_MS })
    .toBe(false);
  await expect(end).toBeFocused();
  await admin.keyboard.press('Enter');
  await expect(admin.getByRole('status')).toHaveText('The visit has ended.');
  await expect(visitor).toHaveCount(0);

  await admin.goto(`${world.hubOrigin}/admin/blocks?network=192.0.2.7`);
  await expect(admin.getByLabel('Address or network')).toHaveValue('192.0.2.7');
  await admin.getByLabel('Reason').fill('calls all night');
  await admin.keyboard.press('Enter');
  const blocked = admin.getByRole('listitem').filter({ hasText: 'calls all night' });
  await expect(blocked).toContainText('192.0.2.7');
  await blocked.getByRole('button', { name: 'Lift' }).press('Enter');
  await expect(admin.getByText('Nothing is blocked.')).toBeVisible();
  expect(refused).toEqual([]);
});

test('an administrator makes a destination, tries its button and checks the shop’s page', async ({
  visit,
}) => {
  const person = await visit(ADMINISTRATOR, 'intranet');
  const { world } = person;
  const shop = world.sites.public.origin;
  const admin = await openAdmin(person, '/admin/destinations/edit');
  const refused = refusedByPolicy(admin);
  await admin.getByLabel('On the button').first().fill('Night desk');
  await admin.getByLabel('People', { exact: true }).fill('nobody');
  await admin.getByRole('button', { name: 'Save' }).click();
  const identifier = admin.getByLabel('Identifier');
  const people = admin.getByLabel('People', { exact: true });
  const origins = admin.getByLabel('Origins of your pages');
  await expect(identifier).toBeFocused();
  await expect(identifier).toHaveAccessibleDescription(/The identifier wants small letters/);
  await expect(people).toHaveAttribute('aria-invalid', 'true');
  await expect(people).toHaveAccessibleDescription(/Line 1: People are e-mail addresses/);
  await expect(origins).toHaveAccessibleDescription(/An origin is https and a name/);
  await expectAccessible(admin, 'a form with something wrong');
  await admin.getByRole('link', { name: 'People', exact: true }).click();
  await expect(people).toBeFocused();
  await expect(people).toHaveValue('nobody');
  await identifier.fill('night');
  await origins.fill(shop);
  await people.fill('alice@example.org');
  await admin.getByRole('button', { name: 'Save' }).click();
  const night = admin.getByRole('listitem').filter({ hasText: 'Night desk' });
  await night.getByRole('button', { name: 'Closed' }).click();
  await expect(night).toContainText('Closed · by hand');
  await night.getByText('For your pages').click();
  await expect(night.getByText(`<script type="module" src="${world.hubOrigin}/ringtag.js"`)).toBeVisible();

  await night.getByRole('link', { name: 'Test call' }).click();
  await expect(admin.locator('ringtag-call').getByRole('button', { name: 'Night desk' })).toBeVisible();

  await admin.goto(`${world.hubOrigin}/admin/check`);
  await admin.getByLabel('Address of the page').fill(`${shop}/`);
  await admin.getByRole('button', { name: 'Check' }).click();
  await expect(admin.getByRole('status')).toContainText('The button works there.');

  await admin.goto(`${world.hubOrigin}/admin/destinations/edit?id=night`);
  await admin.getByRole('group').getByText('Delete this destination').click();
  await admin.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(admin.getByRole('status')).toHaveText('The destination is deleted.');
  expect(refused).toEqual([]);
});

test('a new destination begins in the time zone of the administrator’s browser, and says so', async ({
  visit,
}) => {
  // None that any machine of the tests is in.
  const person = await visit(ADMINISTRATOR, 'intranet', { timezoneId: 'America/Montevideo' });
  const admin = await openAdmin(person, '/admin/destinations/edit');
  const zone = admin.getByLabel('Time zone');
  await expect(zone).toHaveValue('America/Montevideo');
  await expect(zone).toHaveAccessibleDescription(/those of America\/Montevideo, where it is .+ now\./);
  await zone.fill('Europe/Lisbo');
  await expect(zone).toHaveAccessibleDescription(/are in this time zone, such as/);
  await admin.getByLabel('Open', { exact: true }).selectOption('by these hours');
  await admin.getByLabel('Identifier').fill('zoned');
  await admin.getByLabel('On the button').first().fill('Zoned');
  await admin.getByLabel('People', { exact: true }).fill('alice@example.org');
  await admin.getByLabel('Origins of your pages').fill(person.world.sites.public.origin);
  await admin.getByRole('button', { name: 'Save' }).click();
  await expect(zone).toBeFocused();
  await expect(zone).toHaveValue('Europe/Lisbo');
  await expect(zone).toHaveAccessibleDescription(/There is no such time zone/);
});

test('a page that is not listed is named to its administrator, who lists it at one press, by keyboard', async ({
  visit,
}) => {
  const person = await visit(ADMINISTRATOR, 'intranet');
  const { world } = person;
  const origin = 'http://new-shop.localhost:9';
  const desk = await createDestination(world, 'unlisted', { name: 'Unlisted desk' });
  const card = () => askFor(world, 'unlisted', origin);
  const refused = await card();
  expect(refused.status).toBe(403);
  expect(refused.body).toContain(`${origin} is not listed.`);
  const admin = await openAdmin(person);
  const policy = refusedByPolicy(admin);
  const item = admin.getByRole('listitem').filter({ hasText: origin });
  await expect(item).toContainText('Unlisted desk, once');
  await expectAccessible(admin, 'a page that is not listed');
  const allow = item.getByRole('button', { name: 'Allow it', exact: true });
  await expect(allow).toHaveAccessibleDescription(origin);
  await allow.press('Enter');
  await expect(admin.getByRole('status')).toHaveText('The page is listed now.');
  await expect(item).toHaveCount(0);
  expect((await card()).status).toBe(200);
  expect(policy).toEqual([]);
  await desk.remove();
});

test('an administrator presses the test call of a desk: it rings there, is answered, and both hear each other', async ({
  visit,
  signedIn,
}) => {
  const person = await visit(ADMINISTRATOR, 'intranet');
  test.skip(!person.world.telephone, 'no Asterisk on this machine');
  const alice = await signedIn('alice');
  const admin = await openAdmin(person, '/admin/destinations/test?id=sales');
  const refused = refusedByPolicy(admin);
  const call = admin.locator('ringtag-call');
  await call.getByRole('button', { name: 'Talk to sales', exact: true }).click();
  await call.getByRole('button', { name: 'Call now', exact: true }).click();
  await answerVisitor(alice);
  await expect(call.getByText(`You are talking to ${PEOPLE.alice.name}`).last()).toBeVisible();
  await alice.expectToHear(PEOPLE[ADMINISTRATOR].toneHz);
  const caller = new Person({ id: ADMINISTRATOR, browser: person.browser, world: person.world, page: admin });
  await caller.expectToHearPerson('alice');
  await alice.hangUp();
  await expect(call.getByText('The call has ended').last()).toBeVisible();
  expect(refused).toEqual([]);
});

/** In each language and both colours. */
async function expectToFit(page: Page, what: string): Promise<void> {
  await expectAccessibleInBothColours(page, what);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(320);
}

const NARROW = { viewport: { width: 320, height: 640 } };
const LANGUAGES = ['en', 'pt', 'es', 'fr'];

test('the pages fit 320 px and pass axe in four languages and both colours', async ({ visit }) => {
  test.setTimeout(600_000);
  const person = await visit(ADMINISTRATOR, 'intranet', NARROW);
  await startChat(person.world, 'A piano');
  const page = await openAdmin(person);
  for (const language of LANGUAGES) {
    for (const path of PAGES) {
      await page.goto(`${person.world.hubOrigin}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
      await expectToFit(page, `${path}, ${language}`);
    }
  }
});

test('a form in which all is wrong fits 320 px and passes axe in four languages and both colours', async ({
  visit,
}) => {
  test.setTimeout(300_000);
  const person = await visit(ADMINISTRATOR, 'intranet', NARROW);
  const page = await openAdmin(person);
  for (const language of LANGUAGES) {
    await page.goto(`${person.world.hubOrigin}/admin/destinations/edit?lang=${language}`);
    await page.locator('[name=opening]').selectOption('hours');
    await page.locator('[name=timeZone]').fill('Moon/Sea');
    await page.locator('[name=weekly]').fill('often\nMon 9:00-12:00\nrarely');
    await page.locator('[name=origins]').fill('http://shop.example\nshop');
    await page.locator('.fields .main').click();
    await expect(page.locator('[name=id]')).toBeFocused();
    await expect(page.locator('.problems a')).toHaveCount(6);
    await expectToFit(page, `a form in which all is wrong, ${language}`);
  }
});
