import type { QualityReport } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import type { CallQuality } from './phone.ts';
import { sampleQuality } from './quality-sampler.ts';

/** FakeNetwork stands in for a connection: every second 50 packets, as it was told to carry them. */
function setUp(via: 'room' | 'pbx' = 'room', browser: 'chromium' | 'firefox' = 'chromium') {
  const clock = createManualClock();
  const net = { lossPercent: 0, outLossPercent: 0, roundTripMs: 40, sound: true };
  const totals = { received: 0, lost: 0, emitted: 0, bufferedS: 0 };
  let countedAtMs = clock.now();
  const count = () => {
    const packets = ((clock.now() - countedAtMs) / 1_000) * 50;
    countedAtMs = clock.now();
    if (!net.sound) return;
    totals.received += packets * (1 - net.lossPercent / 100);
    totals.lost += packets * (net.lossPercent / 100);
    totals.emitted += packets * 960;
    totals.bufferedS += packets * 960 * 0.04;
  };
  const entries = (): object[] => {
    const roundTrip = net.roundTripMs / 1_000;
    const chromium = browser === 'chromium';
    return [
      {
        id: 'in',
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: totals.received,
        packetsLost: totals.lost,
        jitter: 0.004,
        codecId: 'codec',
        ...(chromium
          ? { jitterBufferDelay: totals.bufferedS, jitterBufferEmittedCount: totals.emitted }
          : {}),
      },
      { id: 'video', type: 'inbound-rtp', kind: 'video', packetsReceived: 9, packetsLost: 9_000 },
      {
        id: 'out',
        type: 'remote-inbound-rtp',
        kind: 'audio',
        fractionLost: net.outLossPercent / 100,
        jitter: 0.002,
        roundTripTime: roundTrip,
      },
      { id: 'codec', type: 'codec', mimeType: 'audio/opus' },
      chromium
        ? { id: 'pair', type: 'candidate-pair', currentRoundTripTime: roundTrip }
        : { id: 'pair', type: 'candidate-pair', selected: true },
      { id: 'unused', type: 'candidate-pair', currentRoundTripTime: 9 },
      ...(chromium ? [{ id: 'way', type: 'transport', selectedCandidatePairId: 'pair' }] : []),
    ];
  };
  const createConnection = () => ({
    getStats: async () => {
      count();
      return new Map(
        entries().map((entry) => [(entry as { id: string }).id, entry]),
      ) as unknown as RTCStatsReport;
    },
  });
  const wire = { connection: createConnection() };
  const heard: CallQuality[] = [];
  const reports: QualityReport[] = [];
  const stop = sampleQuality({
    via,
    clock,
    connection: () => wire.connection,
    heard: (quality) => heard.push(quality),
    report: (report) => reports.push(report),
  });
  return { clock, net, wire, createConnection, heard, reports, stop };
}

for (const browser of ['chromium', 'firefox'] as const) {
  test(`A8: in ${browser} a good network is heard as good, and nothing is said twice`, async () => {
    const { clock, heard } = setUp('room', browser);
    await clock.advance(20_000);
    expect(heard).toEqual([{ mos: 4.4, level: 'good', ownNetwork: false }]);
  });

  test(`A8: in ${browser} the opinion follows the loss down and up again`, async () => {
    const { clock, net, heard } = setUp('room', browser);
    await clock.advance(6_000);
    net.lossPercent = 10;
    await clock.advance(14_000);
    expect(heard.at(-1)).toMatchObject({ level: 'fair' });
    expect(heard.at(-1)?.mos).toBeLessThan(3.5);
    net.lossPercent = 0;
    await clock.advance(20_000);
    expect(heard.at(-1)).toEqual({ mos: 4.4, level: 'good', ownNetwork: false });
  });
}

test('A8: a second there and back is poor without any loss', async () => {
  const { clock, net, heard } = setUp();
  net.roundTripMs = 1_000;
  await clock.advance(8_000);
  expect(heard.at(-1)?.level).not.toBe('good');
});

test('A8: what arrives badly from the other side is not laid at this person’s door', async () => {
  const { clock, net, heard } = setUp();
  net.lossPercent = 20;
  await clock.advance(8_000);
  expect(heard.at(-1)).toMatchObject({ level: 'poor', ownNetwork: false });
});

test('A8: what this person sends and does not arrive is their own network, though they hear well', async () => {
  const { clock, net, heard } = setUp();
  net.outLossPercent = 20;
  await clock.advance(8_000);
  expect(heard.at(-1)).toEqual({ mos: 4.4, level: 'poor', ownNetwork: true });
});

test('A8: on the way to the exchange it is always their own network', async () => {
  const { clock, net, heard } = setUp('pbx');
  net.lossPercent = 20;
  await clock.advance(8_000);
  expect(heard.at(-1)).toMatchObject({ level: 'poor', ownNetwork: true });
});

test('A8: a hold is no loss, and a connection in the place of another does not count as one', async () => {
  const { clock, net, wire, createConnection, heard } = setUp();
  await clock.advance(6_000);
  net.sound = false;
  await clock.advance(10_000);
  net.sound = true;
  wire.connection = createConnection();
  await clock.advance(10_000);
  expect(heard.map(({ level }) => level)).toEqual(['good']);
});

test('A8: the report has mean and worst, every minute and once at the end', async () => {
  const { clock, net, reports, stop } = setUp();
  await clock.advance(30_000);
  net.lossPercent = 10;
  await clock.advance(32_000);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ codec: 'opus', samples: 29 });
  expect(reports[0]?.mosMin).toBeLessThan(reports[0]?.mosMean as number);
  expect(reports[0]?.lossPercent).toBeCloseTo(5, 0);
  expect(reports[0]?.roundTripMs).toBeCloseTo(40);
  stop();
  stop();
  expect(reports).toHaveLength(2);
  await clock.advance(200_000);
  expect(reports).toHaveLength(2);
});

test('A8: a call in which nothing was measured reports nothing', async () => {
  const { clock, reports, stop } = setUp();
  await clock.advance(1_000);
  stop();
  expect(reports).toEqual([]);
});
