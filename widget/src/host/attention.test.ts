import { expect, test } from 'vitest';
import { createAttention } from './attention.ts';

/** A page in a browser that has been allowed to show notifications, and what it showed. */
function openPage({ permission = 'granted', inSight = false } = {}) {
  const shown: { sentence: string; closed: boolean; onclick?: () => void }[] = [];
  const turns: (() => void)[] = [];
  let focused = 0;
  class Notification {
    static readonly permission = permission;
    readonly #entry: (typeof shown)[number];
    constructor(sentence: string) {
      this.#entry = { sentence, closed: false };
      shown.push(this.#entry);
    }
    set onclick(press: () => void) {
      this.#entry.onclick = press;
    }
    close(): void {
      this.#entry.closed = true;
    }
  }
  const document = {
    title: 'Inbox (3)',
    visibilityState: inSight ? 'visible' : 'hidden',
    hasFocus: () => inSight,
  };
  const page = {
    document,
    Notification,
    focus: () => {
      focused += 1;
    },
    setInterval: (turn: () => void) => turns.push(turn),
    clearInterval: (id: number | undefined) => {
      if (id !== undefined) turns[id - 1] = () => {};
    },
  };
  const attention = createAttention(page as unknown as Window & typeof globalThis);
  const turn = () => {
    for (const each of turns) each();
  };
  return { attention, document, shown, turn, focused: () => focused };
}

test('a call in a page that nobody looks at is a notification; pressed, it leads to the page; it goes with the call', () => {
  const { attention, shown, focused } = openPage();
  attention.call('Alice Almeida is calling');
  attention.call('Alice Almeida is calling');
  expect(shown).toMatchObject([{ sentence: 'Alice Almeida is calling', closed: false }]);
  shown[0]?.onclick?.();
  expect(focused()).toBe(1);
  attention.call('Bruno Barros is calling');
  expect(shown).toMatchObject([{ closed: true }, { sentence: 'Bruno Barros is calling', closed: false }]);
  attention.call(null);
  expect(shown[1]?.closed).toBe(true);
});

test('whoever looks at the page, or has not allowed them, is shown no notification', () => {
  for (const page of [openPage({ inSight: true }), openPage({ permission: 'default' })]) {
    page.attention.call('Alice Almeida is calling');
    expect(page.shown).toEqual([]);
    expect(page.document.title).toBe('☎ Alice Almeida is calling');
  }
});

test('the title takes turns with the page’s own, which is left as the page last wrote it', () => {
  const { attention, document, turn } = openPage();
  attention.call('Alice Almeida is calling');
  expect(document.title).toBe('☎ Alice Almeida is calling');
  turn();
  expect(document.title).toBe('Inbox (3)');
  document.title = 'Inbox (4)';
  turn();
  expect(document.title).toBe('☎ Alice Almeida is calling');
  attention.call(null);
  expect(document.title).toBe('Inbox (4)');
  turn();
  expect(document.title).toBe('Inbox (4)');
});

test('news are in the title alone, give way to a call, and are back after it', () => {
  const { attention, document, shown, turn } = openPage();
  attention.news('A visitor writes: Sales');
  expect(document.title).toBe('A visitor writes: Sales');
  expect(shown).toEqual([]);
  attention.call('Alice Almeida is calling');
  expect(document.title).toBe('☎ Alice Almeida is calling');
  attention.call(null);
  expect(document.title).toBe('A visitor writes: Sales');
  attention.news(null);
  expect(document.title).toBe('Inbox (3)');
  turn();
  expect(document.title).toBe('Inbox (3)');
});
