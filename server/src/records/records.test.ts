import { type HistoryEntry, limits, refuse } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authenticate, Caller } from '../auth/authenticate.ts';
import type { CallRecord } from '../calls/call.ts';
import { openStage, type Stage, type StageDevice, settle } from '../calls/stage.ts';
import type { ExchangeCall, ExchangeTail, KeepCalls } from '../pbx/exchange-call.ts';
import { silentLogger } from '../platform/logger.ts';
import { session } from '../storage/contract/samples.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { recordRoutes } from './http.ts';
import { createRecordKeeping, type RecordKeeping } from './keeping.ts';
import type { CallEntry, Entry } from './record.ts';

const ORIGIN = 'https://mail.example.test';

let storage: Storage;
let stage: Stage;
let records: RecordKeeping;
let app: ReturnType<typeof recordRoutes>;
let alice: StageDevice;
let alicesOther: StageDevice;
let bruno: StageDevice;
let carla: StageDevice;
let bearers: Map<string, Caller>;
/** What the stand-in for the exchange's files tells. */
let tail: { keep: KeepCalls; isCurrent: boolean; legs: Set<string>; calling: Set<string>; polls: number };

const authenticate: Authenticate = async (bearer, origin) => {
  const caller = bearers.get(bearer ?? '');
  if (!caller) return refuse('SIGNED_OUT');
  return origin === ORIGIN ? caller : refuse('ORIGIN_NOT_ALLOWED');
};

/** As a hub that starts. */
function openRecords(over: Partial<Storage> = {}): RecordKeeping {
  return createRecordKeeping({
    ...{ storage: { ...storage, ...over }, clock: stage.clock, logger: silentLogger, systemId: 'hub-1' },
    telephoneOver: (callId, how) => stage.calls.telephoneOver(callId, how),
    openTail({ keep }): ExchangeTail {
      tail = { keep, isCurrent: true, legs: new Set(), calling: new Set(), polls: 0 };
      return {
        start: () => {},
        poll: async () => {
          tail.polls += 1;
        },
        get isCurrent() {
          return tail.isCurrent;
        },
        hasLeg: (endpoint, sipCallId) => tail.legs.has(`${endpoint} ${sipCallId}`),
        isCalling: (endpoint) => tail.calling.has(endpoint),
        stop: async () => {},
      };
    },
  });
}

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  records = openRecords();
  app = recordRoutes({ ...records, authenticate });
  alice = stage.device('alice', 'alice');
  alicesOther = stage.device('alice', 'alice-other');
  bruno = stage.device('bruno', 'bruno');
  carla = stage.device('carla', 'carla');
  const all = [alice, alicesOther, bruno, carla];
  for (const { connect, device } of all) {
    connect();
    await storage.sessions.create(session({ id: device.sessionId, personId: device.personId }));
  }
  bearers = new Map(all.map((device) => [device.device.sessionId, device.caller]));
});
afterEach(async () => {
  await records.stop();
  await stage.calls.stop();
  await storage.close();
});

const idOf = (key: string) => stage.person(key).id;

async function place(device: StageDevice, key: string, more: object = {}): Promise<string> {
  const result = await stage.calls.place(device.caller, stage.order({ personId: idOf(key) }, more));
  if (!result.ok) throw new Error(result.code);
  return result.placed.callId;
}

/** As the calling part tells the records of a call that has ended. */
async function tellEnded(callId: string): Promise<CallRecord> {
  const call = await storage.calls.byId(callId);
  if (!call) throw new Error('no such call');
  await records.callEnded(call);
  return call;
}

async function talk(lengthMs = 60_000): Promise<string> {
  const callId = await place(alice, 'bruno');
  stage.clock.advance(2_000);
  await stage.calls.accept(bruno.caller, callId);
  stage.clock.advance(lengthMs);
  return callId;
}

async function talkAndHangUp(): Promise<string> {
  const callId = await talk();
  await stage.calls.end(bruno.caller, callId, 'hangup');
  await tellEnded(callId);
  return callId;
}

async function written(): Promise<Entry[]> {
  const all = await storage.records.after(0, 1_000);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
  return all;
}

