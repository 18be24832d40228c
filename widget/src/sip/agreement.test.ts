import { expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { Agreement } from './agreement.ts';

/** FakeSession stands in for JsSIP's: one exchange at a time, whose outcome the test decides. */
class FakeSession {
  readonly exchanges: string[] = [];
  readonly rolledBack: string[] = [];
  local = false;
  ended = false;
  ready = true;
  #done: (() => void) | undefined;
  readonly connection = {
    signalingState: 'stable',
    setLocalDescription: async ({ type }: { type: string }) => {
      this.rolledBack.push(type);
      this.connection.signalingState = 'stable';
    },
  };
  isEnded = () => this.ended;
  isOnHold = () => ({ local: this.local, remote: false });
  hold = (_: object, done: () => void) => this.#begin('hold', done, true);
  unhold = (_: object, done: () => void) => this.#begin('resume', done, false);
  renegotiate = (
    { rtcOfferConstraints }: { rtcOfferConstraints: { iceRestart: boolean } },
    done: () => void,
  ) => this.#begin(rtcOfferConstraints.iceRestart ? 'path' : 'again', done, this.local);

  #begin(what: string, done: () => void, held: boolean): boolean {
    if (!this.ready) return false;
    this.ready = false;
    this.local = held;
    this.exchanges.push(what);
    this.connection.signalingState = 'have-local-offer';
    this.#done = done;
    return true;
  }

  /** The other side answers; without, the exchange is only over. */
  finish(isAnswered = true): void {
    this.ready = true;
    if (isAnswered) this.connection.signalingState = 'stable';
    if (isAnswered) this.#done?.();
  }
}

function setUp() {
  const session = new FakeSession();
  const clock = createManualClock();
  const refused: string[] = [];
  const agreement = new Agreement({
    session: session as never,
    clock,
    resumeRefused: () => refused.push('resume'),
  });
  const fail = (cause: string) => {
    session.finish(false);
    return agreement.forgives(cause);
  };
  return { session, clock, refused, agreement, fail };
}

test('hold and resume are one exchange each', () => {
  const { session, agreement } = setUp();
  agreement.setHeld(true);
  session.finish();
  agreement.setHeld(false);
  session.finish();
  expect(session.exchanges).toEqual(['hold', 'resume']);
});

test('a change of mind during an exchange is told after it', () => {
  const { session, agreement } = setUp();
  agreement.setHeld(true);
  agreement.setHeld(false);
  agreement.seek();
  expect(session.exchanges).toEqual(['hold']);
  session.finish();
  session.finish();
  expect(session.exchanges).toEqual(['hold', 'resume', 'path']);
});

test('what cannot begin yet is tried again until it can, and never after the end', async () => {
  const { session, clock, agreement } = setUp();
  session.ready = false;
  agreement.setHeld(true);
  await clock.advance(2_000);
  expect(session.exchanges).toEqual([]);
  session.ready = true;
  await clock.advance(600);
  expect(session.exchanges).toEqual(['hold']);
  session.finish();
  session.ended = true;
  agreement.setHeld(false);
  await clock.advance(2_000);
  expect(session.exchanges).toEqual(['hold']);
});

test('a resume that the other side refuses leaves the call on hold, and says so', async () => {
  const { session, clock, refused, agreement, fail } = setUp();
  agreement.setHeld(true);
  session.finish();
  agreement.setHeld(false);
  expect(fail('WebRTC Error')).toBe(true);
  expect(refused).toEqual(['resume']);
  expect(session.rolledBack).toEqual(['rollback']);
  await clock.advance(600);
  session.finish();
  expect([session.exchanges.at(-1), session.local]).toEqual(['hold', true]);
});

test('a hold that is refused stands here, and is told some times more', async () => {
  const { session, clock, refused, agreement, fail } = setUp();
  agreement.setHeld(true);
  for (let i = 0; i < 5; i++) {
    expect(fail('WebRTC Error')).toBe(true);
    await clock.advance(600);
  }
  expect(session.exchanges).toEqual(['hold', 'again', 'again']);
  expect(refused).toEqual([]);
});

test('an exchange that was lost with the connection is told again by the next', () => {
  const { session, agreement, fail } = setUp();
  agreement.setHeld(true);
  expect(fail('Connection Error')).toBe(true);
  expect(session.exchanges).toEqual(['hold']);
  agreement.seek();
  session.finish();
  expect(session.exchanges).toEqual(['hold', 'path']);
  expect(session.local).toBe(true);
});

test('an exchange that nobody answered is tried again soon, but not for ever', async () => {
  const { session, clock, agreement, fail } = setUp();
  agreement.setHeld(true);
  for (let i = 0; i < 5; i++) {
    expect(fail('Request Timeout')).toBe(true);
    await clock.advance(600);
  }
  expect(session.exchanges).toEqual(['hold', 'path', 'path']);
  agreement.seek();
  session.finish();
  expect(session.exchanges).toHaveLength(4);
  expect(session.local).toBe(true);
});

test('no sound is no reason to end a call, one that the exchange does not know is', () => {
  const { agreement } = setUp();
  expect(agreement.forgives('RTP Timeout')).toBe(true);
  expect(agreement.forgives('Request Timeout')).toBe(true);
  expect(agreement.forgives('Dialog Error')).toBe(false);
  expect(agreement.forgives('')).toBe(false);
});

test('an offer of a path without any candidate is given up before it leaves, another one goes soon', async () => {
  const { session, clock, agreement, fail } = setUp();
  const bare = 'v=0\r\na=ice-ufrag:x\r\n';
  agreement.seek();
  agreement.checkOffer(bare);
  expect(() => agreement.checkOffer(bare)).toThrow();
  fail('WebRTC Error');
  expect(session.rolledBack).toEqual(['rollback']);
  await clock.advance(500);
  const good = `${bare}a=candidate:1 1 udp 1 192.0.2.7 9 typ host\r\n`;
  for (let i = 0; i < 2; i++) agreement.checkOffer(good);
  session.finish();
  agreement.setHeld(true);
  for (let i = 0; i < 2; i++) agreement.checkOffer(bare);
  expect(session.exchanges).toEqual(['path', 'path', 'hold']);
});
