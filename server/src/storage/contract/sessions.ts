// The suite's part about sessions, bearers and challenges.
import { describe, expect, test } from 'vitest';
import type { Stage } from '../contract.ts';
import { attempt, bearer, HOSTILE, NOW, session, twenty } from './samples.ts';

export function sessionPromises(stage: Stage): void {
  describe('sessions', () => {
    lives(stage);
    seen(stage);
    visits(stage);
    bearers(stage);
    challenges(stage);
    housekeeping(stage);
  });
}

function lives(stage: Stage): void {
  test('a session is kept whole', async () => {
    const { sessions } = stage.storage;
    const record = session({ browserId: 'browser' });
    await sessions.create(record);
    expect(await sessions.byId('s-1')).toEqual(record);
    expect(await sessions.byId('s-2')).toBeUndefined();
  });

  test('S5 live are those of the person that have neither ended nor run out', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session({ id: 's-b', createdAtMs: NOW + 1 }));
    await sessions.create(session({ id: 's-a' }));
    await sessions.create(session({ id: 's-short', endsAtMs: NOW + 10 }));
    await sessions.create(session({ id: 's-ended' }));
    await sessions.create(session({ id: 's-other', personId: 'u-bruno' }));
    await sessions.end('s-ended', NOW);
    const live = await sessions.liveFor('u-alice', NOW + 10);
    expect(live.map(({ id }) => id)).toEqual(['s-a', 's-b']);
  });

  test('overdue are those whose end has passed unmarked', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session({ id: 's-over', endsAtMs: NOW }));
    await sessions.create(session({ id: 's-live', endsAtMs: NOW + 1 }));
    await sessions.create(session({ id: 's-marked', endsAtMs: NOW }));
    await sessions.end('s-marked', NOW);
    expect((await sessions.overdue(NOW)).map(({ id }) => id)).toEqual(['s-over']);
  });

  test('a session ends once, and its end is not moved', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session());
    const results = await twenty((index) => sessions.end('s-1', NOW + index));
    expect(results.filter(Boolean)).toHaveLength(1);
    const ended = await sessions.byId('s-1');
    expect(await sessions.end('s-1', NOW + 99)).toBe(false);
    expect(await sessions.byId('s-1')).toEqual(ended);
    expect(await sessions.end('s-unknown', NOW)).toBe(false);
  });
}

function seen(stage: Stage): void {
  test('those that were seen say when, and never earlier than they did', async () => {
    const { sessions } = stage.storage;
    for (const id of ['s-1', 's-2', 's-3', 's-ended']) await sessions.create(session({ id }));
    await sessions.end('s-ended', NOW);
    await sessions.seen(['s-1', 's-2', 's-ended', 's-unknown'], NOW + 5);
    await sessions.seen(['s-1'], NOW + 9);
    await sessions.seen(['s-2'], NOW + 1);
    await sessions.seen([], NOW + 9);
    const live = await sessions.liveFor('u-alice', NOW);
    expect(live.map(({ id, lastSeenAtMs }) => [id, lastSeenAtMs])).toEqual([
      ['s-1', NOW + 9],
      ['s-2', NOW + 5],
      ['s-3', undefined],
    ]);
    expect(await sessions.byId('s-ended')).toEqual(session({ id: 's-ended', endedAtMs: NOW }));
  });

  test('S5 being seen moves no end', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session({ endsAtMs: NOW + 10 }));
    await sessions.seen(['s-1'], NOW + 9);
    expect(await sessions.byId('s-1')).toEqual(session({ endsAtMs: NOW + 10, lastSeenAtMs: NOW + 9 }));
    expect(await sessions.liveFor('u-alice', NOW + 10)).toEqual([]);
  });
}

function visits(stage: Stage): void {
  test('S5 a visit of the hub’s own pages is good until its end', async () => {
    const { sessions } = stage.storage;
    const visit = { hash: 'visit-1', personId: 'u-alice', expiresAtMs: NOW + 10 };
    await sessions.putVisit(visit);
    expect(await sessions.visit('visit-1', NOW + 9)).toEqual(visit);
    expect(await sessions.visit('visit-1', NOW + 10)).toBeUndefined();
    expect(await sessions.visit('visit-2', NOW)).toBeUndefined();
    await sessions.overdue(NOW + 10);
    expect(await sessions.visit('visit-1', NOW)).toBeUndefined();
  });

  test('A1 that somebody may administer is kept with their visit, and with no other', async () => {
    const { sessions } = stage.storage;
    const visit = { hash: 'visit-1', personId: 'u-alice', expiresAtMs: NOW + 10, isAdministrator: true };
    await sessions.putVisit(visit);
    await sessions.putVisit({ hash: 'visit-2', personId: 'u-alice', expiresAtMs: NOW + 10 });
    expect(await sessions.visit('visit-1', NOW)).toEqual(visit);
    expect((await sessions.visit('visit-2', NOW))?.isAdministrator).toBeUndefined();
  });
}