async function api(method: string, path: string, as: StageDevice, body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: {
      Origin: ORIGIN,
      Authorization: `Bearer ${as.device.sessionId}`,
      'Content-Type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const parsed = (await response.json()) as { code?: string; calls: HistoryEntry[]; next?: string };
  return { status: response.status, body: parsed };
}

const report = { mosMean: 4.2, mosMin: 3.1, samples: 30, lossPercent: 1, jitterMs: 4, roundTripMs: 20 };

describe('the record of a room call', () => {
  it('G1 holds who, where, when, how and why, and who wrote it', async () => {
    const beganMs = stage.clock.now();
    const callId = await talkAndHangUp();
    expect(await written()).toEqual([
      {
        ...{ kind: 'call', key: `room:${callId}`, via: 'room', callId, media: 'audio' },
        caller: { personId: idOf('alice'), name: 'alice', number: '1001', device: 's-alice' },
        callee: { personId: idOf('bruno'), name: 'bruno', number: '1002', device: 's-bruno' },
        people: [idOf('alice'), idOf('bruno')],
        ...{ startMs: beganMs, ringMs: beganMs, answerMs: beganMs + 2_000, endMs: beganMs + 62_000 },
        ...{ result: 'answered', cause: 16, endReason: 'hangup', endedBy: 'callee' },
        ...{ sequence: 1, writer: 'hub-1', writtenAtMs: beganMs + 62_000 },
      },
    ]);
  });

  it.each<[string, (callId: string) => Promise<unknown>, object]>([
    [
      'declined',
      (callId) => stage.calls.decline(bruno.caller, callId),
      { result: 'declined', cause: 21, endedBy: 'callee' },
    ],
    [
      'taken back',
      (callId) => stage.calls.end(alice.caller, callId, 'hangup'),
      { result: 'cancelled', cause: 16, endedBy: 'caller' },
    ],
    [
      'never answered',
      async () => {
        stage.clock.advance(limits.RING_MS);
        await settle();
      },
      { result: 'no-answer', cause: 19 },
    ],
  ])('G1 says in words and by Q.850 that it was %s', async (_, act, expected) => {
    const callId = await place(alice, 'bruno');
    await act(callId);
    await tellEnded(callId);
    const [entry] = await written();
    expect(entry).toMatchObject(expected);
    expect(entry).not.toHaveProperty('answerMs');
  });

  it('G1, R5 ends where it was last seen, estimated, when both browsers were killed', async () => {
    const callId = await talk(20_000);
    const lastSeenMs = stage.clock.now();
    alice.vanish();
    bruno.vanish();
    stage.clock.advance(limits.ROOM_WINDOW_MS);
    await settle();
    await tellEnded(callId);
    expect(await written()).toMatchObject([
      { result: 'answered', estimated: true, endReason: 'lost', cause: 102, endMs: lastSeenMs },
    ]);
  });

  it('G1 is written once, whoever tells how often, and by a hub that starts when the one before was killed', async () => {
    const callId = await talk();
    await stage.calls.end(bruno.caller, callId, 'hangup');
    // Killed before a word of it was written.
    const next = openRecords();
    next.start();
    await settle();
    await next.stop();
    await tellEnded(callId);
    await tellEnded(callId);
    expect(await written()).toMatchObject([{ callId }]);
    expect(await storage.records.unrecorded('room', 10)).toEqual([]);
  });

  it('G1 is written later when storage was full', async () => {
    let isFull = true;
    const append: Storage['records']['append'] = async (batch) => {
      if (isFull) throw new Error('disk full');
      return storage.records.append(batch);
    };
    records = openRecords({ records: { ...storage.records, append } });
    records.start();
    const callId = await talkAndHangUp();
    expect(await written()).toEqual([]);
    isFull = false;
    stage.clock.advance(30_000);
    await settle();
    expect(await written()).toMatchObject([{ callId }]);
  });
});

describe('an attempt that was refused at once', () => {
  /** As the calling part tells the records of each, for it has ended. */
  async function tellRefused(): Promise<void> {
    for (const via of ['room', 'pbx'] as const) {
      for (const call of await storage.records.unrecorded(via, 10)) await records.callEnded(call);
    }
  }
  async function attempt(more: object = {}, to: object = { personId: idOf('bruno') }) {
    const order = stage.order(to as { personId: string }, more);
    const code = async () => (await stage.calls.place(alice.caller, order)) as { code?: string };
    const [first, again] = [await code(), await code()];
    expect(again).toEqual(first);
    await tellRefused();
    return first.code;
  }
  const results = async (device: StageDevice) =>
    (await api('GET', '/api/calls/history', device)).body.calls as { result?: string; direction?: string }[];

  it.each(['auto', 'desk', 'pbx'])(
    'G1 is one record with the cause of busy while the person wants no calls, who finds it as missed: by way %s',
    async (way) => {
      await stage.availabilities.set(idOf('bruno'), { doNotDisturb: true });
      expect(await attempt({ way })).toBe('DO_NOT_DISTURB');
      const [entry, ...others] = await written();
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ result: 'busy', cause: 17, people: [idOf('alice'), idOf('bruno')] });
      expect(entry).not.toHaveProperty('ringMs');
      expect(await results(bruno)).toMatchObject([{ direction: 'in', result: 'missed' }]);
      expect(await results(alice)).toMatchObject([{ direction: 'out', result: 'busy' }]);
    },
  );

  it('G1 is busy when every device of the person holds two calls', async () => {
    for (const device of [alicesOther, carla]) {
      const callId = await place(device, 'bruno');
      await stage.calls.accept(bruno.caller, callId);
    }
    expect(await attempt()).toBe('BUSY');
    expect(await written()).toMatchObject([{ via: 'room', result: 'busy', cause: 17, endReason: 'busy' }]);
  });

  it('G1 is unreachable when nothing would ring, of a bare number too', async () => {
    bruno.vanish();
    stage.clock.advance(limits.RECONNECT_GRACE_MS);
    expect(await attempt()).toBe('UNREACHABLE');
    expect(await attempt({}, { number: '+35199' })).toBe('UNREACHABLE');
    expect(await written()).toMatchObject([
      { via: 'room', result: 'unreachable', cause: 20 },
      { via: 'pbx', result: 'unreachable', cause: 20, callee: { number: '+35199' }, people: [idOf('alice')] },
    ]);
    expect(await results(bruno)).toMatchObject([{ result: 'missed' }]);
  });

  it('G1 stays one record, and is refused still, when the request is repeated to a hub that has restarted', async () => {
    await stage.availabilities.set(idOf('bruno'), { doNotDisturb: true });
    const order = stage.order({ personId: idOf('bruno') });
    await stage.calls.place(alice.caller, order);
    await stage.availabilities.set(idOf('bruno'), { doNotDisturb: false });
    await stage.restart(1_000);
    for (const device of [alice, bruno]) device.connect();
    expect(await stage.calls.place(alice.caller, order)).toMatchObject({ code: 'DO_NOT_DISTURB' });
    await tellRefused();
    expect(await written()).toHaveLength(1);
  });

  it('G1 leaves nothing where the request itself was wrong', async () => {
    expect(await attempt({}, { personId: 'p-nobody' })).toBe('NOT_FOUND');
    expect(await attempt({}, { personId: idOf('alice') })).toBe('SELF_CALL');
    expect(await attempt({}, { number: '600' })).toBe('PBX_UNAVAILABLE');
    expect(await written()).toEqual([]);
  });
});

