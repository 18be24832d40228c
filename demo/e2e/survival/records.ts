// What the hub kept of a call: read from its storage, as an auditor would, not asked of the running hub.
import { join } from 'node:path';
import { importServer } from '../../bench/server-parts.ts';
import type { Person } from '../person.ts';

/** Of a call's record, what the tests look at. */
export interface KeptCall {
  readonly state: string;
  readonly endReason?: string;
  readonly estimated?: boolean;
  readonly createdAtMs: number;
  readonly answeredAtMs?: number;
  readonly endedAtMs?: number;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly calls: { byId(id: string): Promise<KeptCall | undefined> };
    close(): Promise<void>;
  }>;
}

/** Name of the next call that this person places. */
export async function nextCallId(person: Person): Promise<string> {
  const answer = await person.page.waitForResponse(
    (response) =>
      response.request().method() === 'POST' && response.url().endsWith('/api/calls') && response.ok(),
  );
  return ((await answer.json()) as { callId: string }).callId;
}

export async function recordOf(dataDir: string, callId: string): Promise<KeptCall | undefined> {
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const storage = await openStorage({ dataDir: join(dataDir, 'hub') });
  try {
    return await storage.calls.byId(callId);
  } finally {
    await storage.close();
  }
}
