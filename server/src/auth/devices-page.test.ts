import { expect, test } from 'vitest';
import { relativeTime } from './devices-page.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

test.each([
  [0, 'now'],
  [-59_000, 'now'],
  [-MINUTE_MS, '1 minute ago'],
  [-119 * MINUTE_MS, '1 hour ago'],
  [-DAY_MS, 'yesterday'],
  [30 * DAY_MS, 'in 30 days'],
  [30 * DAY_MS - 1, 'in 30 days'],
])('%i ms away is "%s"', (ms, text) => {
  expect(relativeTime('en', ms)).toBe(text);
});

test('times follow the whole language tag', () => {
  expect(relativeTime('pt-BR', 3 * DAY_MS)).toBe('em 3 dias');
  expect(relativeTime('pt-PT', 3 * DAY_MS)).toBe('dentro de 3 dias');
});