describe('G2 quality', () => {
  it('is taken from each side, the newest counts, and the record has it', async () => {
    const callId = await talk();
    const rate = (device: StageDevice, over: object = {}) =>
      api('POST', `/api/calls/${callId}/quality`, device, { ...report, ...over });
    expect(await rate(alice, { mosMean: 2 })).toEqual({ status: 200, body: { ok: true } });
    await rate(alice);
    await rate(bruno, { mosMin: 1.5 });
    await stage.calls.end(alice.caller, callId, 'hangup');
    await tellEnded(callId);
    expect(await written()).toMatchObject([
      { quality: { caller: report, callee: { ...report, mosMin: 1.5 } } },
    ]);
  });

  it('from anybody who is not in the call is NOT_FOUND, as if there were none', async () => {
    const callId = await talk();
    for (const device of [alicesOther, carla]) {
      const { status, body } = await api('POST', `/api/calls/${callId}/quality`, device, report);
      expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    }
    expect((await api('POST', '/api/calls/c-unknown/quality', alice, report)).status).toBe(404);
    await stage.calls.end(alice.caller, callId, 'hangup');
    await tellEnded(callId);
    expect((await written())[0]).not.toHaveProperty('quality');
  });

  it.each([
    { mosMean: 0.5 },
    { mosMin: 6 },
    { lossPercent: 101 },
    { samples: 0 },
    { jitterMs: -1 },
    { codec: 'x'.repeat(33) },
    { more: 1 },
  ])('out of bounds is INVALID_INPUT: %o', async (over) => {
    const callId = await talk();
    const { status } = await api('POST', `/api/calls/${callId}/quality`, alice, { ...report, ...over });
    expect(status).toBe(400);
  });

  it('that a hang-up overtook is appended once, and the record stays as it was', async () => {
    const callId = await talkAndHangUp();
    const [before] = await written();
    for (const mosMean of [4, 3, 2]) {
      await api('POST', `/api/calls/${callId}/quality`, alice, { ...report, mosMean });
    }
    expect(await written()).toMatchObject([
      before as object,
      { kind: 'amendment', amends: 1, sequence: 2, quality: { caller: { ...report, mosMean: 4 } } },
    ]);
    stage.clock.advance(limits.QUALITY_REPORT_MS + 1);
    const late = await api('POST', `/api/calls/${callId}/quality`, bruno, report);
    expect(late.body.code).toBe('CALL_ENDED');
    expect(await written()).toHaveLength(2);
  });

  it('of a telephone call that came in is taken from the device whose leg it is', async () => {
    const rate = (device: StageDevice, sipCallId: string) =>
      api('POST', '/api/calls/sip/quality', device, { ...report, sipCallId });
    expect((await rate(bruno, 'leg-b')).body.code).toBe('NOT_FOUND');
    tail.legs.add('d-bruno leg-b');
    expect((await rate(bruno, 'leg-b')).status).toBe(200);
    stage.clock.advance(1_000);
    expect((await rate(carla, 'leg-b')).body.code).toBe('NOT_FOUND');
    await tail.keep([exchangeCall({ legs: twoLegs('p-desk', 'd-bruno') })], {});
    expect(await written()).toMatchObject([{ quality: { callee: report } }]);
    // After the record: only there, once, as an amendment.
    tail.legs.clear();
    stage.clock.advance(1_000);
    expect((await rate(carla, 'leg-b')).body.code).toBe('NOT_FOUND');
    expect((await rate(bruno, 'leg-b')).status).toBe(200);
    expect(await written()).toMatchObject([{}, { amends: 1, quality: { callee: report } }]);
  });
});

