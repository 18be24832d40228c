import { afterEach, expect, test, vi } from 'vitest';
import { done } from '../call/errors.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import type { GateSocket } from './gate-socket.ts';
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

/** FakeGate stands in for the browser's WebSockets to it: they open at once. */
class FakeGate {
  /** While it does not, its connections are dead without anybody knowing. */
  answers = true;
  connects = 0;
  asked = 0;
  #last: { readyState: number; onmessage?: (event: object) => void; onclose?: (event: object) => void } = {
    readyState: 3,
  };

  open(socket: { readyState: number; onopen?: () => void }): void {
    this.connects++;
    this.#last = socket;
    queueMicrotask(() => {
      socket.readyState = 1;
      socket.onopen?.();
    });
  }
  ask(): void {
    this.asked++;
    if (this.answers) queueMicrotask(() => this.#last.onmessage?.({ data: 'SIP/2.0 200 OK' }));
  }
  lose(): void {
    this.#last.readyState = 3;
    this.#last.onclose?.({ wasClean: false });
  }
}

/** A line at an exchange that registers at once, or never. */
async function setUp(registers: boolean) {
  const clock = createManualClock();
  const told: string[] = [];
  const session = new FakeSession();
  const agent = new FakeSession();
  const gate = new FakeGate();
  const transport = {
    isUp: true,
    sent: [] as string[],
    send({ method }: { method: string }): boolean {
      if (transport.isUp) transport.sent.push(method);
      return transport.isUp;
    },
  };
  vi.stubGlobal(
    'WebSocket',
    class {
      readyState = 0;
      constructor() {
        gate.open(this);
      }
      close = () => {};
    },
  );
  class FakeAgent {
    #registered = false;
    readonly transport = transport;
    readonly #socket: GateSocket;
    constructor({ sockets: [socket] }: { sockets: [GateSocket] }) {
      this.#socket = socket;
      socket.onconnect = () => {
        this.#registered = registers;
        if (registers) agent.tell('registered', {});
      };
      socket.ondisconnect = () => {
        this.#registered = false;
        agent.tell('disconnected', {});
      };
    }
    on = agent.on;
    start = () => this.#socket.connect();
    register = () => gate.ask();
    set() {}
    isRegistered = () => this.#registered;
    call = () => session;
  }
  const line = createLine({
    account: async () =>
      done({ endpoint: 'e', realm: 'pbx', ha1: '', gateUrl: 'wss://pbx.example' } as never),
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
  /** As JsSIP hands it a message, which is in what it was given. */
  const say = (method: string) => transport.send({ method });
  return { clock, line, told, giveBack, session, invite, gate, agent, transport, say };
}

afterEach(() => vi.unstubAllGlobals());

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

test('a hang-up that found no connection, or a dead one, is said with the next one, once, and nothing else is', async () => {
  const { agent, transport, say } = await setUp(true);
  transport.isUp = false;
  expect([say('BYE'), say('INVITE')]).toEqual([false, false]);
  transport.isUp = true;
  agent.tell('connected', {});
  agent.tell('connected', {});
  expect(transport.sent).toEqual(['BYE']);
  // It is taken, and nothing comes back.
  expect([say('BYE'), say('INVITE')]).toEqual([true, true]);
  agent.tell('connected', {});
  agent.tell('connected', {});
  expect(transport.sent).toEqual(['BYE', 'BYE', 'INVITE', 'BYE']);
});

test('a hang-up after which the gate was heard is not said again', async () => {
  const { agent, clock, gate, transport, say } = await setUp(true);
  say('BYE');
  await clock.advance(1);
  gate.ask();
  await settle();
  gate.lose();
  agent.tell('connected', {});
  expect(transport.sent).toEqual(['BYE']);
});

test('in a call the connection is tried again soon, and at once when the network is back', async () => {
  const { clock, line, gate, invite } = await setUp(true);
  gate.lose();
  await clock.advance(10_000);
  expect(gate.connects).toBe(1);
  await invite();
  expect(gate.connects).toBe(2);
  gate.lose();
  await clock.advance(500);
  expect(gate.connects).toBe(3);
  gate.lose();
  line.hurry();
  await settle();
  expect(gate.connects).toBe(4);
});

test('a call that is dialled into a connection that has died unnoticed goes out over a new one after a second', async () => {
  const { clock, line, gate } = await setUp(true);
  await clock.advance(3_000);
  gate.answers = false;
  let dialled = false;
  const placed = line.placed(call as never).then((leg) => {
    dialled = true;
    return leg;
  });
  await clock.advance(900);
  expect({ dialled, connects: gate.connects }).toEqual({ dialled: false, connects: 1 });
  await clock.advance(100);
  expect({ dialled, connects: gate.connects }).toEqual({ dialled: true, connects: 2 });
  expect(await placed).toMatchObject({ ok: true });
});

test('a call waits for nothing but the answer of a gate that is there, and not even for that where it has just spoken', async () => {
  const { clock, line, gate } = await setUp(true);
  await clock.advance(3_000);
  expect(await line.placed(call as never)).toMatchObject({ ok: true });
  expect(await line.placed(call as never)).toMatchObject({ ok: true });
  await clock.advance(2_000);
  expect({ asked: gate.asked, connects: gate.connects }).toEqual({ asked: 1, connects: 1 });
});
