import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyGateToken } from '../../gate/token.ts';
import { createManualClock } from '../../platform/clock.ts';
import { randomIds } from '../../platform/ids.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { GuestCall, GuestCallEvent } from '../guest-line.ts';
import { createGuests, type Guests } from './guests.ts';
import { openProjection, type Projection } from './projection.ts';

const SECRET = 'a secret of thirty-two characters or more';
const CALL: GuestCall = {
  ...{ visitId: 'v-1', origin: 'https://shop.example', callerName: 'Sales', turns: [['1001']], headers: {} },
  ...{ ringSeconds: 30, maxSeconds: 600, language: 'en' },
};

let dir: string;
let projection: Projection;
let clock: ReturnType<typeof createManualClock>;
let guests: Guests;
let told: GuestCallEvent[];
/** What was done to endpoints and channels, in order. */
let deeds: string[];

/** As a hub that starts. */
function open(): Guests {
  const note = (what: string) => async (whom: string) => void deeds.push(`${what} ${whom}`);
  return createGuests({
    ...{ projection, clock, ids: randomIds, logger: silentLogger, isAvailable: () => true },
    rowOptions: { realm: 'ringtag', plainPhones: false },
    ...{ endChannels: note('end'), closeAtGate: note('shut') },
    hangUp: async (channelId, cause) =>
      void deeds.push(`hang up ${channelId}${cause ? ` for ${cause}` : ''}`),
    say: async (channelId, { sentence, language }) =>
      void deeds.push(`say ${sentence} (${language}) to ${channelId}`),
    gate: { url: 'wss://hub.example/sip', secret: SECRET },
  });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ringtag-guests-'));
  projection = openProjection(join(dir, 'projection.sqlite'));
  projection.put({
    routes: [
      { id: '1001', dial: 'PJSIP/d-alice&PJSIP/p-alice', person: 'u-alice' },
      { id: '1002', dial: 'PJSIP/d-bruno', person: 'u-bruno' },
    ],
  });
  clock = createManualClock();
  [told, deeds] = [[], []];
  guests = open();
  guests.line.on((event) => told.push(event));
});
afterEach(() => {
  guests.stop();
  projection.close();
  rmSync(dir, { recursive: true });
});

const channel = (endpoint: string, state = 'Ring') => ({
  ...{ id: `id-${endpoint}`, name: `PJSIP/${endpoint}-00000001`, state },
});
const begin = (endpoint: string) => guests.hear({ type: 'ChannelCreated', channel: channel(endpoint) });
const dial = (endpoint: string, by: string, dialstatus = '') =>
  guests.hear({ type: 'Dial', caller: channel(endpoint), peer: channel(by), dialstatus });
const end = (endpoint: string, cause = 16) =>
  guests.hear({ type: 'ChannelDestroyed', channel: channel(endpoint), cause });
const rows = () => projection.tickets().map(({ id, turns, progress }) => ({ id, turns, progress }));

test('P5 an account is for one endpoint, one origin and the length of the call', async () => {
  const { endpoint, dial: dialled, realm, ha1, gateUrl } = await guests.line.open(CALL);
  expect([dialled, realm, ha1.length]).toEqual(['visit', 'ringtag', 32]);
  const token = new URL(gateUrl).searchParams.get('token') ?? '';
  const longestMs = 630_000 + limits.GATE_TOKEN_MS;
  expect(verifyGateToken(token, SECRET, clock.now() + longestMs - 1)).toMatchObject({
    ...{ endpoint, origin: 'https://shop.example', kind: 'guest' },
  });
  expect(verifyGateToken(token, SECRET, clock.now() + longestMs)).toBeUndefined();
});

test('P5 after its call an account dials no more, and is refused 10 s later', async () => {
  const { endpoint } = await guests.line.open(CALL);
  begin(endpoint);
  dial(endpoint, 'd-alice', 'ANSWER');
  clock.advance(5_000);
  end(endpoint);
  expect(told).toEqual([
    { kind: 'answered', visitId: 'v-1', personId: 'u-alice' },
    { kind: 'ended', visitId: 'v-1', cause: 16, tooLong: false },
  ]);
  expect(rows()).toEqual([{ id: endpoint, turns: '', progress: 'over' }]);
  clock.advance(limits.GUEST_AFTER_MS - 1);
  expect(rows()).toHaveLength(1);
  clock.advance(1);
  expect(rows()).toEqual([]);
  await Promise.resolve();
  expect(deeds).toEqual([`end ${endpoint}`, `shut ${endpoint}`]);
});

