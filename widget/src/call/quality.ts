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

/** Loss that a codec takes: `ie` at none (Ie), `bpl` how well it bears more (Bpl), G.113 appendix I. */
interface Robustness {
  readonly ie: number;
  readonly bpl: number;
}

/** Ro − Is of a connection with all default values, G.107 §7.7. */
const BASIC_R = 93.2;
/** G.711 with packet loss concealment, G.113 table I.4; what every browser does. */
export const CONCEALED: Robustness = { ie: 0, bpl: 25.1 };

/**
 * No ITU table has Opus on this scale, and G.722's values are of the wideband one (G.107.1), where both are better
 * than G.711. On the scale for narrow band, which ends where G.711 is, both count as it does: never less than they
 * are worth without loss, and concealed by the same decoder with it.
 */
const CODECS: Readonly<Record<string, Robustness>> = {
  pcmu: CONCEALED,
  pcma: CONCEALED,
  g722: CONCEALED,
  opus: CONCEALED,
};

/** Levels of annex B, table B.1: R of 80 is "satisfied" (4.03), below 60 "nearly all users dissatisfied" (3.10). */
const GOOD_MOS = 4;
const FAIR_MOS = 3.1;

/** The transmission rating: R = Ro − Is − Id − Ie,eff (G.107 §7.1), without the advantage factor A. */
export function ratingOf(heard: Impairments): number {
  const robustness = CODECS[heard.codec?.toLowerCase() ?? ''] ?? CONCEALED;
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