describe('G2 quality of legs that nobody knows', () => {
  it('has the file of the exchange read once a second, however many ask, and all hear what that read', async () => {
    const rate = (sipCallId: string) =>
      api('POST', '/api/calls/sip/quality', bruno, { ...report, sipCallId });
    expect((await rate('leg-1')).body.code).toBe('NOT_FOUND');
    expect(tail.polls).toBe(1);
    const asked = Promise.all(['leg-2', 'leg-3', 'leg-4'].map(rate));
    await settle();
    expect(tail.polls).toBe(1);
    tail.legs.add('d-bruno leg-3');
    stage.clock.advance(1_000);
    expect((await asked).map(({ status }) => status)).toEqual([404, 200, 404]);
    expect(tail.polls).toBe(2);
    // One that is known needs no look.
    expect((await rate('leg-3')).status).toBe(200);
    expect(tail.polls).toBe(2);
  });
});

function twoLegs(caller: string, callee: string): ExchangeCall['legs'] {
  const startMs = stage.clock.now();
  return [
    { uniqueId: '1.1', endpoint: caller, startMs, answerMs: startMs + 2_000, endMs: startMs + 9_000 },
    {
      ...{ uniqueId: '1.2', endpoint: callee, startMs: startMs + 100, answerMs: startMs + 2_000 },
      ...{ endMs: startMs + 9_000, sipCallId: 'leg-b' },
    },
  ];
}

