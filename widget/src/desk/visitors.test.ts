// Who answers visitors hears of them, and nobody else fetches anything for it.
import { beforeEach, expect, it } from 'vitest';
import { done, refused } from '../call/errors.ts';
import { settle } from '../testing/manual-clock.ts';
import type { VisitsBook } from '../visits/book.ts';
import { Visitors } from './visitors.ts';

let lists: Record<string, object | undefined>;
let asked: string[];
let told: string[];
let changes: number;
let visitors: Visitors;

beforeEach(() => {
  lists = { '/api/visits': { visits: [] }, '/api/visits/left': { left: [] } };
  asked = [];
  told = [];
  changes = 0;
  const book = {
    refresh: async () => void told.push('refresh'),
    hear: (event: object) => void told.push(`hear ${Object.keys(event)}`),
    clear: () => void told.push('clear'),
  } as unknown as VisitsBook;
  visitors = new Visitors({
    send: async (path) => {
      asked.push(path);
      const list = lists[path];
      return list ? done(list as never) : refused('HUB_UNREACHABLE');
    },
    visits: async () => book,
    changed: () => {
      changes += 1;
    },
  });
});

it('whoever answers nobody is asked about once, and fetches no book', async () => {
  await visitors.ask();
  await visitors.ask();
  await settle();
  expect(asked).toEqual(['/api/visits', '/api/visits/left']);
  expect(told).toEqual([]);
  expect(visitors.news).toBeNull();
});

it('P9 whoever answers nobody, as the hub says with the bearer, is not even asked about', async () => {
  await visitors.ask(false);
  expect(asked).toEqual([]);
  await visitors.ask(true);
  expect(asked).toHaveLength(2);
});

it('something left is enough to look further; each greeting of the hub looks anew', async () => {
  lists['/api/visits'] = undefined;
  lists['/api/visits/left'] = { left: [{ id: 'l1' }] };
  await visitors.ask();
  await settle();
  visitors.told(1);
  await visitors.ask();
  await settle();
  expect(told).toEqual(['refresh', 'refresh']);
  expect(visitors.news).toEqual({ unread: 1, news: 1 });
  expect(changes).toBe(1);
});

it('the first event of a visit opens the book, without any question before', async () => {
  visitors.hear({ visit: {} as never });
  await settle();
  expect(told).toEqual(['hear visit']);
});

it('a tab that does not lead looks anew where there are news, once for each, if its book is open', async () => {
  visitors.follow({ unread: 1, news: 4 });
  await settle();
  expect(told).toEqual([]);
  visitors.told(1);
  visitors.follow({ unread: 1, news: 4 });
  visitors.follow({ unread: 2, news: 5 });
  visitors.follow({ unread: 2, news: 5 });
  await settle();
  expect(told).toEqual(['refresh']);
});

it('after signing out nothing is left of them, and the next one is asked about anew', async () => {
  visitors.told(3);
  visitors.forget();
  await settle();
  expect(told).toEqual(['clear']);
  expect(visitors.news).toBeNull();
  await visitors.ask();
  expect(asked).toHaveLength(2);
});
