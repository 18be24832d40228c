// The suite's part about calls and SIP endpoints.
import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../../calls/call.ts';
import type { Stage } from '../contract.ts';
import { call, HOSTILE, NOW, twenty } from './samples.ts';

const back: Partial<CallRecord> = {
  id: 'c-2',
  requestId: 'request-2',
  callerId: 'u-bruno',
  calleeId: 'u-alice',
};

export function callPromises(stage: Stage): void {
  describe('calls', () => {
    creation(stage);
    acceptance(stage);
    ending(stage);
    moving(stage);

    test('touch moves lastSeen of calls that are not over, and of no others', async () => {
      const { calls } = stage.storage;
      await calls.create(call());
      await calls.create(call({ id: 'c-2', requestId: 'r-2', calleeId: 'u-carla' }));
      await calls.end('c-2', { reason: 'hangup', atMs: NOW + 1 });
      await calls.touch(['c-1', 'c-2', 'c-unknown'], NOW + 15_000);
      await calls.touch([], NOW + 20_000);
      expect((await calls.byId('c-1'))?.lastSeenAtMs).toBe(NOW + 15_000);
      expect((await calls.byId('c-2'))?.lastSeenAtMs).toBe(NOW);
    });

    test('live are the room calls that ring or are active, oldest first', async () => {
      const { calls } = stage.storage;
      await calls.create(call({ id: 'c-b', requestId: 'r-b', createdAtMs: NOW + 1 }));
      await calls.accept('c-b', 's-bruno', NOW + 2);
      await calls.create(call({ id: 'c-a' }));
      await calls.create(call({ id: 'c-over', requestId: 'r-over', calleeId: 'u-carla' }));
      await calls.end('c-over', { reason: 'cancelled', atMs: NOW + 1 });
      await calls.create(
        call({ id: 'c-pbx', requestId: 'r-pbx', via: 'pbx', state: 'placed', dial: '1002' }),
      );
      expect((await calls.live()).map(({ id }) => id)).toEqual(['c-a', 'c-b']);
    });

    test('placed are the telephone calls that are not over, oldest first', async () => {
      const { calls } = stage.storage;
      const pbx = { via: 'pbx', state: 'placed', dial: '1002' } as const;
      await calls.create(call({ ...pbx, id: 'c-b', requestId: 'r-b', createdAtMs: NOW + 1 }));
      await calls.create(call({ ...pbx, id: 'c-a', requestId: 'r-a' }));
      await calls.create(call({ ...pbx, id: 'c-over', requestId: 'r-over' }));
      await calls.end('c-over', { reason: 'hangup', atMs: NOW + 1 });
      await calls.create(call({ id: 'c-room' }));
      expect((await calls.placed()).map(({ id }) => id)).toEqual(['c-a', 'c-b']);
    });

    test('any text is only text', async () => {
      const { calls } = stage.storage;
      for (const [index, text] of HOSTILE.entries()) {
        const id = `${text}${index}`;
        const record = call({
          id,
          requestId: text,
          callerId: text,
          callerSessionId: text,
          calleeId: `${text}!`,
        });
        expect((await calls.create(record)).kind).toBe('created');
        expect((await calls.create({ ...record, id: 'c-other' })).kind).toBe('repeated');
        expect(await calls.accept(id, text, NOW)).toMatchObject({ kind: 'accepted' });
        expect(await calls.byId(id)).toMatchObject({ requestId: text, calleeSessionId: text });
        expect(await calls.byId(text)).toBeUndefined();
      }
      expect(await calls.live()).toHaveLength(HOSTILE.length);
    });
  });

  describe('SIP endpoints', () => {
    test('are put, replaced, found and removed', async () => {
      const { pbx } = stage.storage;
      const auths = [{ id: 'd-1-1', ha1: 'a' }];
      await pbx.put({ endpoint: 'd-1', kind: 'device', personId: 'u-1', sessionId: 's-1', auths });
      await pbx.put({ endpoint: 'p-1', kind: 'phone', personId: 'u-1', auths: [] });
      const rotated = {
        endpoint: 'd-1',
        kind: 'device' as const,
        personId: 'u-1',
        sessionId: 's-1',
        auths: [
          { id: 'd-1-1', ha1: 'a', validUntilMs: NOW },
          { id: 'd-1-2', ha1: 'b' },
        ],
      };
      await pbx.put(rotated);
      expect(await pbx.byEndpoint('d-1')).toEqual(rotated);
      expect((await pbx.all()).map(({ endpoint }) => endpoint)).toEqual(['d-1', 'p-1']);
      await pbx.remove('d-1');
      await pbx.remove('d-1');
      expect(await pbx.byEndpoint('d-1')).toBeUndefined();
      expect(await pbx.all()).toHaveLength(1);
    });
  });
}

