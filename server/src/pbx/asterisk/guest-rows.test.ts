import { describe, expect, test } from 'vitest';
import type { GuestCall } from '../guest-line.ts';
import { guestRows } from './guest-rows.ts';
import { TABLES } from './rows.ts';

const CALL: GuestCall = {
  visitId: 'v-1',
  origin: 'https://shop.example',
  callerName: 'Sales',
  turns: [['1001', '1002'], ['1003']],
  ringSeconds: 20,
  maxSeconds: 600,
  language: 'pt-BR',
  headers: { url: 'https://shop.example/', context: 'title=Shoes', geolocation: 'geo:38.7,-9.1;u=30' },
};
const rowsOf = (change: Partial<GuestCall> = {}) =>
  guestRows(
    { endpoint: 'g-1', ha1: 'a'.repeat(32), call: { ...CALL, ...change } },
    { realm: 'ringtag', plainPhones: true },
  );
const ticketOf = (change: Partial<GuestCall> = {}) => rowsOf(change).tickets?.[0];

test('P5 a visitor’s endpoint may dial in its own context, and neither transfer nor subscribe nor be called', () => {
  const rows = rowsOf();
  expect(rows.ps_endpoints?.[0]).toMatchObject({
    ...{ context: 'public', message_context: 'nowhere', allow_transfer: 'no', allow_subscribe: 'no' },
    ...{ trust_id_inbound: 'no', callerid: '"Sales" <visitor>', webrtc: 'yes', allow: 'opus,ulaw,alaw' },
    ...{ deny: '0.0.0.0/0.0.0.0', permit: '127.0.0.1/255.255.255.255' },
  });
  expect(rows.ps_endpoints?.[0]).not.toHaveProperty('aors');
  expect(rows).not.toHaveProperty('ps_aors');
  // Asterisk takes the last one that fits.
  expect(TABLES.ps_endpoints.indexOf('deny')).toBeLessThan(TABLES.ps_endpoints.indexOf('permit'));
});

test('a ticket says whom it rings turn after turn, how long, and with which headers', () => {
  expect(ticketOf()).toMatchObject({
    ...{ id: 'g-1', visit: 'v-1', turns: '1001+1002/1003', ring_seconds: '20', max_seconds: '600' },
    ...{ all_seconds: '650', language: 'pt', url: 'https://shop.example/', context: 'title=Shoes' },
    geolocation: 'geo:38.7,-9.1;u=30',
  });
});

test.each([
  ['pt-BR', 'pt'],
  ['FR', 'fr'],
  ['es-419', 'es'],
  ['de', 'en'],
  ['est', 'en'],
  ['', 'en'],
])('P8 a visitor with %j is warned in %s', (language, spoken) => {
  expect(ticketOf({ language })?.language).toBe(spoken);
});

test('every column that is written exists', () => {
  for (const [name, rows] of Object.entries(rowsOf())) {
    const columns: readonly string[] = TABLES[name as keyof typeof TABLES];
    for (const row of rows ?? []) for (const column of Object.keys(row)) expect(columns).toContain(column);
  }
});

describe('P6 a header', () => {
  test('is one line, whatever came', () => {
    const context = 'a\r\nX-Evil: 1\u0000\u0085\u2028b';
    expect(ticketOf({ headers: { context } })?.context).toBe('a X-Evil: 1 b');
  });

  test.each([['中'.repeat(2_000)], ['👟'.repeat(2_000)], ['a'.repeat(9_000)]])(
    'is no longer than Asterisk sends, and cut between characters',
    (context) => {
      const cut = ticketOf({ headers: { context } })?.context ?? '';
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(4_000);
      expect(Buffer.byteLength(cut)).toBeGreaterThan(3_990);
      expect(context.startsWith(cut)).toBe(true);
    },
  );

  test.each(['geo:1,2>\r\nX: 1', 'https://evil.example/', 'geo:1,2> , <sip:x', ''])(
    'of a place is a geo: URI or none: %j',
    (geolocation) => {
      expect(ticketOf({ headers: { geolocation } })?.geolocation).toBe('');
    },
  );
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: what somebody may have written into a plan
test.each(['p-alice', '1001&PJSIP/p-bruno', '1', '', '${EXTEN}', '123456789'])(
  'what is no extension is never rung: %j',
  (extension) => {
    expect(() => rowsOf({ turns: [['1001'], [extension]] })).toThrow(TypeError);
  },
);
