import { expect, test } from 'vitest';
import { type GateTokenPayload, signGateToken, verifyGateToken } from './token.ts';

const SECRET = 'one secret';
const NOW = 1_800_000_000_000;
const PAYLOAD: GateTokenPayload = {
  endpoint: 'd-3q2f',
  origin: 'https://mail.example',
  kind: 'employee',
  expiresAtMs: NOW + 60_000,
};

const verify = (token: string, secret = SECRET, now = NOW) => verifyGateToken(token, secret, now);

test('a token says what was signed, until it runs out', () => {
  const token = signGateToken(PAYLOAD, SECRET);
  expect(verify(token)).toEqual(PAYLOAD);
  expect(verify(token, SECRET, NOW + 59_999)).toEqual(PAYLOAD);
  expect(verify(token, SECRET, NOW + 60_000)).toBeUndefined();
});

test('another secret, another payload or a broken token says nothing', () => {
  const [body = '', signature = ''] = signGateToken(PAYLOAD, SECRET).split('.');
  const other = signGateToken({ ...PAYLOAD, endpoint: 'd-other' }, SECRET).split('.')[0];
  const broken = [
    '',
    '.',
    'x',
    `${body}.`,
    `.${signature}`,
    `${other}.${signature}`,
    `${body}.${signature}.x`,
  ];
  for (const token of broken) expect(verify(token)).toBeUndefined();
  expect(verify(`${body}.${signature}`, 'another secret')).toBeUndefined();
  expect(verify(`${'x'.repeat(2_000)}.${signature}`)).toBeUndefined();
});

test('an endpoint that could not be one is refused even when signed', () => {
  expect(verify(signGateToken({ ...PAYLOAD, endpoint: 'd-1&PJSIP/d-2' }, SECRET))).toBeUndefined();
});
