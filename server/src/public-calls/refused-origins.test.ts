import { Destination } from '@ringtag/server/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createRefusedOrigins, type RefusedOrigins } from './refused-origins.ts';

const DAY_MS = 24 * 3_600_000;
const clock = createManualClock();
const listed = ['https://shop.example'];
let refused: RefusedOrigins;

beforeEach(() => {
  listed.splice(1);
  const sales = () =>
    Destination.parse({
      id: 'sales',
      texts: { en: { label: 'Sales' } },
      ring: { extension: '700' },
      origins: listed,
    });
  refused = createRefusedOrigins({
    clock,
    destinations: { byId: (id) => (id === 'sales' || id === 'desk' ? sales() : undefined) },
  });
});

const ask = (
  origin: string | undefined,
  network = '192.0.2.1',
  destinationId: string | undefined = 'sales',
) => refused.note({ origin, destinationId, network });
const names = () => refused.list().origins.map(({ origin }) => origin);

describe('a page that is not listed', () => {
  test('is told with what it asked for, how often and when', () => {
    ask('https://new.example');
    const firstAtMs = clock.now();
    clock.advance(1_000);
    ask('https://new.example');
    ask('https://new.example', '192.0.2.1', 'desk');
    expect(refused.list()).toEqual({
      origins: [
        {
          ...{ origin: 'https://new.example', destinationId: 'desk', count: 1 },
          ...{ firstAtMs: clock.now(), lastAtMs: clock.now() },
        },
        {
          ...{ origin: 'https://new.example', destinationId: 'sales', count: 2 },
          ...{ firstAtMs, lastAtMs: clock.now() },
        },
      ],
      others: 0,
    });
  });

  test('is told no more once it is listed, and after a day', () => {
    ask('https://new.example');
    ask('https://old.example');
    listed.push('https://new.example');
    expect(names()).toEqual(['https://old.example']);
    clock.advance(DAY_MS);
    expect(names()).toEqual(['https://old.example']);
    clock.advance(1);
    expect(names()).toEqual([]);
  });

  test.each([
    undefined,
    'null',
    'https://shop.example',
    'https://new.example/path',
    'https://NEW.example',
    'https://user@new.example',
    'https://new.example\r\nX: 1',
    '<b>https://new.example</b>',
    'javascript://new.example',
    `https://${'x'.repeat(300)}.example`,
  ])('that came as %j is none', (origin) => {
    ask(origin);
    expect(refused.list()).toEqual({ origins: [], others: 0 });
  });

  test.each([undefined, 'nowhere', '__proto__'])('that asked for %j is nobody’s', (destinationId) => {
    refused.note({ origin: 'https://new.example', destinationId, network: '192.0.2.1' });
    expect(refused.list()).toEqual({ origins: [], others: 0 });
  });
});

describe('whoever invents pages', () => {
  test('has five of them from one network, and takes no place from another', () => {
    ask('https://new.example', '198.51.100.7');
    for (let n = 0; n < 1_000; n += 1) ask(`https://bad-${n}.example`);
    expect(names()).toHaveLength(6);
    expect(names()).toContain('https://new.example');
    expect(refused.list().others).toBe(995);
  });

  test('from many networks pushes out nobody who asks again, and the list stays short', () => {
    ask('https://new.example', '198.51.100.7');
    ask('https://new.example', '198.51.100.7');
    for (let n = 0; n < 1_000; n += 1) ask(`https://bad-${n}.example`, `network-${n}`);
    expect(names()).toHaveLength(20);
    expect(names()).toContain('https://new.example');
    expect(names()).toContain('https://bad-999.example');
    expect(refused.list().others).toBe(981);
    clock.advance(DAY_MS + 1);
    expect(refused.list()).toEqual({ origins: [], others: 0 });
  });

  test('of which one was allowed has a place again', () => {
    for (let n = 0; n < 6; n += 1) ask(`https://own-${n}.example`);
    expect(names()).not.toContain('https://own-5.example');
    listed.push('https://own-0.example');
    ask('https://own-5.example');
    expect(names()).toContain('https://own-5.example');
  });
});
