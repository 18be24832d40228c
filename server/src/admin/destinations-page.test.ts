// The destinations of the admin page over a whole hub: made, changed, opened by hand, deleted, tried.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VisitGrant } from '@ringtag/server/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AdminStage, HUB, readable, SHOP, startAdminStage, TOKEN } from '../testing/admin-stage.ts';
import type { Visit } from '../testing/browser.ts';

const EDIT = '/admin/destinations/edit';
const SAVE = '/admin/destinations/save';
let stage: AdminStage;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringtag-admin-'));
  const file = join(dir, 'destinations.json');
  const desk = { id: 'desk', texts: { en: { label: 'Desk' } }, ring: { extension: '700' }, origins: [SHOP] };
  await writeFile(file, JSON.stringify({ destinations: [desk] }));
  stage = await startAdminStage({ env: { DESTINATIONS_FILE: file } });
});
afterAll(async () => {
  await stage.world.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => stage.alice.clearCookies());

const card = (id: string) => stage.world.api(`/api/public/destinations/${id}`, { origin: SHOP });
const stored = async (id: string) => {
  const { body } = await stage.world.api('/api/admin/destinations', { bearer: TOKEN });
  return body.destinations.find(({ destination }: { destination: { id: string } }) => destination.id === id);
};

/** What a browser would send of that page's form. */
function fieldsOf({ text }: Visit): Record<string, string> {
  const plain = (value = '') =>
    value.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  const form = /<form class="fields".*?<\/form>/s.exec(text)?.[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [tag, name = ''] of form.matchAll(/<input[^>]*? name="([^"]+)"[^>]*>/g)) {
    if (tag.includes('type="checkbox"') && !tag.includes(' checked')) continue;
    fields[name] = plain(/ value="([^"]*)"/.exec(tag)?.[1]);
  }
  for (const [, name = '', value] of form.matchAll(/<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)</g)) {
    fields[name] = plain(value);
  }
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]*? name="([^"]+)"[^>]*>(.*?)<\/select>/gs,
  )) {
    fields[name] =
      /value="([^"]*)" selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1] ?? '';
  }
  return fields;
}

const SALES = {
  ...{ id: 'sales', 'texts.en.label': 'Talk to <sales>', people: 'alice@example.org', origins: SHOP },
  ...{ opening: 'hours', timeZone: 'Europe/Lisbon', weekly: 'Mon-Fri 09:00-17:30' },
};

