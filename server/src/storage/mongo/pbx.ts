// SIP endpoints in MongoDB.
import type { PbxStore } from '../port.ts';
import { type Collections, unlessThere } from './collections.ts';
import type { InTurn } from './in-turn.ts';

export function createPbxStore({ pbx }: Pick<Collections, 'pbx'>, inTurn: InTurn): PbxStore {
  return {
    async put(endpoint) {
      const _id = endpoint.endpoint;
      const isNew = await unlessThere(pbx.insertOne({ _id, ...endpoint }));
      // An upsert could be refused where two put the same endpoint at once.
      if (!isNew) await inTurn(`pbx ${_id}`, () => pbx.replaceOne({ _id }, endpoint, { upsert: true }));
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
