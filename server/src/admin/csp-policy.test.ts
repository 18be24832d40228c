import { describe, expect, test } from 'vitest';
import { judge, type NeedId, needsOf, readPolicies } from './csp-policy.ts';

const HUB = 'https://calls.example';
const PAGE = new URL('https://shop.example/boots');
const needs = needsOf(HUB, 'wss://gate.calls.example/sip');

function verdicts(...texts: string[]): Partial<Record<NeedId, string>> {
  const findings = judge(readPolicies(texts), needs, PAGE);
  return Object.fromEntries(findings.map(({ need, verdict }) => [need, verdict]));
}
const lines = (...texts: string[]) =>
  Object.fromEntries(
    judge(readPolicies(texts), needs, PAGE).flatMap(({ need, line }) =>
      line === undefined ? [] : [[need, line]],
    ),
  );

const ALL = {
  ...{ script: 'allowed', hub: 'allowed', gate: 'allowed', media: 'allowed', worker: 'allowed' },
  'trusted-types': 'allowed',
};

test('a page without a policy forbids nothing', () => {
  expect(verdicts()).toEqual(ALL);
  expect(verdicts("img-src 'self'", '')).toEqual(ALL);
});

test('what the documentation says is enough is enough', () => {
  const policy = `default-src 'none'; script-src ${HUB}; connect-src ${HUB} wss://gate.calls.example;
    media-src blob:; worker-src blob:; require-trusted-types-for 'script'; trusted-types ringtag`;
  expect(verdicts(policy)).toEqual(ALL);
});

test('a strict page blocks each, and is told the line for each', () => {
  expect(lines("default-src 'self'; trusted-types 'none'")).toEqual({
    script: `script-src 'self' ${HUB}`,
    hub: `connect-src 'self' ${HUB} wss://gate.calls.example`,
    gate: `connect-src 'self' ${HUB} wss://gate.calls.example`,
    media: "media-src 'self' blob:",
    worker: "worker-src 'self' blob:",
    'trusted-types': 'trusted-types ringtag',
  });
  expect(lines("default-src 'none'").hub).toBe(`connect-src ${HUB} wss://gate.calls.example`);
});

test('a nonce lets the script in where the tag carries it, and means nothing elsewhere', () => {
  expect(verdicts("script-src 'nonce-abc' 'strict-dynamic' https:").script).toBe('nonce');
  expect(verdicts(`script-src 'nonce-abc' ${HUB}`).script).toBe('allowed');
  expect(lines("default-src 'nonce-abc' 'self'").hub).toBe(
    `connect-src 'self' ${HUB} wss://gate.calls.example`,
  );
  expect(lines("script-src 'strict-dynamic' 'sha256-x'").script).toBe(
    "script-src 'strict-dynamic' 'sha256-x' 'nonce-…'",
  );
});

test('several policies hold together: one that forbids is enough', () => {
  expect(verdicts(`script-src ${HUB}`, "script-src 'self'").script).toBe('blocked');
  expect(verdicts(`script-src ${HUB}, script-src 'self'`).script).toBe('blocked');
});

describe('source expressions', () => {
  test.each([
    ['*', 'allowed'],
    ['https:', 'allowed'],
    ['http:', 'allowed'],
    ['https://*.example', 'allowed'],
    ['calls.example', 'allowed'],
    ['CALLS.EXAMPLE:443', 'allowed'],
    ['calls.example:*', 'allowed'],
    [`${HUB}/ringtag.js`, 'allowed'],
    ['https://calls.example:8443', 'blocked'],
    ['https://*.calls.example', 'blocked'],
    ['https://evilcalls.example', 'blocked'],
    ["'self'", 'blocked'],
    ["'none'", 'blocked'],
    ['', 'blocked'],
    ['data:', 'blocked'],
  ])('%s: the hub’s script is %s', (source, verdict) => {
    expect(verdicts(`script-src ${source}`).script).toBe(verdict);
  });

  test.each([
    ['https:', 'allowed'],
    ['wss:', 'allowed'],
    [`wss://gate.calls.example`, 'allowed'],
    ['https://gate.calls.example', 'allowed'],
    [HUB, 'blocked'],
  ])('%s: the gate is %s', (source, verdict) => {
    expect(verdicts(`connect-src ${source}`).gate).toBe(verdict);
  });

  test('blob: is allowed by its scheme alone', () => {
    expect(verdicts('media-src *').media).toBe('blocked');
    expect(verdicts('media-src blob:').media).toBe('allowed');
  });
});
