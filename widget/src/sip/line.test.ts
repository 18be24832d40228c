import { expect, test } from 'vitest';
import { done } from '../call/errors.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createLine } from './line.ts';

type Handler = (event: object) => void;

/** FakeSession stands in for JsSIP's: says what the test lets the exchange say. */
class FakeSession {
  readonly #handlers = new Map<string, Handler>();
  readonly connection = null;
  on = (name: string, handler: Handler) => void this.#handlers.set(name, handler);
  tell = (name: string, event: object) => this.#handlers.get(name)?.(event);
  terminate = () => {};
  isEnded = () => false;
}

const call = {
  via: 'pbx',
  ...{ callId: 'c-1', peer: { name: 'Carla' }, dial: '1003', iceServers: [] },
  replaces: { callId: 'sip-call', localTag: 'here', remoteTag: 'there' },
} as const;
const microphone = { getVideoTracks: () => [] } as unknown as MediaStream;

/** A line at an exchange that registers at once, or never. */
async function setUp(registers: boolean) {
  const clock = createManualClock();
  const told: string[] = [];
  const session = new FakeSession();
  const agent = new FakeSession();
  let connects = 0;
  class FakeAgent {
    constructor({ sockets: [socket] }: { sockets: { connect: () => void }[] }) {
      Object.assign(socket ?? {}, { connect: () => connects++ });
    }
    on = agent.on;
    start() {}
    set() {}
    isRegistered = () => registers;
    call = () => session;
  }
  const line = createLine({
    account: async () => done({ endpoint: 'e', realm: 'pbx', ha1: '', url: 'wss://pbx.example' } as never),
    clock,
    busy: () => false,
    incoming: () => {},
    tellHub: (callId, reason) => told.push(`${callId} ${reason}`),
    load: async () => ({ UA: FakeAgent as never }),
  });
  line.open();
  await settle();
  const giveBack = () => void told.push('given back');
  /** Takes the call over, as far as the INVITE. */
  const invite = async () => {
    const taken = await line.take(call, giveBack);
    if (!taken.ok) throw new Error(taken.code);
    taken.value.start(() => {});
    taken.value.setMedia(microphone);
  };
  return { clock, line, told, giveBack, session, invite, agent, connects: () => connects };
}

test('M3, M5: a call that the exchange will not move is given back: the hub hears of no end', async () => {
  const { invite, session, told } = await setUp(true);
  await invite();
  session.tell('failed', { originator: 'remote', cause: 'Rejected', message: { status_code: 481 } });
  expect(told).toEqual(['given back']);
});

test('a placed call that a telephone declines ends at the hub as declined', async () => {
  const { line, session, told } = await setUp(true);
  const placed = await line.placed(call as never);
  if (!placed.ok) throw new Error(placed.code);
  placed.value.setMedia(microphone);
  session.tell('failed', { originator: 'remote', cause: 'Rejected', message: { status_code: 603 } });
  expect(told).toEqual(['c-1 declined']);
});

test('the end of a call that has moved here is told to the hub', async () => {
  const { invite, session, told } = await setUp(true);
  await invite();
  session.tell('accepted', {});
  session.tell('ended', { originator: 'remote', cause: 'Terminated' });
  expect(told).toEqual(['c-1 hangup']);
});

test('M3, M5: without a registration a placed call has failed, one that was to move here is given back', async () => {
  const { line, clock, told, giveBack } = await setUp(false);
  const both = Promise.all([line.take(call, giveBack), line.placed(call as never)]);
  await clock.advance(9_000);
  expect(await both).toMatchObject([{ code: 'PBX_UNAVAILABLE' }, { code: 'PBX_UNAVAILABLE' }]);
  expect(told).toEqual(['given back', 'c-1 failed']);
});

test('in a call the connection is tried again soon, and at once when the network is back', async () => {
  const { clock, line, agent, invite, connects } = await setUp(true);
  agent.tell('disconnected', {});
  await clock.advance(10_000);
  expect(connects()).toBe(0);
  await invite();
  agent.tell('disconnected', {});
  await clock.advance(500);
  expect(connects()).toBe(1);
  line.hurry();
  expect(connects()).toBe(2);
});
