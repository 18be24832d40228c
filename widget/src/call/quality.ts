// How a call sounds, from what the network did to it: the E-model of ITU-T G.107 (06/2015) with default values for
// everything that a browser cannot measure. Pure; `quality-sampler.ts` brings the numbers.
import type { CallQuality } from './phone.ts';

/** One direction of one call over some seconds. */
export interface Impairments {
  /** Mouth to ear, one way. */
  readonly delayMs: number;
  readonly lossPercent: number;
  /** RTP name of the codec: `opus`, `PCMU`. */
  readonly codec?: string | undefined;
}

/** What a codec takes without loss (Ie), and how well it bears loss (Bpl). */
interface Robustness {
  readonly ie: number;
  readonly bpl: number;
}

/** Ro − Is of a connection with all default values, G.107 §7.7. */
const BASIC_R = 93.2;

/** Planning values for losses at random, G.113 appendix I, table I.4: there are no others on this scale. */
export const PUBLISHED = {
  g711: { ie: 0, bpl: 4.3 },
  g711Concealed: { ie: 0, bpl: 25.1 },
  g729a: { ie: 11, bpl: 19 },
  g723: { ie: 15, bpl: 16.1 },
  gsmEfr: { ie: 5, bpl: 10 },
} as const satisfies Record<string, Robustness>;

/**
 * By RTP name (RFC 3551). G.711 is missing because every browser conceals its losses, which is what any other name
 * counts as too: no table has Opus, and G.722's values are of the scale for wide band (G.107.1), where G.711 is the
 * worse of the two. On this scale, which ends where G.711 is, both are worth as much as it without loss, and the
 * same decoder conceals theirs.
 */
const CODECS: Readonly<Record<string, Robustness>> = {
  g729: PUBLISHED.g729a,
  g723: PUBLISHED.g723,
  'gsm-efr': PUBLISHED.gsmEfr,
};

/** Levels of annex B, table B.1: R of 80 is "satisfied" (4.03), below 60 "nearly all users dissatisfied" (3.10). */
const GOOD_MOS = 4;
const FAIR_MOS = 3.1;

/** The transmission rating: R = Ro − Is − Id − Ie,eff (G.107 §7.1), without the advantage factor A. */
export function ratingOf(heard: Impairments): number {
  const robustness = CODECS[heard.codec?.toLowerCase() ?? ''] ?? PUBLISHED.g711Concealed;
  return BASIC_R - delayImpairment(heard.delayMs) - effectiveEquipment(heard.lossPercent, robustness);
}

/** Idd of G.107 §7.4. The echo parts of Id are taken as nothing: browsers cancel the echo. */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  const sixth = (value: number) => (1 + value ** 6) ** (1 / 6);
  return 25 * (sixth(x) - 3 * sixth(x / 3) + 2);
}

/** Ie,eff of G.107 §7.5, of losses at random (BurstR = 1): statistics do not tell bursts. */
export function effectiveEquipment(lossPercent: number, { ie, bpl }: Robustness): number {
  return ie + ((95 - ie) * lossPercent) / (lossPercent + bpl);
}

/** Mean opinion score of a rating, G.107 annex B. */
export function mosOf(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  // Between 0 and 6.5 the polynomial dips below its own floor.
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

export function levelOf(mos: number): CallQuality['level'] {
  if (mos >= GOOD_MOS) return 'good';
  return mos >= FAIR_MOS ? 'fair' : 'poor';
}
