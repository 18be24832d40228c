import { afterEach, describe, expect, it, vi } from 'vitest';
import { contextOf, visitorId } from './context.ts';

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

describe('the context of a visit', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('P6 is the page and the marks of the integrator, cut to what the wire takes', () => {
    vi.stubGlobal('location', { href: `https://shop.example/cart?${'q'.repeat(5_000)}` });
    vi.stubGlobal('document', { title: 'Cart', referrer: 'https://search.example/' });
    const dataset = { contextOrderId: 'A 17', contextNote: 'n'.repeat(2_000), other: 'x', context: 'y' };
    const context = contextOf([{ dataset } as never], 'pt-BR');
    expect(context.url).toHaveLength(4_000);
    expect(context).toMatchObject({ title: 'Cart', referrer: 'https://search.example/', language: 'pt-BR' });
    expect(Object.keys(context.data ?? {})).toEqual(['order-id', 'note']);
    expect(context.data?.note).toHaveLength(1_000);
  });

  it('joins the visits of one browsing session by one name', () => {
    const storage = fakeStorage();
    const id = visitorId(storage);
    expect(id).toMatch(/^[\w-]{16,}$/);
    expect(visitorId(storage)).toBe(id);
    expect(visitorId(forbidden)).toBeUndefined();
  });
});
