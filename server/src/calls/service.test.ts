import { limits, type SignalEnvelope } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { openStage, type Stage, type StageDevice, settle } from './stage.ts';

let storage: Storage;
let stage: Stage;
let alice: StageDevice;
let bruno: StageDevice;
let brunoMobile: StageDevice;
let carla: StageDevice;

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  alice = stage.device('alice', 'alice');
  bruno = stage.device('bruno', 'bruno');
  brunoMobile = stage.device('bruno', 'bruno-mobile');
  carla = stage.device('carla', 'carla');
  for (const device of [alice, bruno, brunoMobile, carla]) device.connect();
  for (const device of [alice, bruno, brunoMobile, carla]) device.names();
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

const offer: SignalEnvelope = { seq: 1, signal: { kind: 'description', type: 'offer', sdp: 'v=0 offer' } };
const answer: SignalEnvelope = { seq: 1, signal: { kind: 'description', type: 'answer', sdp: 'v=0 answer' } };
const candidate = (seq: number): SignalEnvelope => ({
  seq,
  signal: {
    kind: 'candidate',
    candidate: 'candidate:1',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  },
});
const to = (key: string) => ({ personId: stage.person(key).id });

async function ring(from: StageDevice, key: string): Promise<string> {
  const result = await stage.calls.place(from.caller, stage.order(to(key)));
  if (!result.ok) throw new Error(result.code);
  return result.placed.callId;
}

async function connectCall(): Promise<string> {
  const callId = await ring(alice, 'bruno');
  const result = await stage.calls.accept(bruno.caller, callId);
  if (!result.ok) throw new Error(result.code);
  for (const device of [alice, bruno, brunoMobile]) device.names();
  return callId;
}

async function advance(ms: number): Promise<void> {
  stage.clock.advance(ms);
  await settle();
}

