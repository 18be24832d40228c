// Chooses the adapter; the driver of the other one is never loaded.
import { join } from 'node:path';
import type { Storage } from './port.ts';

export interface OpenStorageOptions {
  /** Where the embedded database lives; the folder must exist. */
  readonly dataDir: string;
  /** Uses MongoDB (or what speaks like it) instead. The path names the database; `ringtag` by default. */
  readonly mongodbUrl?: string;
}

/** Opens the storage. Rejects with a sentence where the database is of a newer program or cannot be reached. */
export async function openStorage({ dataDir, mongodbUrl }: OpenStorageOptions): Promise<Storage> {
  if (mongodbUrl !== undefined) {
    const { openMongoStorage } = await import('./mongo/open.ts');
    return openMongoStorage({ url: mongodbUrl });
  }
  const { openSqliteStorage } = await import('./sqlite/open.ts');
  return openSqliteStorage({ file: join(dataDir, 'ringtag.sqlite') });
}
