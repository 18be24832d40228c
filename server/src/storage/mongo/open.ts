// Storage in MongoDB, or what speaks like it.
import type { Storage } from '../port.ts';

export interface MongoStorageOptions {
  /** Connection string. */
  readonly url: string;
}

export async function openMongoStorage(_: MongoStorageOptions): Promise<Storage> {
  throw new Error('MongoDB storage is not there yet');
}