describe('the call request', () => {
  it('C2 rings every connected device of the callee and nobody else', async () => {
    const result = await stage.calls.place(alice.caller, stage.order(to('bruno'), { media: 'video' }));
    expect(result).toMatchObject({ ok: true, placed: { via: 'room', state: 'ringing', ringForMs: 45_000 } });
    for (const device of [bruno, brunoMobile]) {
      expect(device.heard('call:ringing')).toEqual([
        {
          callId: result.ok && result.placed.callId,
          media: 'video',
          ringLeftMs: 45_000,
          from: { personId: to('alice').personId, name: 'alice', unit: 'Sales', number: '1001' },
          aloud: true,
        },
      ]);
    }
    expect([alice.names(), carla.names()]).toEqual([[], []]);
  });

  it('C2 rings a device that talks as well: a second call waits there, a third does not', async () => {
    await connectCall();
    const second = await ring(carla, 'bruno');
    for (const device of [bruno, brunoMobile]) {
      expect(device.heard('call:ringing')).toMatchObject([{ callId: second }]);
    }
    expect(await stage.calls.accept(bruno.caller, second)).toMatchObject({ ok: true });
    const dora = stage.device('dora', 'dora');
    dora.connect();
    const third = await ring(dora, 'bruno');
    expect(bruno.heard('call:ringing')).toEqual([]);
    expect(brunoMobile.heard('call:ringing')).toMatchObject([{ callId: third }]);
  });

  it('C2 a call that waits is not announced twice when the call before it ends', async () => {
    const first = await connectCall();
    const second = await ring(carla, 'bruno');
    expect(bruno.names()).toEqual(['call:ringing']);
    await stage.calls.end(bruno.caller, first, 'hangup');
    expect(bruno.heard('call:ringing')).toEqual([]);
    expect(await stage.calls.accept(bruno.caller, second)).toMatchObject({ ok: true });
  });

  it('C2 rings devices that connect meanwhile, by their snapshot', async () => {
    const second = await ring(carla, 'bruno');
    const tablet = stage.device('bruno', 'bruno-tablet');
    stage.clock.advance(10_000);
    tablet.connect();
    expect(tablet.heard('snapshot')).toMatchObject([
      { ringing: [{ callId: second, ringLeftMs: 35_000 }], rooms: [] },
    ]);
  });

  it('C2 rings a device that leaves one of two calls while somebody else still calls', async () => {
    const first = await connectCall();
    stage.pbx.sessionCalls.set(bruno.device.sessionId, 1);
    const second = await ring(carla, 'bruno');
    expect(bruno.names()).toEqual([]);
    await stage.calls.end(bruno.caller, first, 'hangup');
    expect(bruno.heard('call:ringing')).toMatchObject([{ callId: second }]);
  });

  it('C1 the same request twice is the same call and rings nobody again', async () => {
    const order = stage.order(to('bruno'));
    const first = await stage.calls.place(alice.caller, order);
    expect(bruno.heard('call:ringing')).toHaveLength(1);
    const second = await stage.calls.place(alice.caller, order);
    expect(second).toEqual(first);
    expect(bruno.heard('call:ringing')).toHaveLength(0);
  });

  it('C1 the same request twice at once is one call', async () => {
    const order = stage.order(to('bruno'));
    const both = await Promise.all([
      stage.calls.place(alice.caller, order),
      stage.calls.place(alice.caller, order),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(bruno.heard('call:ringing')).toHaveLength(1);
  });

  it('C1 is remembered across a restart of the hub', async () => {
    const order = stage.order(to('bruno'));
    const first = await stage.calls.place(alice.caller, order);
    await stage.restart(1_000);
    for (const device of [alice, bruno]) device.connect();
    expect(await stage.calls.place(alice.caller, order)).toMatchObject({
      ok: true,
      placed: { callId: first.ok && first.placed.callId },
    });
  });

  it('C1 a repeated request of a call that was answered meanwhile tells the caller again', async () => {
    const order = stage.order(to('bruno'));
    const first = await stage.calls.place(alice.caller, order);
    const callId = first.ok ? first.placed.callId : '';
    await stage.calls.accept(bruno.caller, callId);
    alice.names();
    expect(await stage.calls.place(alice.caller, order)).toMatchObject({ ok: true, placed: { callId } });
    expect(alice.heard('call:accepted')).toMatchObject([{ callId }]);
  });

  it('C3 ends after 45 s with no-answer on both sides', async () => {
    const callId = await ring(alice, 'bruno');
    await advance(44_999);
    expect(alice.names()).toEqual([]);
    await advance(1);
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'no-answer' }]);
    expect(bruno.heard('call:stopped')).toEqual([{ callId, reason: 'no-answer' }]);
    expect(brunoMobile.heard('call:stopped')).toEqual([{ callId, reason: 'no-answer' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended', endReason: 'no-answer' });
  });

  it('C4 the first accept wins; the others stop with answered-elsewhere', async () => {
    const callId = await ring(alice, 'bruno');
    const [one, two] = await Promise.all([
      stage.calls.accept(bruno.caller, callId),
      stage.calls.accept(brunoMobile.caller, callId),
    ]);
    expect([one.ok, two.ok]).toEqual([true, false]);
    expect(two).toMatchObject({ code: 'ALREADY_ANSWERED' });
    expect(alice.heard('call:accepted')).toMatchObject([{ callId, peer: { name: 'bruno' } }]);
    expect(brunoMobile.heard('call:stopped')).toEqual([{ callId, reason: 'answered-elsewhere' }]);
    expect(bruno.heard('call:stopped')).toEqual([]);
    expect(await stage.calls.accept(brunoMobile.caller, callId)).toMatchObject({ code: 'ALREADY_ANSWERED' });
  });

  it('C4 the winning device that asks again, its reply lost, gets the same reply', async () => {
    const callId = await ring(alice, 'bruno');
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    const [one, two] = await Promise.all([
      stage.calls.accept(bruno.caller, callId),
      stage.calls.accept(bruno.caller, callId),
    ]);
    expect(one).toMatchObject({ ok: true, accepted: { signals: [offer] } });
    expect(two).toEqual(one);
    expect(await stage.calls.accept(bruno.caller, callId)).toEqual(one);
    expect(alice.heard('call:accepted')).toHaveLength(1);
  });

  it('C5 an accept after the end is CALL_ENDED, after the time CALL_EXPIRED, by others NOT_FOUND', async () => {
    const cancelled = await ring(alice, 'bruno');
    expect(await stage.calls.accept(carla.caller, cancelled)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.accept(alice.caller, cancelled)).toMatchObject({ code: 'NOT_FOUND' });
    await stage.calls.end(alice.caller, cancelled, 'hangup');
    expect(await stage.calls.accept(bruno.caller, cancelled)).toMatchObject({
      code: 'CALL_ENDED',
      state: 'cancelled',
    });
    const expired = await ring(alice, 'bruno');
    await advance(45_000);
    expect(await stage.calls.accept(bruno.caller, expired)).toMatchObject({ code: 'CALL_EXPIRED' });
    expect(await stage.calls.accept(carla.caller, expired)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.accept(bruno.caller, 'c-nothing')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('C6 a decline ends the request, with its message, on every device', async () => {
    const callId = await ring(alice, 'bruno');
    expect(await stage.calls.decline(carla.caller, callId)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.decline(bruno.caller, callId, 'In a meeting')).toEqual({ ok: true });
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'declined', message: 'In a meeting' }]);
    expect(brunoMobile.heard('call:stopped')).toEqual([{ callId, reason: 'declined-elsewhere' }]);
    expect(bruno.heard('call:stopped')).toEqual([]);
    expect(await stage.calls.decline(brunoMobile.caller, callId)).toMatchObject({ code: 'CALL_ENDED' });
  });

  it("C7 the caller's end while it rings is cancelled to all", async () => {
    const callId = await ring(alice, 'bruno');
    expect(await stage.calls.end(carla.caller, callId, 'hangup')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.end(bruno.caller, callId, 'hangup')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.end(alice.caller, callId, 'hangup')).toEqual({ ok: true });
    expect(bruno.heard('call:stopped')).toEqual([{ callId, reason: 'cancelled' }]);
    expect(brunoMobile.heard('call:stopped')).toEqual([{ callId, reason: 'cancelled' }]);
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'cancelled' }]);
    bruno.names();
    await advance(45_000);
    expect([...alice.names(), ...bruno.names()]).toEqual([]);
  });

  it('C8 calling back whoever is calling accepts their call', async () => {
    const callId = await ring(alice, 'bruno');
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    const order = stage.order(to('alice'));
    const crossing = await stage.calls.place(bruno.caller, order);
    expect(crossing).toMatchObject({
      ok: true,
      placed: { via: 'room', state: 'accepted', callId, signals: [offer], peer: { name: 'alice' } },
    });
    expect(alice.heard('call:accepted')).toMatchObject([{ callId }]);
    expect(alice.heard('call:ringing')).toEqual([]);
    expect(brunoMobile.heard('call:stopped')).toEqual([{ callId, reason: 'answered-elsewhere' }]);
    expect(await stage.calls.place(bruno.caller, order)).toEqual(crossing);
  });

  it('C8 two people who call each other in the same moment are in one call', async () => {
    const [one, two] = await Promise.all([
      stage.calls.place(alice.caller, stage.order(to('bruno'))),
      stage.calls.place(bruno.caller, stage.order(to('alice'))),
    ]);
    if (!one.ok || !two.ok || one.placed.via !== 'room' || two.placed.via !== 'room')
      throw new Error('refused');
    expect(one.placed.callId).toBe(two.placed.callId);
    expect([one.placed.state, two.placed.state].sort()).toEqual(['accepted', 'ringing']);
    expect(stage.calls.liveCount).toBe(1);
  });

  it('C8 whoever calls back in the moment the other gives up, calls', async () => {
    const callId = await ring(alice, 'bruno');
    const [, calling] = await Promise.all([
      stage.calls.end(alice.caller, callId, 'hangup'),
      stage.calls.place(bruno.caller, stage.order(to('alice'))),
    ]);
    expect(calling).toMatchObject({ ok: true, placed: { via: 'room', state: 'ringing' } });
    expect(alice.heard('call:ringing')).toHaveLength(1);
  });

  it('C8 crossing requests meet even if storage answers the second one first', async () => {
    const create = storage.calls.create.bind(storage.calls);
    let release = () => {};
    storage.calls.create = async (call) => {
      const result = await create(call);
      if (call.callerId === to('alice').personId) await new Promise<void>((resolve) => (release = resolve));
      return result;
    };
    const first = stage.calls.place(alice.caller, stage.order(to('bruno')));
    await settle();
    const second = stage.calls.place(bruno.caller, stage.order(to('alice')));
    await settle();
    release();
    const [one, two] = await Promise.all([first, second]);
    expect([one, two]).toMatchObject([
      { ok: true, placed: { state: 'ringing' } },
      { ok: true, placed: { state: 'accepted', callId: one.ok && one.placed.callId } },
    ]);
    expect(alice.heard('call:accepted')).toHaveLength(1);
    const callId = one.ok ? one.placed.callId : '';
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    expect(bruno.heard('room:signal')).toEqual([{ callId, envelopes: [offer] }]);
  });

  it('C9 is BUSY when every connected device holds two calls, in rooms or by telephone', async () => {
    await connectCall();
    stage.pbx.available = true;
    stage.pbx.registered.add(to('bruno').personId);
    stage.pbx.sessionCalls.set(bruno.device.sessionId, 1).set(brunoMobile.device.sessionId, 2);
    expect(await stage.calls.place(carla.caller, stage.order(to('bruno')))).toMatchObject({ code: 'BUSY' });
    stage.pbx.sessionCalls.set(brunoMobile.device.sessionId, 1);
    expect(await stage.calls.place(carla.caller, stage.order(to('bruno')))).toMatchObject({ ok: true });
  });

  it('C17 a call whose caller is gone for 5 s rings no longer', async () => {
    const callId = await ring(alice, 'bruno');
    alice.vanish();
    await advance(4_999);
    expect(bruno.heard('call:stopped')).toEqual([]);
    await advance(1);
    expect(bruno.heard('call:stopped')).toEqual([{ callId, reason: 'cancelled' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended', endReason: 'cancelled' });
  });

  it('C17 a caller who is back within 5 s keeps the call ringing to its end', async () => {
    const callId = await ring(alice, 'bruno');
    alice.vanish();
    await advance(4_000);
    alice.connect();
    await advance(40_999);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ringing' });
    await advance(1);
    expect(await storage.calls.byId(callId)).toMatchObject({ endReason: 'no-answer' });
  });

  it('C17 who calls again from another device is not refused for the call that the lost one left ringing', async () => {
    const lost = await ring(alice, 'bruno');
    alice.vanish();
    const laptop = stage.device('alice', 'alice-laptop');
    laptop.connect();
    const callId = await ring(laptop, 'bruno');
    expect(callId).not.toBe(lost);
    expect(bruno.heard('call:stopped')).toEqual([{ callId: lost, reason: 'cancelled' }]);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ringing' });
  });

  it('C10 a callee between two pages is waited for, and rings', async () => {
    carla.vanish();
    const placing = stage.calls.place(alice.caller, stage.order(to('carla')));
    await advance(2_000);
    carla.connect();
    expect(await placing).toMatchObject({ ok: true, placed: { via: 'room', state: 'ringing' } });
    expect(carla.heard('call:ringing')).toHaveLength(1);
  });

  it('C10, C11 a callee who does not come back within 3 s is reached by telephone', async () => {
    stage.pbx.available = true;
    stage.pbx.registered.add(to('carla').personId);
    carla.vanish();
    const placing = stage.calls.place(alice.caller, stage.order(to('carla')));
    await advance(3_000);
    expect(await placing).toMatchObject({
      ok: true,
      placed: { via: 'pbx', dial: '1003', peer: { name: 'carla' } },
    });
  });

  it('C11 with no device and no telephone the person is UNREACHABLE, and the ways are listed', async () => {
    carla.vanish();
    await advance(3_000);
    expect(await stage.calls.place(alice.caller, stage.order(to('carla')))).toMatchObject({
      code: 'UNREACHABLE',
      ways: [
        { kind: 'browser', available: false },
        { kind: 'extension', available: false },
      ],
    });
  });

  it('C12 a device without a socket can neither place nor accept', async () => {
    const callId = await ring(alice, 'bruno');
    bruno.vanish();
    carla.vanish();
    expect(await stage.calls.accept(bruno.caller, callId)).toMatchObject({ code: 'NOT_CONNECTED' });
    expect(await stage.calls.place(carla.caller, stage.order(to('bruno')))).toMatchObject({
      code: 'NOT_CONNECTED',
    });
  });

  it('C12 a device in a call places and accepts a second one, and no third', async () => {
    await connectCall();
    const second = await ring(alice, 'carla');
    expect(await stage.calls.accept(carla.caller, second)).toMatchObject({ ok: true });
    const third = await stage.calls.place(alice.caller, stage.order({ number: '600' }));
    expect(third).toMatchObject({ code: 'TOO_MANY_CALLS' });
    const waiting = await ring(carla, 'bruno');
    stage.pbx.sessionCalls.set(bruno.device.sessionId, 1);
    expect(await stage.calls.accept(bruno.caller, waiting)).toMatchObject({ code: 'TOO_MANY_CALLS' });
    stage.pbx.sessionCalls.clear();
    expect(await stage.calls.accept(bruno.caller, waiting)).toMatchObject({ ok: true });
    expect(bruno.heard('call:ended')).toEqual([]);
  });

  it('C12 a device that places three calls at once gets two', async () => {
    stage.pbx.available = true;
    const all = await Promise.all([
      stage.calls.place(alice.caller, stage.order(to('bruno'))),
      stage.calls.place(alice.caller, stage.order(to('carla'))),
      stage.calls.place(alice.caller, stage.order({ number: '600' })),
    ]);
    expect(all.map((result) => result.ok)).toEqual([true, true, false]);
    expect(all[2]).toMatchObject({ code: 'TOO_MANY_CALLS' });
  });

  it('C12 of two waiting calls accepted at once by a device that talks, one is', async () => {
    await connectCall();
    const dora = stage.device('dora', 'dora');
    dora.connect();
    const waiting = [await ring(carla, 'bruno'), await ring(dora, 'bruno')];
    const both = await Promise.all(waiting.map((callId) => stage.calls.accept(bruno.caller, callId)));
    expect(both.map((result) => result.ok)).toEqual([true, false]);
    expect(both[1]).toMatchObject({ code: 'TOO_MANY_CALLS' });
  });

  it('C12 both calls of a device are in its snapshot', async () => {
    const first = await connectCall();
    const second = await ring(alice, 'carla');
    alice.connect();
    expect(alice.heard('snapshot')).toMatchObject([
      {
        rooms: [
          { callId: first, state: 'active' },
          { callId: second, state: 'ringing' },
        ],
      },
    ]);
  });

  it('C14 the call that is replaced does not count', async () => {
    await connectCall();
    const ringing = await ring(alice, 'carla');
    const order = stage.order(to('carla'), { media: 'video', replaces: ringing });
    expect(await stage.calls.place(alice.caller, order)).toMatchObject({ ok: true });
  });

  it('C13 what the caller sends before the accept comes in its reply, and nowhere else', async () => {
    const callId = await ring(alice, 'bruno');
    for (const device of [bruno, brunoMobile]) device.names();
    expect(stage.calls.signal(alice.device, { callId, envelopes: [offer, candidate(2)] })).toEqual({
      ok: true,
    });
    expect(stage.calls.signal(alice.device, { callId, envelopes: [candidate(2), candidate(3)] })).toEqual({
      ok: true,
    });
    expect([...bruno.names(), ...brunoMobile.names()]).toEqual([]);
    expect(await stage.calls.accept(brunoMobile.caller, callId)).toMatchObject({
      ok: true,
      accepted: {
        signals: [offer, candidate(2), candidate(3)],
        iceServers: [{ urls: 'stun:stun.example.test' }],
      },
    });
    expect(bruno.names()).toEqual(['call:stopped']);
  });

  it('C13 holds a bounded number of signals', async () => {
    const callId = await ring(alice, 'bruno');
    const flood = Array.from({ length: limits.HELD_SIGNALS + 1 }, (_, index) => candidate(index + 1));
    expect(stage.calls.signal(alice.device, { callId, envelopes: flood })).toMatchObject({
      code: 'RATE_LIMITED',
    });
  });

  it('C14 a replacing call ends the ringing one with replaced', async () => {
    stage.pbx.available = true;
    stage.pbx.registered.add(to('bruno').personId);
    stage.pbx.deskRegistered.add(to('bruno').personId);
    const first = await ring(alice, 'bruno');
    const order = stage.order(to('bruno'), { way: 'desk', replaces: first });
    expect(await stage.calls.place(alice.caller, order)).toMatchObject({
      ok: true,
      placed: { via: 'pbx', dial: 'desk-1002', peer: { name: 'bruno' } },
    });
    expect(alice.heard('call:ended')).toEqual([{ callId: first, reason: 'replaced' }]);
    expect(bruno.heard('call:stopped')).toEqual([{ callId: first, reason: 'replaced' }]);
  });

  it('C14 a refused replacement leaves the ringing call alone', async () => {
    const first = await ring(alice, 'bruno');
    const desk = stage.order(to('bruno'), { way: 'desk', replaces: first });
    expect(await stage.calls.place(alice.caller, desk)).toMatchObject({ code: 'PBX_UNAVAILABLE' });
    expect(alice.names()).toEqual([]);
    const foreign = stage.order(to('bruno'), { replaces: first });
    expect(await stage.calls.place(carla.caller, foreign)).toMatchObject({ code: 'NOT_FOUND' });
    await stage.calls.accept(bruno.caller, first);
    expect(await stage.calls.place(alice.caller, desk)).toMatchObject({
      code: 'ALREADY_IN_CALL',
      state: 'active',
    });
  });

  it('C14 a call to the same person can be placed anew', async () => {
    const first = await ring(alice, 'bruno');
    const again = await stage.calls.place(
      alice.caller,
      stage.order(to('bruno'), { replaces: first, media: 'video' }),
    );
    expect(again).toMatchObject({ ok: true, placed: { state: 'ringing' } });
    expect(again.ok && again.placed.callId).not.toBe(first);
    expect(bruno.names()).toEqual(['call:ringing', 'call:stopped', 'call:ringing']);
  });

  it('C15 a call request outlives a restart, with the time that is left', async () => {
    const callId = await ring(alice, 'bruno');
    await stage.restart(5_000);
    bruno.connect();
    expect(bruno.heard('snapshot')).toMatchObject([
      { ringing: [{ callId, ringLeftMs: 40_000, from: { name: 'alice' } }] },
    ]);
    alice.connect();
    expect(alice.heard('snapshot')).toMatchObject([
      { rooms: [{ callId, role: 'caller', state: 'ringing', ringLeftMs: 40_000, peer: { name: 'bruno' } }] },
    ]);
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    expect(await stage.calls.accept(bruno.caller, callId)).toMatchObject({
      ok: true,
      accepted: { signals: [offer] },
    });
  });

  it('C15 a call request whose time ran out during the restart ends as no-answer', async () => {
    const callId = await ring(alice, 'bruno');
    await stage.restart(50_000);
    await advance(0);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended', endReason: 'no-answer' });
    bruno.connect();
    expect(bruno.heard('snapshot')).toMatchObject([{ ringing: [] }]);
  });
});

describe('whom to call', () => {
  it('refuses oneself by name or by number, and people who do not exist', async () => {
    expect(await stage.calls.place(alice.caller, stage.order(to('alice')))).toMatchObject({
      code: 'SELF_CALL',
    });
    expect(await stage.calls.place(alice.caller, stage.order({ number: '1001' }))).toMatchObject({
      code: 'SELF_CALL',
    });
    expect(await stage.calls.place(alice.caller, stage.order({ personId: 'u-nobody' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it.each(['1002', '+351910000001'])('A4 a number of a person, %s, calls the person', async (number) => {
    expect(await stage.calls.place(alice.caller, stage.order({ number }))).toMatchObject({
      ok: true,
      placed: { via: 'room', peer: { name: 'bruno' } },
    });
  });

  it('dials a service number through the exchange, and says when there is none', async () => {
    const missing = await stage.calls.place(alice.caller, stage.order({ number: '600' }));
    expect(missing).toMatchObject({ code: 'PBX_UNAVAILABLE' });
    stage.pbx.available = true;
    const order = stage.order({ number: '600' });
    const echo = await stage.calls.place(alice.caller, order);
    expect(echo).toMatchObject({ ok: true, placed: { via: 'pbx', dial: '600', peer: { name: '600' } } });
    expect(await stage.calls.place(alice.caller, order)).toEqual(echo);
    const callId = echo.ok ? echo.placed.callId : '';
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed', dial: '600' });
    expect(await stage.calls.end(bruno.caller, callId, 'hangup')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await stage.calls.end(alice.caller, callId, 'hangup')).toEqual({ ok: true });
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended', endReason: 'hangup' });
  });

  it('a telephone call can be ended after a restart of the hub', async () => {
    stage.pbx.available = true;
    const echo = await stage.calls.place(alice.caller, stage.order({ number: '600' }));
    await stage.restart(1_000);
    const callId = echo.ok ? echo.placed.callId : '';
    expect(await stage.calls.end(alice.caller, callId, 'hangup')).toEqual({ ok: true });
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended' });
  });
});

describe('C16 telephone calls whose end nobody told', () => {
  const minutes = async (count: number) => {
    for (let half = 0; half < 2 * count; half += 1) await advance(30_000);
  };
  async function dial(): Promise<string> {
    stage.pbx.available = true;
    const placed = await stage.calls.place(alice.caller, stage.order({ number: '600' }));
    return placed.ok ? placed.placed.callId : '';
  }

  it('C16 is closed as lost when it was last seen, after its device has been in no call for a minute', async () => {
    const callId = await dial();
    stage.pbx.sessionCalls.set(alice.device.sessionId, 1);
    await minutes(5);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed' });
    const lastSeenAtMs = stage.clock.now();
    stage.pbx.sessionCalls.clear();
    await advance(30_000);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed' });
    await advance(30_000);
    expect(await storage.calls.byId(callId)).toMatchObject({
      state: 'ended',
      endReason: 'lost',
      estimated: true,
      endedAtMs: lastSeenAtMs,
    });
    expect(stage.calls.liveByState()).toEqual({ ringing: 0, active: 0, placed: 0 });
  });

  it('C16 also where the hub was away when it ended', async () => {
    const callId = await dial();
    await stage.restart(120_000);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed' });
    await minutes(1);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'ended', endReason: 'lost' });
  });

  it('C16 an exchange that does not answer ends nothing', async () => {
    const callId = await dial();
    stage.pbx.available = false;
    await minutes(10);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'placed' });
  });
});

describe('the room', () => {
  it('R1 nobody but its two devices may signal into it or end it', async () => {
    const callId = await connectCall();
    for (const { device, caller } of [brunoMobile, carla]) {
      expect(await stage.calls.signal(device, { callId, envelopes: [candidate(9)] })).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await stage.calls.end(caller, callId, 'hangup')).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect([...alice.names(), ...bruno.names()]).toEqual([]);
  });

  it('R2 nothing overtakes the reply to the accept', async () => {
    const callId = await ring(alice, 'bruno');
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    await stage.calls.accept(bruno.caller, callId);
    await stage.calls.signal(alice.device, { callId, envelopes: [candidate(2)] });
    expect(bruno.heard('room:signal')).toEqual([]);
    await stage.calls.signal(bruno.device, { callId, envelopes: [answer] });
    expect(bruno.heard('room:signal')).toEqual([{ callId, envelopes: [candidate(2)] }]);
    expect(alice.heard('room:signal')).toEqual([{ callId, envelopes: [answer] }]);
    await stage.calls.signal(alice.device, { callId, envelopes: [candidate(3)] });
    expect(bruno.heard('room:signal')).toEqual([{ callId, envelopes: [candidate(3)] }]);
  });

  it('R2 an offer that comes after the accept is passed on at once', async () => {
    const callId = await connectCall();
    await stage.calls.signal(alice.device, { callId, envelopes: [offer] });
    expect(bruno.heard('room:signal')).toEqual([{ callId, envelopes: [offer] }]);
  });

  it('R3 says when the other device goes, and to both when it is back', async () => {
    const callId = await connectCall();
    bruno.vanish();
    expect(alice.heard('room:peer')).toEqual([{ callId, connected: false }]);
    stage.clock.advance(10_000);
    bruno.connect();
    expect(bruno.heard('snapshot')).toMatchObject([
      { rooms: [{ callId, role: 'callee', state: 'active', activeForMs: 10_000, peerConnected: true }] },
    ]);
    expect(bruno.heard('room:peer')).toEqual([{ callId, connected: true }]);
    expect(alice.heard('room:peer')).toEqual([{ callId, connected: true }]);
    await advance(60_000);
    expect([...alice.names(), ...bruno.names()]).toEqual([]);
  });

  it('R3 a page that takes over the connection makes both send again', async () => {
    const callId = await connectCall();
    bruno.connect();
    expect(alice.heard('room:peer')).toEqual([{ callId, connected: true }]);
    expect(bruno.heard('room:peer')).toEqual([{ callId, connected: true }]);
  });

  it('R4 an end by either device ends it for both, once, and ending it again changes nothing', async () => {
    const callId = await connectCall();
    const both = await Promise.all([
      stage.calls.end(bruno.caller, callId, 'hangup'),
      stage.calls.end(alice.caller, callId, 'left'),
    ]);
    expect(both).toEqual([{ ok: true }, { ok: true }]);
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'hangup' }]);
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'hangup' }]);
    expect(await stage.calls.end(alice.caller, callId, 'failed')).toEqual({ ok: true });
    expect(await storage.calls.byId(callId)).toMatchObject({ endReason: 'hangup' });
    expect(await stage.calls.place(alice.caller, stage.order(to('bruno')))).toMatchObject({ ok: true });
  });

  it('R5 a room with no socket ends after 30 s of uptime, estimated, when it was last seen', async () => {
    const callId = await connectCall();
    stage.clock.advance(20_000);
    alice.vanish();
    stage.clock.advance(4_000);
    bruno.vanish();
    const lastSeenAtMs = stage.clock.now();
    await advance(29_999);
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active' });
    await advance(1);
    expect(await storage.calls.byId(callId)).toMatchObject({
      state: 'ended',
      endReason: 'lost',
      estimated: true,
      endedAtMs: lastSeenAtMs,
    });
  });

  it("R5, R6 the hub's own absence ends nothing: both devices find their room after an hour", async () => {
    const callId = await connectCall();
    await advance(31_000);
    await stage.restart(3_600_000);
    await advance(29_000);
    alice.connect();
    expect(alice.heard('snapshot')).toMatchObject([
      { rooms: [{ callId, role: 'caller', state: 'active', peerConnected: false, activeForMs: 3_660_000 }] },
    ]);
    bruno.connect();
    expect(bruno.heard('snapshot')).toMatchObject([
      { rooms: [{ callId, role: 'callee', peerConnected: true }] },
    ]);
    expect(alice.heard('room:peer')).toEqual([{ callId, connected: true }]);
    await stage.calls.signal(bruno.device, { callId, envelopes: [candidate(4)] });
    expect(alice.heard('room:signal')).toEqual([{ callId, envelopes: [candidate(4)] }]);
    expect(await stage.calls.end(alice.caller, callId, 'hangup')).toEqual({ ok: true });
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'hangup' }]);
  });

  it('R5 a room that nobody comes back to after a restart ends when it was last noted', async () => {
    const callId = await connectCall();
    const connectedAtMs = stage.clock.now();
    await advance(40_000);
    await stage.restart(600_000);
    await advance(30_000);
    expect(await storage.calls.byId(callId)).toMatchObject({
      state: 'ended',
      estimated: true,
      endedAtMs: connectedAtMs + 30_000,
    });
  });

  it('R5 a hub that stops in order notes when its rooms were last seen', async () => {
    const callId = await connectCall();
    stage.clock.advance(7_000);
    const stoppedAtMs = stage.clock.now();
    for (const device of [alice, bruno]) device.vanish();
    await stage.calls.stop();
    expect(await storage.calls.byId(callId)).toMatchObject({ state: 'active', lastSeenAtMs: stoppedAtMs });
  });

  it('R7 a device alone for 30 s hears lost', async () => {
    const callId = await connectCall();
    bruno.vanish();
    await advance(29_999);
    expect(alice.heard('call:ended')).toEqual([]);
    await advance(1);
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'lost' }]);
    const record = await storage.calls.byId(callId);
    expect(record).toMatchObject({ state: 'ended', endReason: 'lost', endedAtMs: stage.clock.now() });
    expect(record?.estimated).toBeFalsy();
  });

  it("R7 a callee who accepts while the caller's socket is away knows, and is not left waiting", async () => {
    const callId = await ring(alice, 'bruno');
    alice.vanish();
    expect(await stage.calls.accept(bruno.caller, callId)).toMatchObject({ ok: true });
    expect(bruno.heard('room:peer')).toEqual([{ callId, connected: false }]);
    await advance(30_000);
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'lost' }]);
  });

  it('R8 signalling into a room that has ended is CALL_ENDED to its devices, NOT_FOUND to others', async () => {
    const callId = await connectCall();
    await stage.calls.end(alice.caller, callId, 'hangup');
    const event = { callId, envelopes: [candidate(5)] };
    expect(await stage.calls.signal(bruno.device, event)).toMatchObject({
      code: 'CALL_ENDED',
      state: 'hangup',
    });
    expect(await stage.calls.signal(carla.device, event)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the end of a session', () => {
  it('S6 ends its room with signed-out, closes its socket, and the person is gone at once', async () => {
    const callId = await connectCall();
    await stage.calls.sessionEnded(alice.device.sessionId);
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'signed-out' }]);
    expect(alice.names()).toEqual(['session:ended']);
    expect(alice.isOpen).toBe(false);
    expect(stage.connections.isOnline(to('alice').personId)).toBe(false);
    expect(await storage.calls.byId(callId)).toMatchObject({ endReason: 'signed-out' });
  });

  it('S6 stops what it was ringing, and a late socket of it is turned away', async () => {
    const callId = await ring(alice, 'bruno');
    bruno.names();
    await stage.calls.sessionEnded(alice.device.sessionId);
    expect(bruno.heard('call:stopped')).toEqual([{ callId, reason: 'cancelled' }]);
    alice.connect();
    expect(alice.isOpen).toBe(false);
    expect(alice.heard('snapshot')).toEqual([]);
  });

  it('S6 a call that is being placed or accepted at that moment ends as well', async () => {
    const placing = stage.calls.place(alice.caller, stage.order(to('bruno')));
    await stage.calls.sessionEnded(alice.device.sessionId);
    await placing;
    await settle();
    expect(stage.calls.liveCount).toBe(0);
    const callId = await ring(carla, 'bruno');
    const accept = storage.calls.accept;
    storage.calls.accept = async (...args) => {
      const result = await accept.apply(storage.calls, args);
      await stage.calls.sessionEnded(bruno.device.sessionId);
      return result;
    };
    await stage.calls.accept(bruno.caller, callId);
    await settle();
    expect(carla.heard('call:ended')).toEqual([{ callId, reason: 'signed-out' }]);
  });
});

describe('faults', () => {
  it('a call that storage cannot end in time is ended when storage is back', async () => {
    const callId = await ring(alice, 'bruno');
    const end = storage.calls.end;
    storage.calls.end = async () => {
      throw new Error('disk full');
    };
    await advance(45_000);
    expect(alice.heard('call:ended')).toEqual([]);
    storage.calls.end = end;
    await advance(1_000);
    expect(alice.heard('call:ended')).toEqual([{ callId, reason: 'no-answer' }]);
  });

  it('a telephone exchange that comes or goes is told to every device', () => {
    stage.calls.pbxChanged(true);
    expect(alice.heard('pbx:changed')).toEqual([{ available: true }]);
    expect(carla.heard('pbx:changed')).toEqual([{ available: true }]);
  });
});
