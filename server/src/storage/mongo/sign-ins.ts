// Walks through the popup in MongoDB. Every step is one update whose filter is the compare of compare-and-set.
import type { SignInStore } from '../port.ts';
import { type Collections, withId } from './collections.ts';
import type { InTurn } from './in-turn.ts';

export function createSignInStore({ signIns }: Pick<Collections, 'signIns'>, inTurn: InTurn): SignInStore {
  const after = { returnDocument: 'after' } as const;
  /** A code is out and still good. */
  const isReleased = (nowMs: number) => ({
    status: 'released' as const,
    expiresAtMs: { $gt: nowMs },
    $or: [{ codeExpiresAtMs: { $exists: false } }, { codeExpiresAtMs: { $gt: nowMs } }],
  });

  return {
    async create({ id, ...rest }) {
      await signIns.insertOne({ _id: id, ...rest });
    },
    async byId(id) {
      const doc = await signIns.findOne({ _id: id });
      return doc ? withId(doc) : undefined;
    },
    async byNonce(nonce) {
      // A popup that is loaded again walks again with the pane's nonce: the latest walk counts.
      const [doc] = await signIns.find({ nonce }).sort({ expiresAtMs: -1 }).limit(1).toArray();
      return doc && withId(doc);
    },
    advance: (id, from, change, nowMs) =>
      inTurn(`sign-in ${id}`, async () => {
        const filter = { _id: id, status: from, expiresAtMs: { $gt: nowMs } };
        const doc = await signIns.findOneAndUpdate(filter, { $set: change }, after);
        return doc ? withId(doc) : undefined;
      }),
    takePickupCode: (id, nowMs) =>
      inTurn(`sign-in ${id}`, async () => {
        const filter = { _id: id, pickupCode: { $exists: true }, ...isReleased(nowMs) };
        const before = await signIns.findOneAndUpdate(filter, { $unset: { pickupCode: '' } });
        return before?.pickupCode;
      }),
    async spendCode(codeHash, nowMs) {
      const found = await signIns.findOne({ codeHash }, { projection: { _id: 1 } });
      if (!found) return undefined;
      return inTurn(`sign-in ${found._id}`, async () => {
        const filter = { _id: found._id, codeHash, ...isReleased(nowMs) };
        const doc = await signIns.findOneAndUpdate(filter, { $set: { status: 'spent' } }, after);
        return doc ? withId(doc) : undefined;
      });
    },
  };
}
