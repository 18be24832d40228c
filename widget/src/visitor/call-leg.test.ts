import { describe, expect, it } from 'vitest';
import type { LegEvent } from '../call/call.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { startLeg } from './call-leg.ts';

type Handler = (event: object) => void;

/** Stands in for JsSIP's agent and its session: says what a test lets the gate and the exchange say. */
class Fake {
  readonly #handlers = new Map<string, Handler>();
  readonly connection = null;
  on = (name: string, handler: Handler) => void this.#handlers.set(name, handler);
  tell = (name: string, event: object = {}) => this.#handlers.get(name)?.(event);
}

const account = {
  endpoint: 'g-1',
  realm: 'ringtag',
  ha1: 'ha1',
  gateUrl: 'wss://calls.example/sip?token=t',
  dial: 'visit',
  iceServers: [],
};
const stream = { getVideoTracks: () => [] } as unknown as MediaStream;

async function setUp() {
  const clock = createManualClock();
  const agent = new Fake();
  const session = Object.assign(new Fake(), {
    terminate: () => done.push('bye'),
    isEnded: () => false,
    isOnHold: () => ({ local: false, remote: false }),
    renegotiate: () => done.push('path') > 0,
    mute: () => done.push('mute'),
  });
  const done: string[] = [];
  const heard: LegEvent[] = [];
  let settings: Record<string, unknown> = {};
  class FakeAgent {
    constructor(given: Record<string, unknown>) {
      settings = given;
    }
    on = agent.on;
    start = () => done.push('start');
    stop = () => done.push('stop');
    call = (to: string) => {
      done.push(`call ${to}`);
      return session;
    };
  }
  const report = (event: LegEvent) => heard.push(event);
  const sounded = () => {};
  const leg = await startLeg({ account, stream, clock, report, sounded }, async () => ({
    UA: FakeAgent as never,
  }));
  return { clock, agent, session, done, heard, leg, settings: () => settings };
}

describe("a visitor's call", () => {
  it('P5 calls the one place of its account, and registers nowhere', async () => {
    const { agent, done, settings } = await setUp();
    expect(settings()).toMatchObject({ uri: 'sip:g-1@ringtag', ha1: 'ha1', register: false });
    expect(done).toEqual(['start']);
    agent.tell('connected');
    expect(done).toEqual(['start', 'call visit']);
  });

  it('seeks its way anew, and does not call twice, when the gate is back', async () => {
    const { agent, session, done } = await setUp();
    agent.tell('connected');
    session.tell('accepted', { response: { call_id: 'c', from_tag: 'f', to_tag: 't' } });
    agent.tell('connected');
    expect(done).toEqual(['start', 'call visit', 'path']);
  });

  it('says that calls are not possible where the gate does not answer in time', async () => {
    const { clock, done, heard } = await setUp();
    await clock.advance(9_999);
    expect(heard).toEqual([]);
    await clock.advance(2_000);
    expect(heard).toEqual([{ type: 'over', end: { reason: 'error', code: 'PBX_UNAVAILABLE' } }]);
    expect(done.at(-1)).toBe('stop');
  });

  it('hangs up before it lets the gate go', async () => {
    const { agent, clock, done, leg } = await setUp();
    agent.tell('connected');
    leg.end();
    await settle();
    expect(done).toEqual(['start', 'call visit', 'bye']);
    await clock.advance(2_000);
    expect(done.at(-1)).toBe('stop');
  });

  it('can be given up before it has called', async () => {
    const { agent, clock, done, heard, leg } = await setUp();
    leg.end();
    agent.tell('connected');
    await clock.advance(20_000);
    expect(done).not.toContain('call visit');
    expect(heard).toEqual([]);
  });
});
