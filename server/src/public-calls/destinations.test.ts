import { readFile } from 'node:fs/promises';
import { Destination, type DestinationInput } from '@ringtag/server/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { cardOf, languageOf } from './destination-card.ts';
import { parseDestinations, readDestinationFile } from './destination-file.ts';
import { createDestinationPeople } from './destination-people.ts';
import type { DestinationStore } from './destination-store.ts';
import { createDestinations, type DestinationRegister } from './destinations.ts';

const input = (over: object = {}): DestinationInput => ({
  id: 'sales',
  texts: { en: { label: 'Talk to sales' } },
  ring: { people: ['Alice@example.org', 'bruno@example.org'] },
  origins: ['https://shop.example'],
  ...over,
});
const made = (over: object = {}): Destination => Destination.parse(input(over));

describe('the file', () => {
  const problemsOf = (content: unknown): readonly string[] => {
    const read = parseDestinations(typeof content === 'string' ? content : JSON.stringify(content));
    return read.ok ? [] : read.problems;
  };

  test('a short destination is enough', () => {
    expect(problemsOf({ destinations: [input()] })).toEqual([]);
  });

  test('the one that the README shows is good', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(\{ "destinations".*?)\n```/s.exec(readme) ?? [];
    expect(example).toContain('timeZone');
    expect(problemsOf(example)).toEqual([]);
  });

  test('everything wrong is told at once, each with its path', () => {
    const problems = problemsOf({
      destinations: [
        input({ capacity: 0, colour: 'red', ring: { people: ['alice'] } }),
        input({ id: 'Sales!', texts: {} }),
      ],
    });
    const paths = problems.map((problem) => problem.split(':')[0]);
    expect(paths).toEqual(expect.arrayContaining(['destinations.0.capacity', 'destinations.1.id']));
    expect(paths).toEqual(expect.arrayContaining(['destinations.1.texts', 'destinations.0.ring.people.0']));
    expect(problems.join('\n')).toContain('colour');
  });

  test('what no schema sees is told as well', () => {
    const origins = ['http://shop.example', 'https://shop.example:443', 'http://shop.localhost:4003'];
    const sales = input({ closed: { to: 'sales' }, busy: { to: 'nowhere' }, origins });
    expect(problemsOf({ destinations: [sales, input()] })).toEqual([
      'destinations.0.origins.0: must be https (http is for localhost only)',
      'destinations.0.origins.1: is written https://shop.example by browsers',
      'destinations.0.closed.to: is the destination itself',
      'destinations.0.busy.to: there is no destination "nowhere"',
      'destinations.1.id: "sales" is there twice',
    ]);
  });

  test('what is no JSON, or not there, says so', () => {
    expect(problemsOf('{"destinations": [')[0]).toMatch(/^is not JSON: /);
    expect(problemsOf([])).toHaveLength(1);
    expect(readDestinationFile('/nowhere/at/all.json')).toEqual({
      ...{ ok: false, problems: ['/nowhere/at/all.json cannot be read'] },
    });
  });
});

describe('the register', () => {
  const clock = createManualClock(Date.parse('2026-11-21T12:00:00Z'));
  let store: DestinationStore;
  let register: DestinationRegister;
  beforeEach(async () => {
    store = (await openSqliteStorage({ file: ':memory:' })).destinations;
    register = createDestinations({ file: [made()], store, clock, logger: silentLogger });
    await register.start();
    return () => register.stop();
  });

  test('A2 those of the file are read-only but for their opening', async () => {
    expect(await register.put(made({ capacity: 1 }))).toMatchObject({ code: 'CONFLICT', state: 'file' });
    expect(await register.remove('sales')).toMatchObject({ code: 'CONFLICT', state: 'file' });
    expect(await register.setOpening('sales', 'closed')).toEqual({ ok: true });
    expect(register.opening(made(), clock.now())).toEqual({ isOpen: false });
    expect(register.managed()).toEqual([{ destination: made(), from: 'file', opening: 'closed' }]);
    expect(await register.setOpening('nowhere', 'closed')).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('by hand goes before the hours, both ways', async () => {
    const night = made({ id: 'night', hours: { timeZone: 'UTC', weekly: [] } });
    await register.put(night);
    expect(register.opening(night, clock.now()).isOpen).toBe(false);
    await register.setOpening('night', 'open');
    expect(register.opening(night, clock.now()).isOpen).toBe(true);
    await register.setOpening('night', 'by-hours');
    expect(register.opening(night, clock.now()).isOpen).toBe(false);
  });

  test('P1 origins come and go with their destinations', async () => {
    const help = made({ id: 'help', origins: ['https://help.example'] });
    expect(register.knowsOrigin('https://help.example')).toBe(false);
    await register.put(help);
    expect(register.knowsOrigin('https://help.example')).toBe(true);
    await register.remove('help');
    expect(register.knowsOrigin('https://help.example')).toBe(false);
    expect(register.knowsOrigin('https://shop.example')).toBe(true);
  });

  test('A2 what another hub did is seen within seconds, and only what changed is told', async () => {
    const changed: string[] = [];
    await register.put(made({ id: 'help' }));
    const before = register.byId('help');
    register.onChanged((id) => changed.push(id));
    await store.put(made({ id: 'support' }));
    await store.setOpening('sales', 'closed');
    clock.advance(5_000);
    await expect.poll(() => register.byId('support')).toEqual(made({ id: 'support' }));
    expect(changed.sort()).toEqual(['sales', 'support']);
    expect(register.byId('help')).toBe(before);
  });
});

describe('the card', () => {
  const quiet = { waiting: 0, hasRoom: true, isAvailable: true };
  const destination = made({
    texts: {
      en: { label: 'Sales', closed: 'Gone home', busy: 'One moment' },
      'pt-BR': { label: 'Vendas' },
    },
    closed: { message: false },
    chat: true,
  });
  const card = (over: object = {}) =>
    cardOf({ destination, opening: { isOpen: true }, live: quiet, ...over });

  test.each([
    ['open', {}, { state: 'open', call: true }],
    [
      'full',
      { live: { ...quiet, hasRoom: false, waiting: 9, waitMs: 60_000 } },
      { state: 'busy', call: false },
    ],
    [
      'all in a call',
      { live: { ...quiet, isTaken: true, waitMs: 60_000 } },
      { state: 'open', call: true, taken: true, waitMs: 60_000 },
    ],
    ['unmanned', { live: { ...quiet, isAvailable: false } }, { state: 'unavailable', call: false }],
    ['closed', { opening: { isOpen: false } }, { state: 'closed', call: false }],
  ])('%s', (_, over, expected) => {
    expect(card(over)).toMatchObject(expected);
  });

  test('says in the operator\u2019s words what is the matter, and what is left', () => {
    expect(card().notice).toBeUndefined();
    expect('taken' in card()).toBe(false);
    expect(card({ opening: { isOpen: false } })).toMatchObject({
      notice: 'Gone home',
      offers: { chat: false, message: false, voice: false, callback: true },
    });
    const busy = card({ live: { ...quiet, hasRoom: false, waiting: 9 } });
    expect(busy).toMatchObject({ notice: 'One moment', waiting: 9, offers: { chat: true, message: true } });
    expect('waitMs' in busy).toBe(false);
  });

  test.each([
    ['pt-BR', 'pt-BR'],
    ['PT-br', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['en-GB', 'en'],
    ['ja', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    ['__proto__', 'en'],
  ])('who asks for %s gets %s', (asked, given) => {
    expect(languageOf(['en', 'pt-BR'], asked)).toBe(given);
  });
});

describe('whom it rings', () => {
  async function peopleOf(ring: object) {
    const { people } = await openSqliteStorage({ file: ':memory:' });
    await people.seed([
      { key: 'a', name: 'Alice', email: 'alice@example.org', extension: '1005' },
      { key: 'b', name: 'Bruno', email: 'bruno@example.org' },
      { key: 'c', name: 'Carla', email: 'carla@example.org' },
      { key: 'd', name: 'Carla too', email: 'carla@example.org' },
    ]);
    const { turnsOf } = createDestinationPeople({ people, firstExtension: 1001 });
    const { turns, people: rung, unknown } = await turnsOf(made({ ring }));
    return { turns, names: rung.map(({ name }) => name), unknown };
  }

  test('people by their extension, who was never seen gets one, all at once or in turn', async () => {
    const both = ['Alice@example.org', 'bruno@example.org', 'alice@example.org'];
    expect(await peopleOf({ people: both })).toEqual({
      ...{ turns: [['1005', '1001']], names: ['Alice', 'Bruno'], unknown: [] },
    });
    expect((await peopleOf({ people: both, order: 'in-turn' })).turns).toEqual([['1005'], ['1001']]);
  });

  test('an address of nobody, or of two people, rings nobody', async () => {
    const people = ['nobody@example.org', 'carla@example.org'];
    expect(await peopleOf({ people })).toEqual({ turns: [], names: [], unknown: people });
  });

  test('an extension as it is', async () => {
    expect((await peopleOf({ extension: '600' })).turns).toEqual([['600']]);
  });
});
