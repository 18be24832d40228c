import type { Way } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../people/person.ts';
import type { PbxReach } from './ports.ts';
import { createReach } from './reach.ts';
import { decideNumber, decidePlacement, type Situation } from './request.ts';

const bruno: PersonRecord = {
  id: 'u-bruno',
  name: 'Bruno',
  numbers: [],
  extension: '1002',
  deskPhone: 'p-bruno',
};
const ways = (extension: boolean, desk: boolean): Way[] => [
  { kind: 'browser', via: 'room', available: false },
  { kind: 'extension', via: 'pbx', available: extension },
  { kind: 'desk', via: 'pbx', available: desk },
];
const base: Situation = {
  callee: bruno,
  way: 'auto',
  connected: 0,
  free: 0,
  ways: ways(true, true),
  pbxAvailable: true,
};
const unreachable = (remaining: readonly Way[]) => ({ ok: false, code: 'UNREACHABLE', ways: remaining });

describe('decidePlacement', () => {
  it('C2 takes the room as soon as one device is free', () => {
    expect(decidePlacement({ ...base, connected: 3, free: 1 })).toEqual({ ok: true, via: 'room' });
  });
  it('C9 is BUSY when every connected device is in a call, even if a desk phone would ring', () => {
    expect(decidePlacement({ ...base, connected: 2, free: 0 })).toMatchObject({ code: 'BUSY' });
  });
  it.each(['auto', 'desk', 'pbx'] as const)(
    'D1 is DO_NOT_DISTURB by the way %s, whatever would ring',
    (way) => {
      const callee = { ...bruno, doNotDisturb: {} };
      const situation = { ...base, callee, way, connected: 2, free: 2 };
      expect(decidePlacement(situation)).toMatchObject({ code: 'DO_NOT_DISTURB' });
    },
  );
  it('way pbx dials the extension even where a device is connected, and is refused where nothing would ring', () => {
    const situation: Situation = { ...base, way: 'pbx', connected: 2, free: 2 };
    expect(decidePlacement(situation)).toEqual({ ok: true, via: 'pbx', dial: '1002' });
    expect(decidePlacement({ ...situation, free: 0 })).toMatchObject({ ok: true, via: 'pbx' });
    const remaining = ways(false, true);
    expect(decidePlacement({ ...situation, ways: remaining })).toEqual(unreachable(remaining));
  });
  it('C11 dials the extension when no device is connected', () => {
    expect(decidePlacement(base)).toEqual({ ok: true, via: 'pbx', dial: '1002' });
  });
  it('C11 is UNREACHABLE, with the ways, when nothing would ring', () => {
    expect(decidePlacement({ ...base, ways: ways(false, false) })).toEqual(unreachable(ways(false, false)));
  });
  it('C11 is UNREACHABLE for a person without an extension', () => {
    const { extension: _, ...callee } = bruno;
    expect(decidePlacement({ ...base, callee, ways: [] })).toEqual(unreachable([]));
  });
  it('A4 rings the desk phone alone when asked to, whoever is connected', () => {
    expect(decidePlacement({ ...base, way: 'desk', connected: 2, free: 2 })).toEqual({
      ok: true,
      via: 'pbx',
      dial: 'desk-1002',
    });
  });
  it('A4 refuses the desk phone where there is none, where it is away, and where there is no exchange', () => {
    const { deskPhone: _, ...callee } = bruno;
    const remaining = ways(true, false);
    expect(decidePlacement({ ...base, way: 'desk', callee })).toEqual(unreachable(ways(true, true)));
    expect(decidePlacement({ ...base, way: 'desk', ways: remaining })).toEqual(unreachable(remaining));
    expect(decidePlacement({ ...base, way: 'desk', pbxAvailable: false })).toMatchObject({
      code: 'PBX_UNAVAILABLE',
    });
  });
});

describe('decideNumber', () => {
  it.each(['600', '*97', '1', '123456'])('dials the service number %s', (number) => {
    expect(decideNumber(number, true)).toEqual({ ok: true, via: 'pbx', dial: number });
    expect(decideNumber(number, false)).toMatchObject({ code: 'PBX_UNAVAILABLE' });
  });
  it.each(['+351912345678', '0900123456', '+600'])('dials nothing beyond the exchange: %s', (number) => {
    expect(decideNumber(number, true)).toEqual(unreachable([]));
  });
});

describe('reach', () => {
  const pbxReach: PbxReach = {
    available: true,
    deskRegistered: () => true,
    anyRegistered: async () => true,
    callsOf: () => 0,
    isTalking: () => false,
  };
  const kinds = async (online: boolean, pbx: Partial<PbxReach>, person = bruno) => {
    const list = await createReach({ isOnline: () => online, pbxReach: { ...pbxReach, ...pbx } })(person);
    return list.map(({ kind, available }) => `${kind}${available ? '' : ' away'}`);
  };

  it('A4 lists the ways best first', async () => {
    expect(await kinds(true, {})).toEqual(['browser', 'extension', 'desk']);
    expect(await kinds(false, {})).toEqual(['extension', 'desk', 'browser away']);
    expect(await kinds(true, { deskRegistered: () => false })).toEqual(['browser', 'extension', 'desk away']);
  });
  it('A4 has no telephone way while there is no exchange, whatever was registered', async () => {
    expect(await kinds(true, { available: false })).toEqual(['browser', 'extension away', 'desk away']);
  });
  it('A4 lists no desk phone and no extension that a person does not have', async () => {
    const { deskPhone: _, extension: __, ...plain } = bruno;
    expect(await kinds(false, {}, plain)).toEqual(['browser away']);
  });
});
