import { describe, expect, it } from 'vitest';
import { keepVisit, takeVisit } from './kept.ts';

/** As much of a `Storage` as is used. */
function fakeStorage(): () => Storage {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
  return () => storage as unknown as Storage;
}
const forbidden = () => {
  throw new DOMException('no', 'SecurityError');
};

describe('what a page leaves of a visit', () => {
  it('tells the next page once that a call ended with this one, at its own button', () => {
    const storage = fakeStorage();
    expect(takeVisit('sales', storage)).toBeNull();
    keepVisit('sales', { chat: null }, storage);
    expect(takeVisit('support', storage)).toBeNull();
    expect(takeVisit('sales', storage)).toEqual({ chat: null });
    expect(takeVisit('sales', storage)).toBeNull();
    keepVisit('sales', { chat: null }, storage);
    keepVisit('sales', null, storage);
    expect(takeVisit('sales', storage)).toBeNull();
    expect(takeVisit('sales', forbidden)).toBeNull();
  });

  it('hands a chat to the next page, and leaves nothing of it to a third', () => {
    const storage = fakeStorage();
    const chat = { visitId: 'v-1', key: 'key-key-key-key-key' };
    keepVisit('sales', { chat }, storage);
    expect(takeVisit('sales', storage)).toEqual({ chat });
    expect(takeVisit('sales', storage)).toBeNull();
  });
});
