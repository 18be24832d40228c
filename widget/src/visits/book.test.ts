// The book of visits between a hub that says what the test wants and whoever looks into it.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { VisitsBook } from './book.ts';
import type { Arrival } from './notify.ts';
import type { SeenVisits } from './seen.ts';
import type { Answer, VisitsApi } from './visits-api.ts';

const visit = (changes: Partial<Visit> = {}): Visit => ({
  id: 'v1',
  destination: { id: 'sales', name: 'Sales' },
  intent: 'chat',
  state: 'open',
  context: { data: [] },
  agoMs: 1_000,
  messages: [],
  earlier: [],
  ...changes,
});
const left = (changes: Partial<LeftMessage> = {}): LeftMessage => ({
  id: 'l1',
  visitId: 'v9',
  destination: { id: 'sales', name: 'Sales' },
  kind: 'message',
  name: '',
  reach: '',
  text: 'x',
  context: { data: [] },
  agoMs: 2_000,
  done: false,
  ...changes,
});
const from = (who: 'visitor' | 'agent', ...ids: string[]) =>
  ids.map((id) => ({ id, from: who, text: id, agoMs: 0 }));
const no = { ok: false, code: 'HUB_UNREACHABLE' } as const;
const yes = <T>(value: T): Answer<T> => ({ ok: true, value });

let unread: number[];
let titles: (string | null)[];
let arrivals: Arrival[];
let answers: { [K in keyof VisitsApi]: () => Answer<unknown> };
let seen: Map<string, number>;
let book: VisitsBook;

beforeEach(() => {
  unread = [];
  titles = [];
  arrivals = [];
  seen = new Map();
  answers = {
    list: () => yes({ visits: [] }),
    left: () => yes({ left: [] }),
    one: () => no,
    say: () => no,
    end: () => no,
    setDone: () => no,
    setCalled: () => no,
    voice: () => no,
  };
  const api = Object.fromEntries(
    Object.keys(answers).map((name) => [name, async () => answers[name as keyof VisitsApi]()]),
  ) as unknown as VisitsApi;
  const kept = {
    get all() {
      return Object.fromEntries(seen);
    },
    add: (id: string, count: number) => (seen.get(id) ?? 0) < count && !!seen.set(id, count),
    onChange: () => {},
  } as unknown as SeenVisits;
  book = new VisitsBook({
    hubUrl: 'https://hub.example',
    bearers: { current: async () => ({ ok: false, code: 'SIGNED_OUT' }), discard: () => {} },
    me: () => 'alice',
    told: (count) => unread.push(count),
    arrived: (news) => arrivals.push(news),
    attention: { news: (sentence) => titles.push(sentence) },
    tell: () => {},
    api,
    seen: kept,
  });
});

describe('what nobody has read', () => {
  const chat = (changes: Partial<Visit> = {}) =>
    visit({ messages: [...from('visitor', 'a', 'b')], ...changes });

  it('counts what the visitor wrote since the last answer, until it is looked at', () => {
    book.hear({ visit: chat() });
    expect(unread.at(-1)).toBe(2);
    book.look('v1');
    expect(unread.at(-1)).toBe(0);
    book.hear({ visit: chat({ messages: from('visitor', 'a', 'b', 'c') }) });
    expect(unread.at(-1)).toBe(1);
    const answered = [...from('visitor', 'a', 'b', 'c'), ...from('agent', 'd')];
    book.hear({ visit: chat({ messages: answered }) });
    expect(unread.at(-1)).toBe(0);
  });

  it('counts no chat that somebody else has, or that is over', () => {
    book.hear({ visit: chat({ agent: { personId: 'bruno', name: 'Bruno' } }) });
    expect(unread.at(-1)).toBe(0);
    book.hear({ visit: chat({ agent: { personId: 'alice', name: 'Alice' } }) });
    expect(unread.at(-1)).toBe(2);
    book.hear({ visit: chat({ state: 'ended' }) });
    expect(unread.at(-1)).toBe(0);
  });

  it('counts what was left until it is looked at or done', () => {
    book.hear({ left: left() });
    book.hear({ left: left({ id: 'l2' }) });
    expect(unread.at(-1)).toBe(2);
    book.look('l1');
    book.hear({ left: left({ id: 'l2', done: true }) });
    expect(unread.at(-1)).toBe(0);
  });

  it('is announced once for each message, not for what is known or somebody else’s', () => {
    book.hear({ visit: chat() });
    book.hear({ visit: chat() });
    book.hear({ visit: chat({ id: 'v2', agent: { personId: 'bruno', name: 'Bruno' } }) });
    book.hear({ left: left() });
    book.hear({ left: left({ done: true }) });
    expect(arrivals).toEqual([
      { kind: 'chat', destination: 'Sales' },
      { kind: 'left', destination: 'Sales' },
    ]);
  });
});