describe('the form', () => {
  test('makes a destination, which is then in the list and on the shop’s page', async () => {
    const form = await stage.open(EDIT);
    const made = await stage.send(form, SAVE, { ...fieldsOf(form), ...SALES });
    expect(made.response.status).toBe(303);
    const list = readable(await stage.follow(made));
    expect(list).toContain('It is saved.');
    expect(list).toContain('Talk to <sales> sales');
    expect(list).toContain(`<script type="module" src="${HUB}/ringtag.js" async></script>`);
    expect((await card('sales')).body).toMatchObject({ label: 'Talk to <sales>' });
    expect((await stored('sales')).destination).toMatchObject({
      ring: { people: ['alice@example.org'], order: 'all' },
      hours: { weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' }] },
    });
  });

  test('changes one and leaves the rest of it as it was', async () => {
    const before = (await stored('sales')).destination;
    const form = await stage.open(`${EDIT}?id=sales&lang=fr`);
    expect(fieldsOf(form)).toMatchObject({ weekly: 'lun-ven 09:00-17:30', changes: 'sales' });
    await stage.send(form, SAVE, { ...fieldsOf(form), capacity: '2', 'texts.pt.label': 'Vendas' });
    expect((await stored('sales')).destination).toEqual({
      ...before,
      capacity: 2,
      texts: { ...before.texts, pt: { label: 'Vendas' } },
    });
  });

  test('says what is wrong beside its field, keeps all that was typed and changes nothing', async () => {
    const before = await stored('sales');
    const form = await stage.open(`${EDIT}?id=sales`);
    const typed = { ...fieldsOf(form), people: 'alice', weekly: 'whenever', capacity: '"9"' };
    const wrong = await stage.send(form, SAVE, typed);
    expect(wrong.response.status).toBe(400);
    expect(fieldsOf(wrong)).toEqual({ ...typed, token: fieldsOf(wrong).token });
    expect(wrong.text).toContain(
      '<a href="#f-people">People</a></strong> Line 1: People are e-mail addresses',
    );
    expect(wrong.text).toMatch(
      /id="f-weekly"[^>]*aria-describedby="f-weekly-hint f-weekly-wrong" aria-invalid/,
    );
    expect(wrong.text).toContain('id="f-weekly-wrong">Line 1: Hours are days and times');
    expect(await stored('sales')).toEqual(before);
  });

  test('keeps hours from being thrown away: who fills them in chooses them, or empties them', async () => {
    const form = await stage.open(EDIT);
    expect(fieldsOf(form).opening).toBe('always');
    const typed = { ...fieldsOf(form), ...SALES, id: 'hours', opening: 'always' };
    const wrong = await stage.send(form, SAVE, typed);
    expect([wrong.response.status, await stored('hours')]).toEqual([400, undefined]);
    expect(wrong.text).toMatch(/<select id="f-opening"[^>]* aria-invalid="true" autofocus/);
    expect(wrong.text).toContain('<a href="#f-opening">Open</a></strong> Hours are filled in below.');
    expect(fieldsOf(wrong)).toMatchObject({ opening: 'always', weekly: SALES.weekly });
    const chosen = await stage.send(wrong, SAVE, { ...fieldsOf(wrong), opening: 'hours' });
    expect(chosen.response.status).toBe(303);
    expect((await stored('hours')).destination.hours).toMatchObject({ timeZone: 'Europe/Lisbon' });
  });

  test('tells all that is wrong at once by the names of the fields, and the first of them has the focus', async () => {
    const form = await stage.open(`${EDIT}?lang=fr`);
    const sent = {
      ...fieldsOf(form),
      ...{ id: 'desk', people: 'a\nb', 'texts.pt.closed': 'Fechado', 'texts.fr.label': '' },
      ...{ opening: 'hours', timeZone: 'Moon/Sea', 'busy.to': 'nowhere', origins: 'http://shop.example' },
    };
    const wrong = await stage.send(form, SAVE, sent);
    expect([wrong.response.status, wrong.text.match(/ autofocus/g)?.length]).toEqual([400, 1]);
    expect(wrong.text).toMatch(/<input id="f-id"[^>]* aria-invalid="true" autofocus/);
    const [, list = ''] = /<ul class="problems">(.*?)<\/ul>/s.exec(wrong.text) ?? [];
    const named = [...list.matchAll(/<a href="#([^"]+)">([^<]+)<\/a>/g)].map(([, id, name]) => [id, name]);
    expect(named).toEqual([
      ['f-id', 'Identifiant'],
      ['f-texts-pt-label', 'portugais · Sur le bouton'],
      ['f-people', 'Personnes'],
      ['f-timeZone', 'Fuseau horaire'],
      ['f-busy-to', 'Tous occupés · Essayer d’abord une autre destination'],
      ['f-origins', 'Origines de vos pages'],
    ]);
    for (const [id] of named) expect(wrong.text, id).toContain(`id="${id}-wrong"`);
    expect(readable(wrong)).toContain('Lignes 1 et 2 : Les personnes');
  });

  test('names its problem where the field itself cannot be changed', async () => {
    const form = await stage.open(`${EDIT}?id=sales`);
    const wrong = await stage.send(form, SAVE, { ...fieldsOf(form), id: 'else' });
    expect(wrong.text).toContain('<div class="notice" role="alert" tabindex="-1" autofocus>');
    expect(wrong.text).toContain('<strong>Identifier</strong> There is a destination');
  });

  test('begins with the hub’s time zone, says what it is for and offers all there are', async () => {
    const form = await stage.open(EDIT);
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(fieldsOf(form).timeZone).toBe(own);
    expect(form.text).toMatch(/id="f-timeZone"[^>]* list="time-zones"[^>]* data-new/);
    expect(form.text).toContain('<option value="Europe/Lisbon"></option>');
    expect(readable(form)).toContain('The hours and days below are in this time zone');
    await stage.putDestination({ id: 'always' });
    const always = await stage.open(`${EDIT}?id=always`);
    expect([fieldsOf(always).timeZone, fieldsOf(always).opening]).toEqual([own, 'always']);
    expect(always.text).toContain(' data-new');
    expect((await stage.open(`${EDIT}?id=sales`)).text).not.toContain(' data-new');
    const typed = { ...fieldsOf(form), ...SALES, id: 'zone', timeZone: 'Europe/Lisbo' };
    const wrong = await stage.send(form, SAVE, typed);
    expect(wrong.text).not.toContain(' data-new');
    expect(fieldsOf(wrong).timeZone).toBe('Europe/Lisbo');
    expect(wrong.text).toContain('id="f-timeZone-wrong">There is no such time zone. Choose one of the list');
    expect(wrong.text).toMatch(/<input id="f-timeZone"[^>]* aria-invalid="true" autofocus/);
  });

  test.each(['sales', 'desk'])('makes no second %s', async (id) => {
    const before = await stored(id);
    const form = await stage.open(EDIT);
    const answer = await stage.send(form, SAVE, { ...fieldsOf(form), ...SALES, id });
    expect(answer.response.status).toBe(400);
    expect(readable(answer)).toContain('There is a destination with this identifier already.');
    expect(await stored(id)).toEqual(before);
  });

  test('A2 does not change the file’s, whatever is sent', async () => {
    expect((await stage.open(`${EDIT}?id=desk`)).text).not.toContain('name="changes"');
    const form = await stage.open(EDIT);
    const sent = { ...fieldsOf(form), ...SALES, id: 'desk', changes: 'desk' };
    expect((await stage.send(form, SAVE, sent)).response.status).toBe(400);
    expect((await stored('desk')).destination.texts).toEqual({ en: { label: 'Desk' } });
  });

  test('loses nothing that was typed when the visit is over before it is sent', async () => {
    const form = await stage.open(EDIT);
    const typed = { ...fieldsOf(form), ...SALES, id: 'late', 'texts.en.greeting': 'A long & careful text' };
    stage.alice.clearCookies();
    const over = await stage.send(form, SAVE, typed);
    expect(over.response.status).toBe(401);
    expect(readable(over)).toContain('nothing you typed is lost');
    expect(over.text).not.toContain('name="token"');
    // In another tab of the same browser.
    await stage.open('/admin/blocks');
    const shown = await stage.send(form, SAVE, { ...typed, token: '' });
    expect(shown.response.status).toBe(403);
    expect(await stored('late')).toBeUndefined();
    expect(fieldsOf(shown)).toMatchObject({ id: 'late', 'texts.en.greeting': 'A long & careful text' });
    const saved = await stage.send(shown, SAVE, fieldsOf(shown));
    expect(saved.response.status).toBe(303);
    expect((await stored('late')).destination.texts.en.greeting).toBe('A long & careful text');
  });
});

describe('the list', () => {
  test('A2 opens and closes by hand, the file’s too', async () => {
    const set = async (opening: string) => {
      const page = await stage.open('/admin/destinations');
      return stage.follow(await stage.send(page, '/admin/destinations/opening', { id: 'desk', opening }));
    };
    const closed = await set('closed');
    expect(readable(closed)).toContain('It is so from now on. New destination Desk desk Closed · by hand');
    expect((await card('desk')).body).toMatchObject({ state: 'closed' });
    const byHours = await set('by-hours');
    expect(byHours.text).toMatch(/value="by-hours" aria-pressed="true"/);
    expect((await card('desk')).body).not.toMatchObject({ state: 'closed' });
    expect(readable(await set('sometimes'))).toContain('There is no such destination any more.');
  });

  test('says how many talk and wait', async () => {
    await stage.visit('desk');
    expect(readable(await stage.open('/admin/destinations'))).toContain('Waiting 1 / 10');
  });

  test('says which of them rings nobody, open or not', async () => {
    await stage.putDestination({ id: 'manned', ring: { people: ['alice@example.org'] } });
    await stage.putDestination({ id: 'unmanned', ring: { people: ['nobody@example.org'] } });
    const items = (await stage.open('/admin/destinations')).text.split('<li');
    const said = (id: string) =>
      items.find((item) => item.includes(`id="d-${id}"`))?.includes('rings nobody');
    expect(['desk', 'manned', 'unmanned'].map(said)).toEqual([false, false, true]);
  });

  test('names each address that nobody has, beside good ones too', async () => {
    const people = ['alice@example.org', 'Alise@example.org', 'bob@example.org'];
    const form = await stage.open(EDIT);
    const typed = { ...fieldsOf(form), ...SALES, id: 'typo', people: people.join('\n') };
    const saved = await stage.follow(await stage.send(form, SAVE, typed));
    expect(readable(saved)).toContain('It is saved.');
    const said = (page: Visit) => {
      const item = page.text.split('<li').find((each) => each.includes('id="d-typo"'));
      return /<p class="odd">([^<]*)/.exec(item ?? '')?.[1];
    };
    expect(said(saved)).toBe('Nobody who is known here has this address: alise@example.org, bob@example.org');
    await stage.putDestination({ id: 'typo', ring: { people: [people[1]] } });
    expect(said(await stage.open('/admin/destinations'))).toMatch(/^It rings nobody: .* alise@example\.org$/);
    await stage.putDestination({ id: 'typo', ring: { people: [people[0]] } });
    expect(said(await stage.open('/admin/destinations'))).toBeUndefined();
    await stage.putDestination({ id: 'typo', ring: { extension: '7999' } });
  });

  test('A2 a page that the file’s does not list is told, and not to be listed but there', async () => {
    await stage.world.api('/api/public/destinations/desk', { origin: 'https://new.example' });
    const page = readable(await stage.open('/admin'));
    expect(page).toContain('https://new.example Desk, once · now Defined in the operator’s file');
    const press = { origin: 'https://new.example', destination: 'desk' };
    const sent = await stage.send(await stage.open('/admin/blocks'), '/admin/origins/allow', press);
    expect(readable(await stage.follow(sent))).toContain('The page could not be listed.');
    expect((await stored('desk')).destination.origins).toEqual([SHOP]);
  });

  test('deletes one, but not where another sends visitors, nor the file’s', async () => {
    const remove = async (id: string) => {
      const page = await stage.open('/admin/destinations');
      const sent = await stage.send(page, '/admin/destinations/remove', { id });
      return readable(await stage.follow(sent));
    };
    await stage.putDestination({ id: 'front', busy: { to: 'sales' } });
    expect(await remove('sales')).toContain('another destination sends visitors there');
    expect(await remove('desk')).toContain('it is defined in the operator’s file');
    expect(await remove('front')).toContain('The destination is deleted.');
    expect(await remove('sales')).toContain('The destination is deleted.');
    expect(await remove('sales')).toContain('There is no such destination any more.');
    expect((await card('sales')).status).toBe(404);
  });
});

test('each page says who is signed in, and lets them sign out in this browser', async () => {
  for (const path of ['/admin', '/admin/destinations', EDIT, '/admin/blocks', '/admin/check'])
    expect(readable(await stage.open(path)), path).toContain('Signed in as alice@example.org');
  const page = await stage.open('/admin?lang=fr');
  const forged = await stage.send(page, '/admin/sign-out', { token: 'none' });
  expect(forged.response.status).toBe(403);
  const out = await stage.send(page, '/admin/sign-out', { lang: 'fr' });
  expect(readable(out)).toContain('Vous êtes déconnecté ici');
  const next = await stage.alice.request(new URL('/admin', HUB));
  expect([next.response.status, next.text]).toEqual([302, '']);
});

test('a test call is the visitor’s own button, on the hub’s own page', async () => {
  const page = await stage.open('/admin/destinations/test?id=desk');
  expect(page.text).toMatch(
    /<ringtag-call to="desk"[^>]*>.*<script type="module" nonce="[^"]+" src="\/ringtag.js">/s,
  );
  const policy = page.response.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("connect-src 'self' ws://hub.localhost:4000");
  expect(policy).toContain('trusted-types ringtag');
  const ownCard = await stage.world.api('/api/public/destinations/desk', { origin: HUB });
  expect(ownCard.body).toMatchObject({ label: 'Desk' });
});

