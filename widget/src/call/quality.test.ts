import { describe, expect, test } from 'vitest';
import { delayImpairment, effectiveEquipment, levelOf, mosOf, PUBLISHED, ratingOf } from './quality.ts';

describe('A8: the E-model', () => {
  // G.107 table B.1, and the rating of an undisturbed connection.
  const opinions: [number, number][] = [
    [93.2, 4.41],
    [90, 4.34],
    [80, 4.03],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
    [0, 1],
    [-20, 1],
    [100, 4.5],
    [120, 4.5],
  ];
  for (const [r, mos] of opinions) {
    test(`a rating of ${r} is an opinion of ${mos}`, () =>
      expect(Math.abs(mosOf(r) - mos)).toBeLessThan(0.01));
  }

  test('a higher rating is never a lower opinion', () => {
    for (let r = 0; r < 110; r += 0.5) expect(mosOf(r + 0.5)).toBeGreaterThanOrEqual(mosOf(r));
  });

  // Ie under random loss as measured for G.711 with concealment, G.113 appendix I; the formula fits it within 3.
  const concealed: [number, number][] = [
    [0, 0],
    [1, 5],
    [2, 7],
    [3, 10],
    [5, 15],
    [7, 20],
    [10, 25],
    [15, 35],
    [20, 45],
  ];
  for (const [loss, ie] of concealed) {
    test(`${loss} % of loss impair concealed G.711 by ${ie}`, () => {
      expect(Math.abs(effectiveEquipment(loss, PUBLISHED.g711Concealed) - ie)).toBeLessThanOrEqual(3);
    });
  }

  test('a codec that is impaired by itself starts there and bears loss in its own way', () => {
    expect(effectiveEquipment(0, PUBLISHED.g729a)).toBe(11);
    expect(effectiveEquipment(2, PUBLISHED.g729a)).toBeCloseTo(19, 0);
    expect(effectiveEquipment(2, PUBLISHED.gsmEfr)).toBe(20);
  });

  test('2 % of loss hardly hurt G.711 that is concealed, and much where it is not', () => {
    const left = (robustness: { ie: number; bpl: number }) =>
      levelOf(mosOf(93.2 - effectiveEquipment(2, robustness)));
    expect(left(PUBLISHED.g711Concealed)).toBe('good');
    expect(left(PUBLISHED.g711)).toBe('fair');
    expect(effectiveEquipment(2, PUBLISHED.g711)).toBeCloseTo(30.2, 1);
  });

  test('the codec counts: on one network G.729 and G.723.1 are heard worse than G.711, with loss and without', () => {
    const rating = (codec: string | undefined, lossPercent: number) =>
      ratingOf({ delayMs: 60, lossPercent, codec });
    for (const loss of [0, 2, 10]) {
      expect(rating('G729', loss)).toBeLessThan(rating('PCMU', loss) - 10);
      expect(rating('G723', loss)).toBeLessThan(rating('G729', loss) - 3);
    }
  });

  test('Opus and G.722, which no table of this scale has, count as G.711 that is concealed', () => {
    for (const codec of ['opus', 'G722', 'PCMA', undefined]) {
      expect(ratingOf({ delayMs: 60, lossPercent: 3, codec })).toBe(
        ratingOf({ delayMs: 60, lossPercent: 3, codec: 'PCMU' }),
      );
    }
  });

  test('delay costs nothing up to 100 ms, little at 150 ms and much at 400 ms', () => {
    expect(delayImpairment(100)).toBe(0);
    expect(delayImpairment(150)).toBeCloseTo(0.2, 1);
    expect(delayImpairment(400)).toBeCloseTo(24.1, 1);
    expect(delayImpairment(1_000)).toBeLessThan(60);
  });

  test('a call on a good network is good, 5 % of loss make it fair, 20 % poor, and so does a second of delay', () => {
    const level = (delayMs: number, lossPercent: number) =>
      levelOf(mosOf(ratingOf({ delayMs, lossPercent, codec: 'opus' })));
    expect(level(60, 0)).toBe('good');
    expect(level(60, 5)).toBe('fair');
    expect(level(60, 20)).toBe('poor');
    expect(level(1_000, 0)).toBe('poor');
  });
});
