// Measures a running call from its connection's statistics, one pass every two seconds: tells how it sounds now, and
// reports how it has sounded to the hub. Loaded with the first call that connects.
import type { QualityReport } from '@ringtag/server/protocol';
import type { Clock } from './clock.ts';
import type { CallQuality } from './phone.ts';
import { levelOf, mosOf, ratingOf } from './quality.ts';

const SAMPLE_MS = 2_000;
const REPORT_MS = 60_000;
/** Weight of the newest sample: what lasts shows within two or three, what passes is softened. */
const NEWEST = 0.5;
/** A frame of 20 ms, its coding, and its way from the jitter buffer to the ear: what no statistics count. */
const CODING_MS = 30;
/** Losses and jitter from which on a direction is impaired rather than busy. */
const BAD_LOSS_PERCENT = 2;
const BAD_JITTER_MS = 30;

export interface SamplerOptions {
  readonly via: 'room' | 'pbx';
  /** The one that carries the call now; another one after a move. */
  readonly connection: () => Pick<RTCPeerConnection, 'getStats'> | null;
  readonly clock: Clock;
  /** Every change that can be seen. */
  readonly heard: (quality: CallQuality) => void;
  /** About every minute and at the end. */
  readonly report: (report: QualityReport) => void;
}

/** What one pass brings: running totals, and what is so now. */
interface Reading {
  readonly from: unknown;
  readonly received: number;
  readonly lost: number;
  readonly bufferedS: number;
  readonly emitted: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
  readonly codec: string | undefined;
  /** Of what this side sends, as the other side reports it. */
  readonly outLossPercent: number;
  readonly outJitterMs: number;
}

interface Sample {
  readonly lossPercent: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly outLossPercent: number;
  readonly outJitterMs: number;
}

/** Begins to measure; the returned function ends it with a last report. */
export function sampleQuality(options: SamplerOptions): () => void {
  const { clock, connection } = options;
  const sums = { mos: 0, mosMin: 5, samples: 0, lost: 0, expected: 0, jitterMs: 0, roundTripMs: 0 };
  let codec: string | undefined;
  let last: Reading | undefined;
  let smooth: Sample | undefined;
  let told = '';
  let reportedAtMs = clock.now();
  let cancel = () => {};
  let stopped = false;

  function again(): void {
    cancel = clock.after(
      SAMPLE_MS,
      () =>
        void pass()
          .catch(() => {})
          .then(() => stopped || again()),
    );
  }

  async function pass(): Promise<void> {
    const from = connection();
    const stats = await from?.getStats();
    if (!from || !stats || stopped) return;
    const now = read(from, stats);
    const before = last;
    last = now;
    // Nothing that arrived, nothing heard: on hold, or lost, which shows otherwise.
    if (now && before?.from === from) take(before, now);
    if (clock.now() - reportedAtMs >= REPORT_MS) report();
  }

  function take(before: Reading, now: Reading): void {
    const received = now.received - before.received;
    if (received <= 0) return;
    // A late packet takes its loss back.
    const lost = Math.max(0, now.lost - before.lost);
    smooth = blend(smooth, sampleOf(before, now, (100 * lost) / (received + lost)));
    codec = now.codec ?? codec;
    const mos = mosOf(ratingOf({ ...smooth, codec }));
    sums.mos += mos;
    sums.mosMin = Math.min(sums.mosMin, mos);
    sums.samples++;
    sums.lost += lost;
    sums.expected += received + lost;
    sums.jitterMs += now.jitterMs;
    sums.roundTripMs += now.roundTripMs;
    tell(mos, smooth);
  }

  function tell(mos: number, sample: Sample): void {
    const out = mosOf(ratingOf({ delayMs: sample.delayMs, lossPercent: sample.outLossPercent, codec }));
    const level = levelOf(Math.min(mos, out));
    const ownNetwork = level !== 'good' && (options.via === 'pbx' || isUplinkBad(sample));
    const quality = { mos: Math.round(mos * 10) / 10, level, ownNetwork };
    const seen = JSON.stringify(quality);
    if (seen !== told) options.heard(quality);
    told = seen;
  }

  function report(): void {
    reportedAtMs = clock.now();
    const { samples } = sums;
    if (samples === 0) return;
    options.report({
      mosMean: sums.mos / samples,
      mosMin: sums.mosMin,
      samples,
      lossPercent: (100 * sums.lost) / sums.expected,
      jitterMs: sums.jitterMs / samples,
      roundTripMs: sums.roundTripMs / samples,
      ...(codec ? { codec } : {}),
    });
  }

  again();
  return () => {
    if (stopped) return;
    stopped = true;
    cancel();
    report();
  };
}

