import { expect, test } from 'vitest';
import type { TabMessage } from '../call/mirror.ts';
import { Sight } from './sight.ts';

/** Tabs that hear each other at once, as their channel has it but for the time. */
function site() {
  const tabs: { sight: Sight; said: boolean[]; page: { visibilityState: string } }[] = [];
  return function open(visibilityState: 'visible' | 'hidden') {
    const page = { visibilityState };
    const said: boolean[] = [];
    const sight = new Sight({
      page: page as Document,
      post: (message: TabMessage) => {
        for (const other of tabs) {
          if (other.sight === sight) continue;
          if (message.ringtag === 'look') other.sight.look();
          else if (message.ringtag === 'visible') other.sight.hear(message);
        }
      },
      changed: (visible) => said.push(visible),
    });
    const tab = { sight, said, page };
    tabs.push(tab);
    sight.look();
    return tab;
  };
}

test('D3: the site is in sight while any of its tabs is, whichever of them leads', () => {
  const open = site();
  const leader = open('hidden');
  const other = open('visible');
  expect(leader.sight.visible).toBe(true);
  other.page.visibilityState = 'hidden';
  other.sight.look();
  expect(leader.said).toEqual([true, false]);
  other.page.visibilityState = 'visible';
  other.sight.look();
  other.sight.look(true);
  expect(leader.sight.visible).toBe(false);
});

test('D3: a tab that takes the lead asks the others, and forgets those that are gone', () => {
  const open = site();
  const next = open('hidden');
  const seen = open('visible');
  seen.page.visibilityState = 'hidden';
  next.sight.ask();
  expect(next.sight.visible).toBe(false);
  seen.page.visibilityState = 'visible';
  next.sight.ask();
  expect(next.sight.visible).toBe(true);
});