/** Its turn comes to whoever listens, and somebody answers. */
async function talk({ visitId, key }: VisitGrant): Promise<void> {
  const headers = { Origin: SHOP, Authorization: `Bearer ${key}` };
  const { body } = await fetch(`${stage.world.hub.url}/api/public/visits/${visitId}/events`, { headers });
  await vi.waitFor(() => expect(stage.line.calls.has(visitId)).toBe(true), { timeout: 5_000 });
  await stage.line.tell({ kind: 'answered', visitId });
  await body?.cancel();
}

test('a destination shows how it was rated in the last 30 days, and one that nobody rated does not', async () => {
  await stage.putDestination({ id: 'rated' });
  await stage.putDestination({ id: 'unrated' });
  for (const stars of [5, 4, 4]) {
    const visit = await stage.begin('rated');
    const own = { origin: SHOP, bearer: visit.key, body: { stars } };
    const path = `/api/public/visits/${visit.visitId}`;
    await talk(visit);
    await stage.world.api(`${path}/end`, { ...own, body: {} });
    expect((await stage.world.api(`${path}/rating`, own)).status).toBe(201);
  }
  const items = (await stage.open('/admin/destinations?lang=pt')).text.split('<li');
  expect(items.find((item) => item.includes('id="d-rated"'))).toContain('<dd>4,3 de 5 (3 em 30 dias)</dd>');
  expect(items.find((item) => item.includes('id="d-unrated"'))).not.toContain('30 dias');
  const { body } = await stage.world.api('/api/admin/ratings', { bearer: TOKEN });
  expect(body.ratings).toEqual([{ destinationId: 'rated', count: 3, mean: 13 / 3 }]);
});
