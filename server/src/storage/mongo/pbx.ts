// SIP endpoints in MongoDB.
import type { PbxStore } from '../port.ts';
import type { Collections } from './collections.ts';

export function createPbxStore({ pbx }: Pick<Collections, 'pbx'>): PbxStore {
  return {
    async put(endpoint) {
      await pbx.replaceOne({ _id: endpoint.endpoint }, endpoint, { upsert: true });
    },
    async byEndpoint(endpoint) {
      const doc = await pbx.findOne({ _id: endpoint }, { projection: { _id: 0 } });
      return doc ?? undefined;
    },
    async remove(endpoint) {
      await pbx.deleteOne({ _id: endpoint });
    },
    async all() {
      return pbx
        .find({}, { projection: { _id: 0 } })
        .sort({ endpoint: 1 })
        .toArray();
    },
  };
}
