// What the log must never say.
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function logged(fields: object): string {
  const lines: string[] = [];
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
  logger.error(fields, 'something failed');
  return lines.join('');
}

test('an error keeps its kind, code and place, without what stood in quotes or looked like an address', () => {
  const cause = Object.assign(new Error('E11000 dup key: { email: "alice@example.org" }'), { code: 11000 });
  const err = new TypeError('bruno@example.org has no name "Bruno Barros"', { cause });
  const line = logged({ err });
  expect(line).not.toMatch(/alice|bruno|Barros/i);
  expect(JSON.parse(line).err).toMatchObject({
    type: 'TypeError',
    message: '…@… has no name "…"',
    stack: [
      expect.stringContaining('logger.test.ts'),
      ...Array(JSON.parse(line).err.stack.length - 1).fill(expect.any(String)),
    ],
    cause: { code: 11000, message: 'E11000 dup key: { email: "…" }' },
  });
});

test('secrets are redacted even where somebody logs them', () => {
  const secrets = { bearer: 'b-secret', code: 'c-secret', authorization: 'a-secret', sdp: 's-secret' };
  expect(logged(secrets)).not.toContain('-secret');
});

test('what was thrown may be anything', () => {
  expect(JSON.parse(logged({ err: 'alice@example.org' })).err).toEqual({ type: 'string' });
});