function exchangeCall(over: Partial<ExchangeCall> = {}): ExchangeCall {
  const startMs = stage.clock.now();
  return {
    ...{ linkedId: '1.1', legs: twoLegs('d-alice', 'p-bruno'), dialled: 'desk-1002', callerNumber: '1001' },
    ...{ startMs, answerMs: startMs + 2_000, endMs: startMs + 9_000, cause: 16, endedBy: 0 },
    ...over,
  };
}

describe('the record of a telephone call', () => {
  const dial = (device: StageDevice) => place(device, 'bruno', { way: 'desk' });

  beforeEach(() => {
    stage.pbx.available = true;
    stage.pbx.deskRegistered.add(idOf('bruno'));
  });

  it('G1 is the one call of the hub that placed it, which ends as the exchange says', async () => {
    const callId = await dial(alice);
    stage.clock.advance(1_000);
    await tail.keep([exchangeCall({ claimedCallId: callId, endedBy: 1 })], { cel: { file: 'f', offset: 9 } });
    const startMs = stage.clock.now();
    expect(await written()).toMatchObject([
      {
        ...{ key: 'pbx:1.1', via: 'pbx', callId, result: 'answered', cause: 16, endedBy: 'callee' },
        caller: { personId: idOf('alice'), name: 'alice', endpoint: 'd-alice', device: 's-alice' },
        callee: { personId: idOf('bruno'), number: '1002', endpoint: 'p-bruno' },
        people: [idOf('alice'), idOf('bruno')],
      },
    ]);
    expect(await storage.calls.byId(callId)).toMatchObject({
      ...{ state: 'ended', endReason: 'hangup', endedAtMs: startMs + 9_000 },
    });
    expect(await storage.records.tail('asterisk')).toEqual({ cel: { file: 'f', offset: 9 } });
    stage.clock.advance(3_600_000);
    await settle();
    expect(await written()).toHaveLength(1);
  });

  it('G1 finds its call also where the browser said nothing', async () => {
    const callId = await dial(alice);
    stage.clock.advance(3_000);
    await tail.keep([exchangeCall()], {});
    expect(await written()).toMatchObject([{ callId }]);
  });

  it('G1 a browser that claims another person’s call, or one that is recorded, hides nothing', async () => {
    const hers = await dial(carla);
    stage.clock.advance(1_000);
    await tail.keep([exchangeCall({ claimedCallId: hers })], {});
    const own = await dial(alice);
    await tail.keep([exchangeCall({ linkedId: '1.5', claimedCallId: own })], {});
    await tail.keep([exchangeCall({ linkedId: '1.9', claimedCallId: own })], {});
    const twice = [
      exchangeCall({ linkedId: '2.1', claimedCallId: own }),
      exchangeCall({ linkedId: '2.2', claimedCallId: 'c-unknown' }),
    ];
    await tail.keep(twice, {});
    const all = (await written()) as Entry<CallEntry>[];
    expect(all.map(({ key, callId }) => [key, callId])).toEqual([
      ['pbx:1.1', undefined],
      ['pbx:1.5', own],
      ['pbx:1.9', undefined],
      ['pbx:2.1', undefined],
      ['pbx:2.2', undefined],
    ]);
    expect(await storage.calls.byId(hers)).toMatchObject({ state: 'placed' });
  });

  it('G1 told twice is written once', async () => {
    const callId = await dial(alice);
    const call = exchangeCall({ claimedCallId: callId });
    await tail.keep([call], {});
    await tail.keep([call, exchangeCall({ linkedId: '1.7' })], {});
    expect((await written()).map(({ key }) => key)).toEqual(['pbx:1.1', 'pbx:1.7']);
  });

  it('G1 of a call that never reached the exchange is what the hub knows, a minute after its end', async () => {
    records.start();
    const callId = await dial(alice);
    await stage.calls.end(alice.caller, callId, 'failed');
    await tellEnded(callId);
    expect(await written()).toEqual([]);
    tail.isCurrent = false;
    stage.clock.advance(90_000);
    await settle();
    expect(await written()).toEqual([]);
    tail.isCurrent = true;
    stage.clock.advance(30_000);
    await settle();
    expect(await written()).toMatchObject([
      {
        key: `call:${callId}`,
        via: 'pbx',
        result: 'failed',
        cause: 41,
        people: [idOf('alice'), idOf('bruno')],
      },
    ]);
  });

  it('G1 that the exchange tells of after all amends what was written', async () => {
    records.start();
    const callId = await dial(alice);
    const call = exchangeCall({ claimedCallId: callId });
    await stage.calls.end(alice.caller, callId, 'left');
    for (let sweeps = 0; sweeps < 4; sweeps += 1) {
      stage.clock.advance(30_000);
      await settle();
    }
    await tail.keep([call], {});
    await tail.keep([call], {});
    expect(await written()).toMatchObject([
      { key: `call:${callId}` },
      { kind: 'amendment', key: 'pbx:1.1', amends: 1, exchange: { result: 'answered', callId } },
    ]);
  });

  it.each<[string, Partial<ExchangeCall>, object]>([
    ['busy', { cause: 17 }, { result: 'busy', cause: 17 }],
    ['declined', { cause: 21 }, { result: 'declined', cause: 21 }],
    ['not answered', { cause: 19 }, { result: 'no-answer', cause: 19 }],
    ['of nobody', { cause: 1 }, { result: 'unreachable', cause: 1 }],
    ['absent', { cause: 20 }, { result: 'unreachable', cause: 20 }],
    ['taken back', { cause: 127, isCancelled: true }, { result: 'cancelled', cause: 16 }],
    ['broken', { cause: 38 }, { result: 'failed', cause: 38 }],
  ])('G1 has the result and the Q.850 cause: %s', async (_, over, expected) => {
    const { answerMs: _answered, ...call } = exchangeCall(over);
    await tail.keep([call], {});
    expect(await written()).toMatchObject([expected]);
  });

  it('G1 says to whom it was passed on, and not that it was moved to another device of the same person', async () => {
    const [caller, callee] = twoLegs('d-alice', 'p-bruno');
    const later = (endpoint: string) => ({
      ...{ uniqueId: `1.${endpoint}`, endpoint, startMs: stage.clock.now() + 5_000 },
      answerMs: stage.clock.now() + 6_000,
    });
    if (!caller || !callee) throw new Error('no legs');
    await tail.keep([exchangeCall({ legs: [caller, callee, later('d-carla')] })], {});
    await tail.keep([exchangeCall({ linkedId: '2.1', legs: [caller, callee, later('d-alice-other')] })], {});
    const [passedOn, moved] = await written();
    expect(passedOn).toMatchObject({
      people: [idOf('alice'), idOf('bruno'), idOf('carla')],
      transferredToParty: { personId: idOf('carla') },
    });
    expect(moved).not.toHaveProperty('transferredToParty');
  });
});

