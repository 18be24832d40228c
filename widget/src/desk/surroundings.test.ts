import { expect, test } from 'vitest';
import { Surroundings, type SurroundingsOptions } from './surroundings.ts';

function surround(via: 'room' | 'pbx', aloud: boolean) {
  const played: (string | null)[] = [];
  const called: (string | null)[] = [];
  const surroundings = new Surroundings({
    board: { lives: [], ringsThere: false, ringing: { via, aloud, peer: { name: 'Ana' } } },
    line: { open() {}, close() {} },
    sound: { play: (what: string | null) => played.push(what), attach() {}, close() {} },
    attention: { call: (text: string | null) => called.push(text) },
    callingText: (name: string) => `${name} is calling`,
  } as unknown as SurroundingsOptions);
  return { surroundings, played, called };
}

test('D3: a telephone call rings aloud on the device that the hub names, and follows when that changes', () => {
  const { surroundings, played, called } = surround('pbx', true);
  for (const aloud of [false, true, false]) surroundings.agree({ leads: true, telephone: true, aloud });
  expect(played).toEqual([null, 'ring', null]);
  expect(called).toEqual([null, 'Ana is calling', null]);
});

test('D3: a room call goes by what the hub says of that call, and a tab that does not lead is silent', () => {
  const { surroundings, played } = surround('room', true);
  surroundings.agree({ leads: true, telephone: true, aloud: false });
  surroundings.agree({ leads: false, telephone: true, aloud: true });
  expect(played).toEqual(['ring', null]);
});
