// What a proof is good for: by work, and by the word of a service, which stands in for itself here as its documents
// describe it.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Challenge } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { httpFetch } from '../platform/http-fetch.ts';
import { randomIds } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import type { ProofSubject, SentProof, Verifier } from './proof.ts';
import { createSiteVerifier, type SiteConfig } from './proof-site.ts';
import { createWorkVerifier } from './proof-work.ts';

const SUBJECT: ProofSubject = {
  origin: 'https://shop.example',
  destinationId: 'sales',
  address: '192.0.2.7',
};

let clock: ReturnType<typeof createManualClock>;
let noted: Set<string>;
let work: Verifier;
let isStorageDown: boolean;
beforeEach(() => {
  isStorageDown = false;
  clock = createManualClock();
  noted = new Set();
  work = workWith('a key');
});

/** Hubs with the same key share what was noted, as they share storage. */
const workWith = (key: string): Verifier =>
  createWorkVerifier({
    ...{ key, clock, ids: randomIds },
    store: {
      async spendProof(id) {
        if (isStorageDown) throw new Error('storage does not answer');
        const isNew = !noted.has(id);
        noted.add(id);
        return isNew;
      },
    },
  });

function workChallenge(step = 1, verifier = work, subject = SUBJECT): Challenge {
  const challenge = verifier.challenge(subject, step);
  if (challenge.kind !== 'work') throw new Error('no work');
  return challenge;
}

function answersTo({ id, parts, bits }: Challenge): number[] {
  return Array.from({ length: parts }, (_, part) => {
    for (let answer = 0; ; answer += 1) {
      const digest = createHash('sha256').update(`${id}:${part}:${answer}`).digest();
      if (digest.readUInt32BE(0) >>> (32 - bits) === 0) return answer;
    }
  });
}

const solved = (challenge: Challenge): SentProof => ({
  token: challenge.token,
  answers: answersTo(challenge),
});

describe('work', () => {
  test('P11 grows by the step, and begins with 2^16 tries', () => {
    const tries = (step: number) => {
      const { parts, bits } = workChallenge(step);
      return Math.log2(parts * 2 ** bits);
    };
    expect([1, 2, 3, 5].map(tries)).toEqual([16, 17, 18, 20]);
    expect(tries(99)).toBeLessThan(24);
  });

  test('P11 a good proof is good once, on whichever hub, also after a restart', async () => {
    const proof = solved(workChallenge());
    const another = workWith('a key');
    expect(await another.verify(proof, SUBJECT)).toBe('good');
    expect(await work.verify(proof, SUBJECT)).toBe('bad');
    expect(await another.verify(proof, SUBJECT)).toBe('bad');
  });

  test('P11 what storage could not note is not spent', async () => {
    const proof = solved(workChallenge());
    isStorageDown = true;
    await expect(work.verify(proof, SUBJECT)).rejects.toThrow('storage');
    isStorageDown = false;
    expect(await work.verify(proof, SUBJECT)).toBe('good');
    expect(await work.verify(proof, SUBJECT)).toBe('bad');
  });

  test('P11 it is bound to page, destination and hub, and to its time', async () => {
    const proof = solved(workChallenge());
    expect(await work.verify(proof, { ...SUBJECT, origin: 'https://evil.example' })).toBe('bad');
    expect(await work.verify(proof, { ...SUBJECT, destinationId: 'support' })).toBe('bad');
    expect(await workWith('another key').verify(proof, SUBJECT)).toBe('bad');
    clock.advance(119_999);
    // The address may change on the way.
    expect(await work.verify(proof, { ...SUBJECT, address: '198.51.100.1' })).toBe('good');
    const late = solved(workChallenge());
    clock.advance(120_000);
    expect(await work.verify(late, SUBJECT)).toBe('bad');
  });

  test('what was not worked for, or was made easier, is no proof', async () => {
    const challenge = workChallenge();
    const answers = answersTo(challenge);
    const verdict = (proof: SentProof) => work.verify(proof, SUBJECT);
    const { token } = challenge;
    expect(await verdict({ token, answers: answers.slice(1) })).toBe('bad');
    expect(await verdict({ token, answers: [...answers].reverse() })).toBe('bad');
    expect(await verdict({ token, answers: answers.map(() => 0) })).toBe('bad');
    const easier = token.replace(/\.16\.12\./, '.1.1.');
    expect(easier).not.toBe(token);
    for (let answer = 0; answer < 8; answer += 1)
      expect(await verdict({ token: easier, answers: [answer] })).toBe('bad');
    for (const forged of ['x'.repeat(40), `${token}x`, token.slice(0, -1), `${'a'.repeat(43)}.1.1.9.mac`])
      expect(await verdict({ token: forged, answers })).toBe('bad');
    expect(await verdict({ response: 'a word' })).toBe('bad');
    // None of these spent the challenge.
    expect(await verdict({ token, answers })).toBe('good');
  });
});

describe.each(['turnstile', 'hcaptcha'] as const)('%s', (kind) => {
  const config: SiteConfig = { kind, siteKey: 'site-key', secret: 'the secret' };
  /** As their documents say: form fields in, JSON out; a token is good once. */
  const words = new Map<string, { hostname: string }>();
  let server: Server;
  let asked: URLSearchParams[];
  let fault: 'none' | 'silent' | 'internal' = 'none';
  let verifier: Verifier;

  beforeEach(async () => {
    asked = [];
    fault = 'none';
    words.clear();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const fields = new URLSearchParams(Buffer.concat(chunks).toString());
        asked.push(fields);
        if (fault === 'silent') return response.destroy();
        const word = words.get(fields.get('response') ?? '');
        words.delete(fields.get('response') ?? '');
        const isGood = word !== undefined && fields.get('secret') === 'the secret' && fault === 'none';
        const why = fault === 'internal' ? 'internal-error' : 'timeout-or-duplicate';
        const answer = isGood
          ? { success: true, challenge_ts: '2026-11-21T12:00:00Z', ...word }
          : { success: false, 'error-codes': [why] };
        response.setHeader('Content-Type', 'application/json');
        return response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/siteverify`;
    verifier = createSiteVerifier({ config, work, fetch: httpFetch, clock, logger: silentLogger, url });
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const verdict = (response: string) => verifier.verify({ response }, SUBJECT);

  test('P11 its word counts once, and only where its widget stood on the page', async () => {
    expect(verifier.challenge(SUBJECT, 1)).toEqual({ kind, siteKey: 'site-key' });
    words.set('good', { hostname: 'shop.example' });
    words.set('carried', { hostname: 'evil.example' });
    expect(await verdict('good')).toBe('good');
    expect(await verdict('good')).toBe('bad');
    expect(await verdict('carried')).toBe('bad');
    expect(await verdict('made up')).toBe('bad');
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      ...{ secret: 'the secret', response: 'good', sitekey: 'site-key', remoteip: '192.0.2.7' },
    });
  });

  test.each(['silent', 'internal'] as const)('while it is %s, visitors work', async (how) => {
    fault = how;
    expect(await verdict('good')).toBe('unknown');
    const challenge = verifier.challenge(SUBJECT, 1);
    if (challenge.kind !== 'work') throw new Error('no work');
    expect(await verifier.verify(solved(challenge), SUBJECT)).toBe('good');
    clock.advance(60_000);
    expect(verifier.challenge(SUBJECT, 1)).toEqual({ kind, siteKey: 'site-key' });
  });
});
