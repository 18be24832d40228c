import { describe, expect, test } from 'vitest';
import type { PbxEndpoint } from '../port.ts';
import { assertSafeNames, callerId, endpointRows, routeRow, TABLES } from './rows.ts';

const DEVICE: PbxEndpoint = {
  endpoint: 'd-3q2f',
  kind: 'device',
  callerName: 'Alice Almeida',
  callerNumber: '1001',
  auths: [
    { id: 'd-3q2f-1', ha1: 'a'.repeat(32), validUntilMs: 1 },
    { id: 'd-3q2f-2', ha1: 'b'.repeat(32) },
  ],
};
const OPTIONS = { realm: 'ringtag', plainPhones: false };

describe('endpoint rows', () => {
  test('a device speaks WebRTC, and every credential of a rotation counts', () => {
    const rows = endpointRows(DEVICE, OPTIONS);
    expect(rows.ps_endpoints[0]).toMatchObject({
      webrtc: 'yes',
      context: 'employees',
      auth: 'd-3q2f-1,d-3q2f-2',
      callerid: '"Alice Almeida" <1001>',
    });
    expect(rows.ps_auths.map((row) => row.password_digest)).toEqual([
      `MD5:${'a'.repeat(32)}`,
      `MD5:${'b'.repeat(32)}`,
    ]);
    expect(rows.ps_aors[0]).toMatchObject({
      max_contacts: '1',
      remove_existing: 'yes',
      qualify_frequency: '5',
    });
  });

  test('a desk phone must encrypt its media unless plain phones are allowed', () => {
    const phone = { ...DEVICE, kind: 'phone' } as const;
    expect(endpointRows(phone, OPTIONS).ps_endpoints[0]).toMatchObject({
      webrtc: 'no',
      media_encryption: 'sdes',
      media_encryption_optimistic: 'no',
    });
    expect(endpointRows(phone, { ...OPTIONS, plainPhones: true }).ps_endpoints[0]).toMatchObject({
      media_encryption_optimistic: 'yes',
    });
  });

  test('media is bound to an address only where one is given', () => {
    expect(endpointRows(DEVICE, OPTIONS).ps_endpoints[0]).toMatchObject({
      media_address: '',
      bind_rtp_to_media_address: 'no',
    });
    expect(endpointRows(DEVICE, { ...OPTIONS, mediaAddress: '127.0.0.1' }).ps_endpoints[0]).toMatchObject({
      media_address: '127.0.0.1',
      bind_rtp_to_media_address: 'yes',
    });
  });

  test('every column that is written exists', () => {
    const rows = endpointRows(DEVICE, OPTIONS);
    for (const name of ['ps_endpoints', 'ps_auths', 'ps_aors'] as const) {
      const columns: readonly string[] = TABLES[name];
      for (const row of rows[name]) {
        for (const column of Object.keys(row)) expect(columns).toContain(column);
      }
    }
  });
});

test('a route rings all its endpoints at once', () => {
  expect(routeRow({ extension: '1001', personId: 'u-1', endpoints: ['d-1', 'p-1'] })).toEqual({
    id: '1001',
    dial: 'PJSIP/d-1&PJSIP/p-1',
    person: 'u-1',
    busy_until: '',
  });
});

test('D1 a route is busy until a second that the dialplan can compare', () => {
  const route = { extension: '1001', personId: 'u-1', endpoints: [] };
  expect(routeRow({ ...route, busyUntilMs: 1_800_000_000_001 }).busy_until).toBe('1800000001');
  expect(routeRow({ ...route, busyUntilMs: Number.POSITIVE_INFINITY }).busy_until).toBe('9999999999');
});

test.each([
  ['Alice "Ali" Almeida', '1001', '"Alice Ali Almeida" <1001>'],
  ['Al\r\nice\u0000', '10 01', '"Al ice" <1001>'],
  ['A <sip:evil@example>', '1001;x=1', '"A sip:evil@example" <10011>'],
  ['José\\ 中文', '+351 21', '"José 中文" <+35121>'],
  ['x'.repeat(500), '', `"${'x'.repeat(80)}" <>`],
])('the caller of %j %j is shown as %s', (name, number, expected) => {
  expect(callerId(name, number)).toBe(expected);
});

test.each(['d-1&PJSIP/d-2', 'd 1', '', 'd-1,2', "d'1", '../x', 'd-1\n', 'x'.repeat(65)])(
  'the name %j never reaches the projection',
  (name) => {
    expect(() => assertSafeNames(['d-1', name])).toThrow(TypeError);
  },
);
