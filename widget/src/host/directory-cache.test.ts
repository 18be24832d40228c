import type { Person, ResolveItem } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DirectoryCache } from './directory-cache.ts';

const person = (id: string): Person => ({ id, name: id, numbers: [], online: false });
const item = (id: string): ResolveItem => ({ personId: id });

describe('the directory of a page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks in batches of 100 and each thing once', async () => {
    const batches: number[] = [];
    const cache = new DirectoryCache(
      async (items) => {
        batches.push(items.length);
        return items.map((one) => ('personId' in one && one.personId !== 'p7' ? person(one.personId) : null));
      },
      () => {},
    );
    for (let index = 0; index < 250; index += 1) {
      expect(cache.get(`k${index}`, item(`p${index}`))).toBeUndefined();
      cache.get(`k${index}`, item(`p${index}`));
    }
    await cache.ask();
    await cache.ask();
    expect(batches).toEqual([100, 100, 50]);
    expect(cache.get('k3', item('p3'))).toEqual(person('p3'));
    expect(cache.get('k7', item('p7'))).toBeNull();
  });

  it('asks again later after a failure, without being asked to', async () => {
    let works = false;
    const answered = vi.fn();
    const cache = new DirectoryCache(async (items) => {
      if (!works) throw new Error('offline');
      return items.map(() => person('bruno'));
    }, answered);
    cache.get('k', item('bruno'));
    await cache.ask();
    await cache.ask();
    expect(answered).not.toHaveBeenCalled();
    works = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answered).toHaveBeenCalledOnce();
    expect(cache.get('k', item('bruno'))).toEqual(person('bruno'));
  });

  it('tells nobody after it was stopped', async () => {
    const answered = vi.fn();
    let answer: (people: readonly Person[]) => void = () => {};
    const cache = new DirectoryCache(() => new Promise((resolve) => (answer = resolve)), answered);
    cache.get('k', item('bruno'));
    const asking = cache.ask();
    cache.stop();
    answer([person('bruno')]);
    await asking;
    expect(answered).not.toHaveBeenCalled();
  });
});
