// The call record of a visit, read from the hub's storage as an auditor would.
import { join } from 'node:path';
import { importServer } from '../../bench/server-parts.ts';
import type { World } from '../../src/world.ts';
import { expect } from '../fixtures.ts';

export interface VisitRecord {
  readonly kind: string;
  readonly visitId?: string;
  readonly via: string;
  readonly result: string;
  readonly caller: { readonly name?: string; readonly address?: string; readonly port?: number };
  readonly callee: { readonly name?: string };
  readonly destination?: string;
  readonly context?: Readonly<Record<string, string>>;
}

interface StorageModule {
  openStorage(options: { dataDir: string }): Promise<{
    readonly records: { after(sequence: number, limit: number): Promise<VisitRecord[]> };
    close(): Promise<void>;
  }>;
}

/** As soon as it is written. */
export async function recordOfVisit({ dataDir }: World, visitId: string | undefined): Promise<VisitRecord> {
  const { openStorage } = await importServer<StorageModule>('storage/open.js');
  const storage = await openStorage({ dataDir: join(dataDir, 'hub') });
  const find = async () => (await storage.records.after(0, 10_000)).find((one) => one.visitId === visitId);
  try {
    await expect.poll(find, { message: 'a record of the visit', timeout: 20_000 }).toBeTruthy();
    return (await find()) as VisitRecord;
  } finally {
    await storage.close();
  }
}