describe('what is told of on the screen', () => {
  const chat = (changes: Partial<Visit> = {}) => visit({ messages: from('visitor', 'a'), ...changes });

  it('is a chat that nobody has read, until it is', () => {
    book.hear({ visit: chat() });
    expect(titles.at(-1)).toBe('A visitor writes: Sales');
    book.look('v1');
    expect(titles.at(-1)).toBeNull();
  });

  it('is none that a colleague answers', () => {
    book.hear({ visit: chat() });
    book.hear({ visit: chat({ agent: { personId: 'bruno', name: 'Bruno' } }) });
    expect(titles.at(-1)).toBeNull();
  });

  it('is none that was dismissed, until the visitor writes again', () => {
    book.hear({ visit: chat() });
    book.dismiss('v1');
    expect(titles.at(-1)).toBeNull();
    expect(unread.at(-1)).toBe(1);
    book.hear({ visit: chat({ messages: from('visitor', 'a', 'b') }) });
    expect(titles.at(-1)).toBe('A visitor writes: Sales');
  });
});

describe('the lists', () => {
  it('are newest first, by this clock, and replace what is gone', async () => {
    answers.list = () =>
      yes({ visits: [visit({ id: 'old', agoMs: 9_000 }), visit({ id: 'new', agoMs: 10 })] });
    await book.refresh();
    expect(book.state.visits?.map(({ id }) => id)).toEqual(['new', 'old']);
    answers.list = () => yes({ visits: [visit({ id: 'old' })] });
    await book.refresh();
    expect(book.state.visits?.map(({ id }) => id)).toEqual(['old']);
  });

  it('that cannot be fetched leave what is known, and say so', async () => {
    answers.list = () => yes({ visits: [visit()] });
    await book.refresh();
    answers.list = () => no;
    await book.refresh();
    expect(book.state).toMatchObject({ failed: true, visits: [{ id: 'v1' }] });
  });
});

describe('what this person writes', () => {
  beforeEach(async () => {
    answers.list = () => yes({ visits: [visit()] });
    await book.refresh();
  });

  it('is shown at once, and once only when the hub has it', async () => {
    answers.say = () => yes({ id: 'mine', from: 'agent', text: 'Hi', agoMs: 0 });
    const said = book.say('v1', 'Hi', 'mine');
    expect(book.state.unsent.v1).toEqual([{ id: 'mine', text: 'Hi' }]);
    await said;
    book.hear({ visit: visit({ messages: from('agent', 'mine') }) });
    expect(book.state.unsent.v1).toEqual([]);
    expect(book.state.visits?.[0]?.messages.map(({ id }) => id)).toEqual(['mine']);
  });

  it.each([
    [{ ok: false, code: 'CONFLICT', state: 'taken' } as const, 'taken'],
    [{ ok: false, code: 'CONFLICT', state: 'ended' } as const, 'ended'],
    [no, 'unreachable'],
  ])('and the hub refuses stays with the reason: %j', async (refusal, failed) => {
    answers.say = () => refusal;
    await book.say('v1', 'Hi', 'mine');
    expect(book.state.unsent.v1).toEqual([{ id: 'mine', text: 'Hi', failed }]);
  });
});

it('done is shown at once, and taken back where the hub refuses', async () => {
  answers.left = () => yes({ left: [left()] });
  await book.refresh();
  const told = book.setDone('l1', true);
  expect(book.state.left?.[0]?.done).toBe(true);
  expect(await told).toBe(false);
  expect(book.state.left?.[0]?.done).toBe(false);
});

it('whom somebody has called back is news to nobody any more', async () => {
  const asked = left({ kind: 'callback', reach: '+351 910 000 000' });
  const called = { personId: 'me', name: 'Me', agoMs: 0 };
  answers.left = () => yes({ left: [asked] });
  await book.refresh();
  expect(unread.at(-1)).toBe(1);
  await book.setCalled('l1');
  expect(book.state.left?.[0]).not.toHaveProperty('called');
  answers.setCalled = () => yes({ ...asked, called });
  await book.setCalled('l1');
  expect(book.state.left?.[0]).toMatchObject({ called });
  expect(unread.at(-1)).toBe(0);
});
