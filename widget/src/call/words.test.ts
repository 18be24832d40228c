import { expect, test } from 'vitest';
import { fingerprintsIn, proquint, wordsOf } from './words.ts';

const ALICE = '4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB';
const BRUNO = 'D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0';
const EVE = '00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33';
const sdp = (...fingerprints: string[]) =>
  [
    'v=0',
    's=-',
    ...fingerprints.map((digest) => `a=fingerprint:sha-256 ${digest}`),
    'm=audio 9 RTP 0',
    '',
  ].join('\r\n');

// Addresses and their words as arXiv:0901.4016 §2 lists them.
const listed: [number, number, string][] = [
  [0x7f00, 0x0001, 'lusab-babad'],
  [0x3f54, 0xdcc1, 'gutih-tugad'],
  [0x3f76, 0x0723, 'gutuk-bisog'],
  [0x8c62, 0xc18d, 'mudof-sakat'],
];
for (const [high, low, words] of listed) {
  test(`${words} are the words of their address`, () =>
    expect(`${proquint(high)}-${proquint(low)}`).toBe(words));
}

test('A9: both sides of a call read the same four words', async () => {
  const words = await wordsOf(sdp(ALICE), sdp(BRUNO));
  expect(words).toHaveLength(4);
  for (const word of words ?? []) expect(word).toMatch(/^([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz]$/);
  expect(await wordsOf(sdp(BRUNO), sdp(ALICE))).toEqual(words);
});

test('A9: a fingerprint swapped on the way gives different words', async () => {
  const seenByAlice = await wordsOf(sdp(ALICE), sdp(EVE));
  const seenByBruno = await wordsOf(sdp(EVE), sdp(BRUNO));
  const honest = await wordsOf(sdp(ALICE), sdp(BRUNO));
  expect(new Set([seenByAlice, seenByBruno, honest].map(String)).size).toBe(3);
});

test('A9: a second fingerprint slipped in beside the right one gives different words', async () => {
  expect(await wordsOf(sdp(ALICE), sdp(BRUNO, EVE))).not.toEqual(await wordsOf(sdp(ALICE), sdp(BRUNO)));
  // Nor can one be moved from one side to the other.
  expect(await wordsOf(sdp(ALICE, EVE), sdp(BRUNO))).not.toEqual(await wordsOf(sdp(ALICE), sdp(BRUNO, EVE)));
});

test('A9: neither spelling nor what else a description says matters', async () => {
  const shouting = sdp(ALICE).replace('sha-256', 'SHA-256').replaceAll('\r\n', '\n');
  expect(fingerprintsIn(shouting.replace(ALICE, ALICE.toLowerCase()))).toBe(
    fingerprintsIn(sdp(ALICE, ALICE)),
  );
});

test('A9: these fingerprints have had these words from the first version on', async () => {
  expect(await wordsOf(sdp(ALICE), sdp(BRUNO))).toEqual(['turus', 'burol', 'jiroh', 'fuzij']);
});

test('A9: without fingerprints there are no words', async () => {
  expect(await wordsOf(sdp(), sdp(BRUNO))).toBeUndefined();
});