test('an extension rings something, or nothing', () => {
  projection.put({ routes: [{ id: '1003', dial: '', person: 'u-carla' }] });
  expect(['1001', '1003', '7777'].map(guests.line.hasRoute)).toEqual([true, false, false]);
});

test('P8 a call that lasted as long as it may was cut', async () => {
  const { endpoint } = await guests.line.open(CALL);
  begin(endpoint);
  dial(endpoint, 'd-alice', 'ANSWER');
  clock.advance(600_000);
  end(endpoint);
  expect(told.at(-1)).toMatchObject({ kind: 'ended', tooLong: true });
});

describe('a call that is passed on', () => {
  const meet = (endpoint: string, by: string) => {
    for (const whom of [by, endpoint])
      guests.hear({ type: 'ChannelEnteredBridge', bridge: { id: `b-${by}` }, channel: channel(whom) });
  };
  async function talk(): Promise<string> {
    const { endpoint } = await guests.line.open(CALL);
    begin(endpoint);
    dial(endpoint, 'd-alice', 'ANSWER');
    meet(endpoint, 'd-alice');
    return endpoint;
  }
  const part = (endpoint: string) =>
    guests.hear({
      ...{ type: 'ChannelLeftBridge', bridge: { id: 'b-d-alice' }, channel: channel(endpoint) },
    });

  test('P8 is told with whose it is, and its time stands still while it rings there', async () => {
    const endpoint = await talk();
    clock.advance(60_000);
    part(endpoint);
    dial(endpoint, 'd-bruno');
    clock.advance(20_000);
    meet(endpoint, 'd-bruno');
    expect(told.slice(1)).toEqual([
      { kind: 'parted', visitId: 'v-1' },
      { kind: 'passed', visitId: 'v-1', personId: 'u-bruno', pausedMs: 20_000 },
    ]);
    clock.advance(530_000);
    end(endpoint);
    expect(told.at(-1)).toMatchObject({ kind: 'ended', tooLong: false });
  });

  const leave = (endpoint: string, cause: number) =>
    guests.hear({ type: 'ChannelDestroyed', channel: channel(endpoint), cause });
  const parted = () => projection.tickets()[0]?.parted;

  /** As an attended transfer does. */
  function join(endpoint: string, { from, to }: { from: string; to: string }): void {
    const bridge = { id: `b-${from}` };
    guests.hear({ type: 'ChannelLeftBridge', bridge, channel: channel(endpoint) });
    meet(endpoint, to);
  }

  test('P8 to who was not rung for it: the hub warns them of its end, once, and nobody who was', async () => {
    const endpoint = await talk();
    part(endpoint);
    dial(endpoint, 'd-bruno');
    meet(endpoint, 'd-bruno');
    clock.advance(100_000);
    join(endpoint, { from: 'd-bruno', to: 'd-carla' });
    // A hub that starts while they talk.
    guests.stop();
    guests = open();
    const bridge = { id: 'b-d-carla', channels: ['id-d-carla', `id-${endpoint}`] };
    guests.hearAll([channel(endpoint, 'Up'), channel('d-carla', 'Up')], [bridge]);
    clock.advance(469_999);
    expect(deeds).toEqual([]);
    clock.advance(1);
    expect(deeds).toEqual(['say call-ends (en) to id-d-carla']);
    clock.advance(30_000);
    expect(deeds).toHaveLength(1);
  });

  test('P8 with less than 30 s left they are told at once, in the visitor’s language', async () => {
    const { endpoint } = await guests.line.open({ ...CALL, language: 'fr-CA' });
    begin(endpoint);
    dial(endpoint, 'd-alice', 'ANSWER');
    meet(endpoint, 'd-alice');
    clock.advance(580_000);
    join(endpoint, { from: 'd-alice', to: 'd-carla' });
    clock.advance(1_000);
    expect(deeds).toEqual(['say call-ends-soon (fr) to id-d-carla']);
  });

  test('and who hangs up before the warning is warned of nothing', async () => {
    const endpoint = await talk();
    join(endpoint, { from: 'd-alice', to: 'd-carla' });
    leave('d-carla', 16);
    clock.advance(600_000);
    expect(deeds).toEqual([]);
    expect(parted()).toBe('over-id-d-carla');
  });

  test('P16 who is lost is called again, and the visitor’s time stands still meanwhile', async () => {
    const endpoint = await talk();
    clock.advance(60_000);
    leave('d-alice', 44);
    // The dialplan waits for this word, and rings this one first.
    expect(projection.tickets()[0]).toMatchObject({ parted: 'lost-id-d-alice', answered_by: 'd-alice' });
    dial(endpoint, 'd-alice');
    clock.advance(8_000);
    meet(endpoint, 'd-alice');
    expect(told.slice(1)).toEqual([
      { kind: 'lost', visitId: 'v-1' },
      { kind: 'passed', visitId: 'v-1', personId: 'u-alice', pausedMs: 8_000 },
    ]);
    expect(parted()).toBe('');
  });

  test('P16 a page that comes back under another name has lost its calls with visitors, and no others', async () => {
    const registered = (resource: string, uri: string) =>
      guests.hear({
        ...{ type: 'ContactStatusChange', endpoint: { resource } },
        contact_info: { uri, contact_status: 'NonQualified' },
      });
    registered('d-alice', 'sip:first@127.0.0.1:40001;transport=WS;x-ast-orig-host=a.invalid:0');
    registered('d-bruno', 'sip:first@127.0.0.1:40002;transport=ws');
    await talk();
    // The same page, from another network.
    registered('d-alice', 'sip:first@127.0.0.1:40003;transport=WS;x-ast-orig-host=a.invalid:0');
    registered('d-bruno', 'sip:second@127.0.0.1:40004;transport=ws');
    expect(deeds).toEqual([]);
    registered('d-alice', 'sip:second@127.0.0.1:40005;transport=WS;x-ast-orig-host=b.invalid:0');
    expect(deeds).toEqual(['hang up id-d-alice for 44']);
  });

  test('while the hub was away is told to the next one, and once', async () => {
    const endpoint = await talk();
    guests.stop();
    told = [];
    const bridge = { id: 'b-d-bruno', channels: ['id-d-bruno', `id-${endpoint}`] };
    for (let restart = 0; restart < 2; restart += 1) {
      guests = open();
      guests.hearAll([channel(endpoint, 'Up'), channel('d-bruno', 'Up')], [bridge]);
      guests.line.on((event) => told.push(event));
    }
    expect(told).toEqual([{ kind: 'passed', visitId: 'v-1', personId: 'u-bruno', pausedMs: 0 }]);
  });
});

