import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { targetOf } from './call-target.ts';

/** FakeAnchor stands in for a link, for want of a DOM in Node; cards and marks are tested in browsers. */
class FakeAnchor {
  readonly isContentEditable = false;
  readonly classList = { contains: () => false };
  readonly #href: string;
  constructor(href: string) {
    this.#href = href;
  }
  closest(): null {
    return null;
  }
  getAttribute(name: string): string | null {
    return name === 'href' ? this.#href : null;
  }
}

beforeEach(() => {
  vi.stubGlobal('HTMLElement', FakeAnchor);
  vi.stubGlobal('HTMLAnchorElement', FakeAnchor);
});
afterEach(() => vi.unstubAllGlobals());

const linkedBy = (href: string) => targetOf(new FakeAnchor(href) as unknown as Element)?.item ?? null;

test('a sip link whose user part is a number is called by number, whatever its host', () => {
  expect(linkedBy('sip:1002@pbx.example')).toEqual({ number: '1002' });
  expect(linkedBy('sip:+351-210-000-000@pbx.example;user=phone')).toEqual({ number: '+351210000000' });
  expect(linkedBy('sip:1002')).toEqual({ number: '1002' });
});

test('a sip link with a name stays an address', () => {
  expect(linkedBy('sip:bruno@mail.example')).toEqual({ email: 'bruno@mail.example' });
  expect(linkedBy('sip:123456789@mail.example')).toEqual({ email: '123456789@mail.example' });
});

test('mailto and tel links name an address and a number', () => {
  expect(linkedBy('mailto:Bruno@mail.example?subject=hi')).toEqual({ email: 'bruno@mail.example' });
  expect(linkedBy('tel:+351-210-000-000;ext=2')).toEqual({ number: '+351210000000' });
});