function creation(stage: Stage): void {
  test('a new call is kept whole', async () => {
    const { calls } = stage.storage;
    const record = call({ media: 'video' });
    expect(await calls.create(record)).toEqual({ kind: 'created', call: record });
    expect(await calls.byId('c-1')).toEqual(record);
    expect(await calls.byId('c-2')).toBeUndefined();
  });

  test('C1 the same request of the same person is the same call, over and ended calls included', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    expect(await calls.create(call({ id: 'c-2' }))).toMatchObject({ kind: 'repeated', call: { id: 'c-1' } });
    await calls.end('c-1', { reason: 'hangup', atMs: NOW });
    const again = await calls.create(call({ id: 'c-3' }));
    expect(again).toMatchObject({ kind: 'repeated', call: { id: 'c-1', state: 'ended' } });
    expect(await calls.create(call({ ...back, requestId: 'request-1' }))).toMatchObject({ kind: 'created' });
  });

  test('C1 twenty times the same request at once is one call', async () => {
    const { calls } = stage.storage;
    const results = await twenty((index) => calls.create(call({ id: `c-${index}` })));
    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'repeated')).toHaveLength(19);
    expect(new Set(results.map((result) => result.call.id)).size).toBe(1);
  });

  test('C8 two people calling each other meet in the first call, whoever is first', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    expect(await calls.create(call(back))).toMatchObject({ kind: 'ringing', call: { id: 'c-1' } });
    const sameWay = call({ id: 'c-3', requestId: 'request-3' });
    expect(await calls.create(sameWay)).toMatchObject({ kind: 'ringing', call: { id: 'c-1' } });
    expect(await calls.byId('c-2')).toBeUndefined();
  });

  test('C8 of twenty crossing requests at once one rings and nineteen meet it', async () => {
    const { calls } = stage.storage;
    const results = await twenty((index) =>
      calls.create(call({ ...(index % 2 ? back : {}), id: `c-${index}`, requestId: `request-${index}` })),
    );
    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'ringing')).toHaveLength(19);
    expect(await calls.live()).toHaveLength(1);
  });

  test('C8 concerns only calls that ring, in rooms, between the same two', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const created = async (over: Partial<CallRecord>) => (await calls.create(call(over))).kind;
    expect(await created({ id: 'c-2', requestId: 'r-2', calleeId: 'u-carla' })).toBe('created');
    expect(await created({ id: 'c-3', requestId: 'r-3', via: 'pbx', state: 'placed' })).toBe('created');
    expect(await created({ id: 'c-4', requestId: 'r-4', via: 'pbx', state: 'placed' })).toBe('created');
    await calls.accept('c-1', 's-bruno', NOW);
    expect(await created({ id: 'c-5', requestId: 'r-5' })).toBe('created');
    await calls.end('c-5', { reason: 'declined', atMs: NOW });
    expect(await created({ id: 'c-6', requestId: 'r-6' })).toBe('created');
  });

  test('a call request that nobody ended is forgotten after its 60 s and blocks no other', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const later = (ms: number) => call({ ...back, createdAtMs: NOW + ms, ringUntilMs: NOW + ms + 45_000 });
    expect((await calls.create(later(59_999))).kind).toBe('ringing');
    expect((await calls.create(later(60_000))).kind).toBe('created');
    expect(await calls.byId('c-1')).toMatchObject({
      state: 'ended',
      endReason: 'no-answer',
      endedAtMs: NOW + 45_000,
    });
  });
}