test('a person who declines beside others has declined on all their devices, and on nobody else’s', async () => {
  const { endpoint } = await guests.line.open({ ...CALL, turns: [['1001', '1002']] });
  begin(endpoint);
  for (const leg of ['d-alice', 'p-alice', 'd-bruno']) dial(endpoint, leg);
  guests.hear({ type: 'ChannelUserevent', eventname: 'RingtagDeclined', channel: channel('d-alice') });
  expect(deeds).toEqual(['hang up id-p-alice']);
});

test('closing refuses the account, ends the call, shuts the gate, in this order, and tells nothing', async () => {
  const { endpoint } = await guests.line.open(CALL);
  begin(endpoint);
  const closed = guests.line.close('v-1');
  expect(rows()).toEqual([]);
  await closed;
  end(endpoint);
  expect(deeds).toEqual([`end ${endpoint}`, `shut ${endpoint}`]);
  expect(told).toEqual([]);
});

test('a hub that starts goes on with the calls it keeps, and tells what it missed to who first listens', async () => {
  const [kept, gone, dropped] = [
    await guests.line.open(CALL),
    await guests.line.open({ ...CALL, visitId: 'v-2' }),
    await guests.line.open({ ...CALL, visitId: 'v-3' }),
  ];
  begin(kept.endpoint);
  dial(kept.endpoint, 'd-alice', 'ANSWER');
  begin(gone.endpoint);
  guests.stop();
  told = [];
  guests = open();
  await guests.line.closeAllBut(['v-1', 'v-2']);
  expect(deeds).toEqual([`end ${dropped.endpoint}`, `shut ${dropped.endpoint}`]);
  guests.hearAll([channel(kept.endpoint, 'Up')]);
  guests.line.on((event) => told.push(event));
  expect(told).toEqual([{ kind: 'ended', visitId: 'v-2', cause: 41, tooLong: false }]);
  end(kept.endpoint);
  expect(told.at(-1)).toMatchObject({ kind: 'ended', visitId: 'v-1', cause: 16 });
});

test('a call of an account that nobody remembers is ended as soon as Asterisk tells of it', () => {
  guests.hearAll([channel('g-forgotten', 'Up')]);
  expect(deeds).toEqual(['end g-forgotten']);
});
