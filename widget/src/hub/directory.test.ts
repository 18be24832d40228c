import type { Way } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { done } from '../call/errors.ts';
import type { Send } from './api.ts';
import { createDirectory } from './directory.ts';

function reachedBy(...ways: Way[]) {
  return createDirectory((async () => done({ personId: 'u-2', ways })) as Send).telephoneWays('u-2');
}

test('only a desk phone that is there counts as a telephone, not the extension that a browser registered', async () => {
  const extension: Way = { kind: 'extension', via: 'pbx', available: true };
  const desk: Way = { kind: 'desk', via: 'pbx', available: true };
  expect(await reachedBy(extension)).toEqual([]);
  expect(await reachedBy(extension, { ...desk, available: false })).toEqual([]);
  expect(await reachedBy({ kind: 'browser', via: 'room', available: true })).toEqual([]);
  expect(await reachedBy(extension, desk)).toEqual([desk]);
});