function acceptance(stage: Stage): void {
  test('an accepted call is active with the device that answered', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const active = call({
      state: 'active',
      calleeSessionId: 's-bruno',
      answeredAtMs: NOW + 5,
      lastSeenAtMs: NOW + 5,
    });
    expect(await calls.accept('c-1', 's-bruno', NOW + 5)).toEqual({ kind: 'accepted', call: active });
    expect(await calls.byId('c-1')).toEqual(active);
  });

  test('C4 of twenty accepts at once exactly one wins', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const results = await twenty((index) => calls.accept('c-1', `s-${index}`, NOW + 1));
    const winners = results.flatMap((result) => (result.kind === 'accepted' ? [result.call] : []));
    expect(winners).toHaveLength(1);
    expect(await calls.byId('c-1')).toEqual(winners[0]);
    for (const result of results) {
      if (result.kind === 'refused') expect(result).toMatchObject({ reason: 'answered', call: winners[0] });
    }
  });

  test('C5 an accept says why it is refused', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const reason = async (id: string, atMs: number) => {
      const result = await calls.accept(id, 's-bruno', atMs);
      return result.kind === 'refused' ? result.reason : result.kind;
    };
    expect(await reason('c-unknown', NOW)).toBe('not-found');
    expect(await reason('c-1', NOW + 45_000)).toBe('expired');
    await calls.end('c-1', { reason: 'no-answer', atMs: NOW + 45_000 });
    expect(await reason('c-1', NOW + 45_001)).toBe('expired');
    await calls.create(call({ id: 'c-2', requestId: 'r-2' }));
    await calls.end('c-2', { reason: 'cancelled', atMs: NOW });
    expect(await reason('c-2', NOW)).toBe('ended');
    await calls.create(call({ id: 'c-3', requestId: 'r-3' }));
    expect(await reason('c-3', NOW + 44_999)).toBe('accepted');
    expect(await reason('c-3', NOW + 44_999)).toBe('answered');
    await calls.create(call({ id: 'c-4', requestId: 'r-4', via: 'pbx', state: 'placed' }));
    expect(await reason('c-4', NOW)).toBe('not-found');
  });
}

function moving(stage: Stage): void {
  test('M2 either side of an active call moves to another device, and nothing else changes', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    await calls.accept('c-1', 's-bruno', NOW + 5);
    const before = await calls.byId('c-1');
    const caller = await calls.move('c-1', { side: 'caller', from: 's-alice', to: 's-window' });
    expect(caller).toEqual({ ...before, callerSessionId: 's-window' });
    const callee = await calls.move('c-1', { side: 'callee', from: 's-bruno', to: 's-other' });
    expect(callee).toEqual({ ...before, callerSessionId: 's-window', calleeSessionId: 's-other' });
    expect(await calls.byId('c-1')).toEqual(callee);
  });

  test('M2 a telephone call moves as well', async () => {
    const { calls } = stage.storage;
    await calls.create(call({ via: 'pbx', state: 'placed', dial: '1002' }));
    const moved = await calls.move('c-1', { side: 'caller', from: 's-alice', to: 's-window' });
    expect(moved).toMatchObject({ state: 'placed', callerSessionId: 's-window' });
  });

  test('M1 nothing moves that rings, is over, or is not at that device', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const change = { side: 'caller', from: 's-alice', to: 's-window' } as const;
    expect(await calls.move('c-1', change)).toBeUndefined();
    await calls.accept('c-1', 's-bruno', NOW);
    expect(await calls.move('c-1', { ...change, from: 's-other' })).toBeUndefined();
    expect(await calls.move('c-1', { ...change, side: 'callee' })).toBeUndefined();
    expect(await calls.move('c-unknown', change)).toBeUndefined();
    await calls.end('c-1', { reason: 'hangup', atMs: NOW });
    expect(await calls.move('c-1', change)).toBeUndefined();
    expect(await calls.byId('c-1')).toMatchObject({ callerSessionId: 's-alice' });
  });

  test('M2 of twenty devices that take a call at once one has it', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    await calls.accept('c-1', 's-bruno', NOW);
    const results = await twenty((index) =>
      calls.move('c-1', { side: 'callee', from: 's-bruno', to: `s-${index}` }),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
  });
}