describe('G3 GET /api/calls/history', () => {
  const history = (device: StageDevice, query = '') => api('GET', `/api/calls/history${query}`, device);

  it('is of one’s own calls alone, from one’s own side, newest first', async () => {
    const first = await talkAndHangUp();
    stage.clock.advance(10_000);
    const second = await place(bruno, 'alice');
    await stage.calls.end(bruno.caller, second, 'hangup');
    await tellEnded(second);
    stage.clock.advance(5_000);
    expect((await history(alice)).body).toEqual({
      calls: [
        {
          ...{ callId: second, direction: 'in', media: 'audio', via: 'room', result: 'missed', agoMs: 5_000 },
          peer: { personId: idOf('bruno'), name: 'bruno', unit: 'Sales', number: '1002' },
        },
        {
          ...{ callId: first, direction: 'out', media: 'audio', via: 'room', result: 'answered' },
          ...{ agoMs: 77_000, lengthMs: 60_000 },
          peer: { personId: idOf('bruno'), name: 'bruno', unit: 'Sales', number: '1002' },
        },
      ],
    });
    expect((await history(bruno)).body.calls).toMatchObject([
      { direction: 'out', result: 'cancelled' },
      { direction: 'in', result: 'answered' },
    ]);
    expect((await history(carla)).body).toEqual({ calls: [] });
  });

  it('T5 says to whom a call was passed on, in both histories', async () => {
    const first = await talk();
    const asked = await stage.calls.transfer(alice.caller, first, { to: { personId: idOf('carla') } });
    if (!asked.ok) throw new Error(asked.code);
    const second = await place(bruno, 'carla', { transfer: asked.transferId });
    await stage.calls.accept(carla.caller, second);
    await settle();
    await tellEnded(first);
    for (const device of [alice, bruno]) {
      const { calls } = (await history(device)).body;
      expect(calls).toMatchObject([
        { callId: first, result: 'answered', transferredTo: { personId: idOf('carla'), name: 'carla' } },
      ]);
    }
    await stage.calls.end(carla.caller, second, 'hangup');
    await tellEnded(second);
    expect(await written()).toMatchObject([
      { callId: first, endReason: 'transferred', transferredTo: second },
      { callId: second, transferredFrom: first },
    ]);
  });

  it('T5 names the third of three people, whoever of them had called whom', async () => {
    const first = await talk();
    const second = await place(carla, 'bruno');
    await stage.calls.accept(bruno.caller, second);
    const asked = await stage.calls.transfer(bruno.caller, first, { with: second });
    if (!asked.ok) throw new Error(asked.code);
    const third = await place(alice, 'carla', { transfer: asked.transferId });
    await stage.calls.accept(carla.caller, third);
    await settle();
    await tellEnded(first);
    await tellEnded(second);
    const shown = async (device: StageDevice) =>
      (await history(device)).body.calls.map(({ peer, transferredTo }) => [peer.name, transferredTo?.name]);
    expect(await shown(bruno)).toEqual([
      ['carla', 'alice'],
      ['alice', 'carla'],
    ]);
    expect(await shown(carla)).toEqual([['bruno', 'alice']]);
  });

  it('T5 shows a telephone call to whom it was passed on as a call with the one they talked to', async () => {
    const [caller, callee] = twoLegs('d-alice', 'p-bruno');
    if (!caller || !callee) throw new Error('no legs');
    const startMs = stage.clock.now() + 5_000;
    const taken = { uniqueId: '1.carla', endpoint: 'd-carla', startMs, answerMs: startMs + 1_000 };
    await tail.keep([exchangeCall({ legs: [caller, callee, taken] })], {});
    const [call] = (await history(carla)).body.calls;
    expect(call).toMatchObject({ direction: 'in', peer: { personId: idOf('bruno') } });
    expect(call).not.toHaveProperty('transferredTo');
  });

  it('calls people by their names of today', async () => {
    await talkAndHangUp();
    await storage.people.seed([{ key: 'bruno', name: 'Bruno Bastos', email: 'bruno@example.test' }]);
    expect((await history(alice)).body.calls).toMatchObject([{ peer: { name: 'Bruno Bastos' } }]);
    expect(await written()).toMatchObject([{ callee: { name: 'bruno' } }]);
  });

  it('comes in pages that stay what they are while calls are added', async () => {
    const placed: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      placed.unshift(await talkAndHangUp());
      stage.clock.advance(1_000);
    }
    const seen: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const { body } = await history(alice, query);
      seen.push(...body.calls.map(({ callId }) => callId));
      if (!body.next) break;
      query = `?limit=2&before=${encodeURIComponent(body.next)}`;
      await talkAndHangUp();
    }
    expect(seen).toEqual(placed);
  });

  it.each(['?before=x', '?before=1.2.3', "?before=1'.1", '?limit=0', '?limit=51', '?limit=x'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await history(alice, query);
      expect([status, body.code]).toEqual([400, 'INVALID_INPUT']);
    },
  );

  it('needs a bearer', async () => {
    bearers.clear();
    expect((await history(alice)).status).toBe(401);
  });
});
