// SIP endpoints in SQLite.
import type { PbxEndpointRecord } from '../../pbx/account.ts';
import type { PbxStore } from '../port.ts';
import { type Database, parseDoc } from './database.ts';

export function createPbxStore(database: Database): PbxStore {
  const put = database.prepare('INSERT OR REPLACE INTO pbxEndpoints (endpoint, doc) VALUES (?, ?)');
  const byEndpoint = database.prepare('SELECT doc FROM pbxEndpoints WHERE endpoint = ?');
  const remove = database.prepare('DELETE FROM pbxEndpoints WHERE endpoint = ?');
  const all = database.prepare('SELECT doc FROM pbxEndpoints ORDER BY endpoint');

  return {
    async put(endpoint) {
      put.run(endpoint.endpoint, JSON.stringify(endpoint));
    },
    async byEndpoint(endpoint) {
      const row = byEndpoint.get(endpoint);
      return row && parseDoc<PbxEndpointRecord>(row);
    },
    async remove(endpoint) {
      remove.run(endpoint);
    },
    async all() {
      return all.all().map((row) => parseDoc<PbxEndpointRecord>(row));
    },
  };
}