function ending(stage: Stage): void {
  test('R4 a call ends once, with the first reason', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    await calls.accept('c-1', 's-bruno', NOW + 1);
    const first = await calls.end('c-1', { reason: 'hangup', atMs: NOW + 9 });
    expect(first).toMatchObject({
      changed: true,
      call: { state: 'ended', endReason: 'hangup', endedAtMs: NOW + 9, answeredAtMs: NOW + 1 },
    });
    expect(first?.call).not.toHaveProperty('estimated');
    const second = await calls.end('c-1', { reason: 'failed', atMs: NOW + 10, estimated: true });
    expect(second).toEqual({ call: first?.call, changed: false });
    expect(await calls.end('c-unknown', { reason: 'hangup', atMs: NOW })).toBeUndefined();
  });

  test('R4 of twenty ends at once one changes the call', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const results = await twenty((index) => calls.end('c-1', { reason: 'hangup', atMs: NOW + index }));
    expect(results.filter((result) => result?.changed)).toHaveLength(1);
    expect(new Set(results.map((result) => result?.call.endedAtMs)).size).toBe(1);
  });

  test('an accept and an end at once leave a call that both agree on', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const [accepted, ended] = await Promise.all([
      calls.accept('c-1', 's-bruno', NOW + 1),
      calls.end('c-1', { reason: 'cancelled', atMs: NOW + 1, ifState: 'ringing' }),
    ]);
    const state = (await calls.byId('c-1'))?.state;
    expect(accepted.kind === 'accepted').toBe(state === 'active');
    expect(ended?.changed).toBe(state === 'ended');
  });

  test('an end narrowed to a state leaves calls in any other alone', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    const narrowed = { reason: 'no-answer', atMs: NOW, ifState: 'active' } as const;
    expect(await calls.end('c-1', narrowed)).toMatchObject({ changed: false, call: { state: 'ringing' } });
    await calls.accept('c-1', 's-bruno', NOW);
    expect(await calls.end('c-1', narrowed)).toMatchObject({ changed: true, call: { state: 'ended' } });
    expect(await calls.end('c-1', { ...narrowed, ifState: 'ended' })).toMatchObject({ changed: false });
  });

  test('R5 an end that nobody saw is marked as estimated', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    await calls.end('c-1', { reason: 'lost', atMs: NOW, estimated: true });
    expect(await calls.byId('c-1')).toMatchObject({ estimated: true, endReason: 'lost' });
  });

  test('T5 an end names the call that took its place, and whose doing it was', async () => {
    const { calls } = stage.storage;
    await calls.create(call());
    await calls.accept('c-1', 's-bruno', NOW);
    await calls.end('c-1', { reason: 'transferred', atMs: NOW + 5, transferredTo: 'c-2', endedBy: 'callee' });
    const ended = { endReason: 'transferred', transferredTo: 'c-2', endedBy: 'callee' };
    expect(await calls.byId('c-1')).toMatchObject(ended);
    expect(await calls.byId('c-1')).not.toHaveProperty('estimated');
  });

  test('telephone calls end like others', async () => {
    const { calls } = stage.storage;
    await calls.create(call({ via: 'pbx', state: 'placed', dial: '1002' }));
    expect(await calls.end('c-1', { reason: 'hangup', atMs: NOW })).toMatchObject({ changed: true });
  });
}