function bearers(stage: Stage): void {
  test('S4 a bearer is good with its session until it runs out', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session());
    await sessions.putBearer(bearer());
    expect(await sessions.byBearer('bearer-1', NOW + 899_999)).toEqual({
      bearer: bearer(),
      session: session(),
    });
    expect(await sessions.byBearer('bearer-1', NOW + 900_000)).toBeUndefined();
    expect(await sessions.byBearer('bearer-2', NOW)).toBeUndefined();
  });

  test('S4 a bearer is no good after its session ran out, even unmarked', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session({ endsAtMs: NOW + 10 }));
    await sessions.putBearer(bearer());
    expect(await sessions.byBearer('bearer-1', NOW + 9)).toBeDefined();
    expect(await sessions.byBearer('bearer-1', NOW + 10)).toBeUndefined();
  });

  test('S6 all bearers of a session go with it, and those of others stay', async () => {
    const { sessions } = stage.storage;
    await sessions.create(session());
    await sessions.create(session({ id: 's-2' }));
    await sessions.putBearer(bearer());
    await sessions.putBearer(bearer({ hash: 'bearer-2' }));
    await sessions.putBearer(bearer({ hash: 'bearer-3', sessionId: 's-2' }));
    await sessions.end('s-1', NOW);
    expect(await sessions.byBearer('bearer-1', NOW)).toBeUndefined();
    expect(await sessions.byBearer('bearer-2', NOW)).toBeUndefined();
    expect(await sessions.byBearer('bearer-3', NOW)).toBeDefined();
    await sessions.putBearer(bearer({ hash: 'bearer-late' }));
    expect(await sessions.byBearer('bearer-late', NOW)).toBeUndefined();
  });
}

function challenges(stage: Stage): void {
  test('S3 a challenge is spent once, by one of twenty', async () => {
    const { sessions } = stage.storage;
    await sessions.putChallenge('challenge-1', 's-1', NOW + 60_000);
    await sessions.putChallenge('challenge-2', 's-2', NOW + 60_000);
    const results = await twenty(() => sessions.spendChallenge('challenge-1', NOW));
    expect(results.filter((result) => result === 's-1')).toHaveLength(1);
    expect(results.filter((result) => result === undefined)).toHaveLength(19);
    expect(await sessions.spendChallenge('challenge-2', NOW)).toBe('s-2');
  });

  test('S3 a challenge is no good after its time, nor is it good again afterwards', async () => {
    const { sessions } = stage.storage;
    await sessions.putChallenge('challenge-1', 's-1', NOW + 60_000);
    expect(await sessions.spendChallenge('challenge-1', NOW + 60_000)).toBeUndefined();
    expect(await sessions.spendChallenge('challenge-1', NOW)).toBeUndefined();
    expect(await sessions.spendChallenge('unknown', NOW)).toBeUndefined();
  });
}

function housekeeping(stage: Stage): void {
  test('asking for overdue sessions forgets only what has run out', async () => {
    const { sessions, signIns } = stage.storage;
    await sessions.create(session());
    await sessions.putBearer(bearer({ hash: 'old', expiresAtMs: NOW }));
    await sessions.putBearer(bearer({ hash: 'good', expiresAtMs: NOW + 1 }));
    await sessions.putChallenge('challenge-1', 's-1', NOW + 1);
    await sessions.putChallenge('challenge-old', 's-1', NOW);
    await signIns.create(attempt({ id: 'old', nonce: 'nonce-old', expiresAtMs: NOW }));
    await signIns.create(attempt({ id: 'good', nonce: 'nonce-good', expiresAtMs: NOW + 1 }));
    await sessions.overdue(NOW);
    expect(await sessions.spendChallenge('challenge-old', NOW - 1)).toBeUndefined();
    expect(await signIns.byId('old')).toBeUndefined();
    expect(await signIns.byId('good')).toBeDefined();
    expect(await sessions.byBearer('old', NOW - 1)).toBeUndefined();
    expect(await sessions.byBearer('good', NOW)).toBeDefined();
    expect(await sessions.spendChallenge('challenge-1', NOW)).toBe('s-1');
  });

  test('any text is only text', async () => {
    const { sessions } = stage.storage;
    for (const text of HOSTILE) {
      const record = session({ id: text, personId: text, origin: text, deviceName: text });
      await sessions.create(record);
      await sessions.putBearer(bearer({ hash: text, sessionId: text, origin: text }));
      await sessions.putChallenge(text, text, NOW + 1);
      await sessions.putVisit({ hash: text, personId: text, expiresAtMs: NOW + 1 });
      expect(await sessions.visit(text, NOW)).toMatchObject({ personId: text });
      expect(await sessions.liveFor(text, NOW)).toEqual([record]);
      expect(await sessions.byBearer(text, NOW)).toMatchObject({ session: record });
      expect(await sessions.spendChallenge(text, NOW)).toBe(text);
    }
    await sessions.end(HOSTILE[0] ?? '', NOW);
    expect(await sessions.liveFor(HOSTILE[1] ?? '', NOW)).toHaveLength(1);
  });
}
