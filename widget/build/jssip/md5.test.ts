import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { calculateMD5 } from './md5.js';

test('the digest of every length up to three blocks is the one that Node computes', () => {
  const text = Array.from({ length: 200 }, (_, index) => 'aZ0é€ '[index % 6]).join('');
  for (let length = 0; length <= text.length; length++) {
    const part = text.slice(0, length);
    expect(calculateMD5(part)).toBe(createHash('md5').update(part).digest('hex'));
  }
});