/**
 * Whose network it is can be told only in part. At a telephone call the other end of the path is the exchange, so it
 * is this side's. Between two browsers, what this side sends and does not arrive well has met this side's network
 * first, which is narrower upwards than downwards with most people. Trouble in what arrives, and in that alone, is
 * taken to be the other side's.
 */
function isUplinkBad({ outLossPercent, outJitterMs }: Sample): boolean {
  return outLossPercent >= BAD_LOSS_PERCENT || outJitterMs >= BAD_JITTER_MS;
}

function sampleOf(before: Reading, now: Reading, lossPercent: number): Sample {
  const emitted = now.emitted - before.emitted;
  // Where the browser does not tell its jitter buffer: it holds about twice the jitter.
  const bufferedMs = emitted > 0 ? (1_000 * (now.bufferedS - before.bufferedS)) / emitted : 2 * now.jitterMs;
  const { jitterMs, outLossPercent, outJitterMs } = now;
  return {
    lossPercent,
    delayMs: now.roundTripMs / 2 + bufferedMs + CODING_MS,
    jitterMs,
    outLossPercent,
    outJitterMs,
  };
}

function blend(before: Sample | undefined, now: Sample): Sample {
  if (!before) return now;
  const mixed = Object.entries(now).map(([name, value]) => {
    const old = before[name as keyof Sample];
    return [name, old + (value - old) * NEWEST];
  });
  return Object.fromEntries(mixed) as unknown as Sample;
}

/** The entries of `getStats` that matter (webrtc-stats §6), as loosely typed as browsers are loose with them. */
type Entry = Readonly<Record<string, unknown>>;

function read(from: unknown, stats: RTCStatsReport): Reading | undefined {
  let inbound: Entry | undefined;
  let sent: Entry = {};
  let pair: Entry = {};
  let selected: unknown;
  stats.forEach((entry: Entry) => {
    const { type, kind } = entry;
    if (type === 'inbound-rtp' && kind === 'audio') inbound = entry;
    else if (type === 'remote-inbound-rtp' && kind === 'audio') sent = entry;
    else if (type === 'transport') selected = entry.selectedCandidatePairId ?? selected;
    // Firefox marks the pair instead of naming it.
    else if (type === 'candidate-pair' && entry.selected) pair = entry;
  });
  if (!inbound) return undefined;
  pair = (stats.get(String(selected)) as Entry | undefined) ?? pair;
  const mimeType = (stats.get(String(inbound.codecId)) as Entry | undefined)?.mimeType;
  return {
    from,
    received: number(inbound.packetsReceived),
    // What came too late to be played is lost to the ear.
    lost: number(inbound.packetsLost) + number(inbound.packetsDiscarded),
    bufferedS: number(inbound.jitterBufferDelay),
    emitted: number(inbound.jitterBufferEmittedCount),
    jitterMs: 1_000 * number(inbound.jitter),
    roundTripMs: 1_000 * (number(pair.currentRoundTripTime) || number(sent.roundTripTime)),
    codec: typeof mimeType === 'string' ? mimeType.split('/')[1] : undefined,
    outLossPercent: 100 * number(sent.fractionLost),
    outJitterMs: 1_000 * number(sent.jitter),
  };
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
