// A hub in a child process with many people already signed in: their sessions and bearers are put into its storage
// before it starts, as if they had come through the popup.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchChild, type BenchChildOptions, startBenchChild } from './child.ts';
import { importServer } from './server-parts.ts';

export const PAGE_ORIGIN = 'http://mail.localhost:4001';
const BEARER_MS = 15 * 60_000;

export interface SignedInHub {
  readonly child: BenchChild;
  readonly bearers: readonly string[];
  readonly personIds: readonly string[];
  /** A request to its API from an allowed page; rejects unless the answer is good. */
  post(path: string, bearer: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly people: {
      seed(people: readonly object[]): Promise<void>;
      byEmails(emails: readonly string[]): Promise<readonly { readonly id: string }[]>;
    };
    readonly sessions: {
      create(session: object): Promise<void>;
      putBearer(bearer: object): Promise<void>;
    };
    close(): Promise<void>;
  }>;
}
interface IdsModule {
  hashSecret(secret: string): string;
}

export async function startSignedInHub(
  people: number,
  options: BenchChildOptions = {},
): Promise<SignedInHub> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-bench-'));
  const dataDir = join(dir, 'data');
  try {
    const { bearers, personIds } = await signIn(dataDir, people);
    const env = {
      PORT: '0',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://hub.localhost:4000',
      ALLOWED_ORIGINS: PAGE_ORIGIN,
      // Nobody signs in by the provider here; the hub asks for it only then.
      OIDC_ISSUER: 'http://id.localhost:9',
      OIDC_CLIENT_ID: 'hub',
      OIDC_CLIENT_SECRET: 'unused',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
    };
    const child = await startBenchChild('hub-under-load.mjs', { ...options, env });
    return {
      child,
      bearers,
      personIds,
      post: (path, bearer, body = {}) => post(child.port, path, { bearer, body }),
      async stop() {
        await child.stop();
        await rm(dir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

async function signIn(dataDir: string, people: number): Promise<{ bearers: string[]; personIds: string[] }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const { hashSecret } = await importServer<IdsModule>('platform/ids.js');
  const storage = await openStorage({ dataDir });
  const indexes = Array.from({ length: people }, (_, index) => index);
  const emails = indexes.map((index) => `person.${index}@bench.example`);
  await storage.people.seed(
    emails.map((email, index) => ({ key: email, email, name: `Person ${index}`, numbers: [] })),
  );
  const nowMs = Date.now();
  const bearers: string[] = [];
  const personIds: string[] = [];
  for (const [index, email] of emails.entries()) {
    const [person] = await storage.people.byEmails([email]);
    if (!person) throw new Error('A seeded person is not in storage');
    const sessionId = `s-bench${index}`;
    await storage.sessions.create({
      id: sessionId,
      personId: person.id,
      origin: PAGE_ORIGIN,
      deviceName: 'Bench',
      publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
      createdAtMs: nowMs,
      endsAtMs: nowMs + 24 * 3_600_000,
    });
    const bearer = `bearer-of-person-${index}-${'x'.repeat(20)}`;
    const expiresAtMs = nowMs + BEARER_MS;
    await storage.sessions.putBearer({
      hash: hashSecret(bearer),
      sessionId,
      origin: PAGE_ORIGIN,
      expiresAtMs,
    });
    bearers.push(bearer);
    personIds.push(person.id);
  }
  await storage.close();
  return { bearers, personIds };
}

async function post(
  port: number,
  path: string,
  request: { bearer: string; body: unknown },
): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${request.bearer}`,
      Origin: PAGE_ORIGIN,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(request.body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
