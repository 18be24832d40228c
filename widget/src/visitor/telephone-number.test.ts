import { describe, expect, it } from 'vitest';
import { isTelephoneNumber } from './telephone-number.ts';

describe('a number to be called back at', () => {
  it.each(['+351 21 000 0000', '(0351) 21-000.00', '0049/30 1234567', '912345'])('passes as %s', (text) => {
    expect(isTelephoneNumber(text)).toBe(true);
  });
  it.each(['', '12345', 'me@example.com', '+351 21 000 0000 ext 4', '+1234567890123456', '++351210000'])(
    'is asked for again as "%s"',
    (text) => {
      expect(isTelephoneNumber(text)).toBe(false);
    },
  );
});
