import type { MoveOffer, TakenCall } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import type { Leg } from '../call/call.ts';
import { done, type Result } from '../call/errors.ts';
import { settle } from '../testing/manual-clock.ts';
import type { Send } from './api.ts';
import { takeOffered } from './take.ts';

const offer: MoveOffer = {
  ...{ moveId: 'm-1', callId: 'c-1', fromDeviceId: 's-1' },
  ...{ via: 'pbx', peer: { name: 'Carla' }, media: 'audio' },
};
const taken: TakenCall = {
  ...{ via: 'pbx', callId: 'c-1', peer: { name: 'Carla' }, dial: '1003', iceServers: [] },
  replaces: { callId: 'sip-call', localTag: 'here', remoteTag: 'there' },
};

/** A window that is offered a telephone call; `line` says whether its line has come up. */
function setUp() {
  const asked: string[] = [];
  const exchange = { refuses: () => {} };
  let settleLine = (_: boolean) => {};
  const line = new Promise<boolean>((resolve) => {
    settleLine = resolve;
  });
  const taking = takeOffered(
    {
      send: (async (path: string) => {
        asked.push(path);
        return done(taken);
      }) as unknown as Send,
      expect: () => () => {},
      lineReady: () => line,
      room: () => ({ via: 'room' }) as Leg,
      pbx: async (_, giveBack): Promise<Result<Leg>> => {
        exchange.refuses = giveBack;
        return done({ via: 'pbx' } as Leg);
      },
    },
    offer,
  );
  return { asked, taking, settleLine, exchange };
}

test('M1: a telephone call is taken once the line here is up, not before', async () => {
  const { asked, taking, settleLine } = setUp();
  await settle();
  expect(asked).toEqual([]);
  settleLine(true);
  expect(await taking).toMatchObject({ ok: true, value: { leg: { via: 'pbx' } } });
  expect(asked).toEqual(['/api/moves/m-1/take']);
});

test('M3: where the line does not come up, the hub is asked for nothing and the call goes on where it was', async () => {
  const { asked, taking, settleLine } = setUp();
  settleLine(false);
  expect(await taking).toMatchObject({ ok: false, code: 'PBX_UNAVAILABLE' });
  expect(asked).toEqual([]);
});

test('M5: a call that the exchange does not move here is given back to the hub', async () => {
  const { asked, taking, settleLine, exchange } = setUp();
  settleLine(true);
  await taking;
  exchange.refuses();
  expect(asked).toEqual(['/api/moves/m-1/take', '/api/moves/m-1/return']);
});
