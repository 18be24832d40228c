// Walks through the popup in SQLite. Every step is one UPDATE whose WHERE is the compare of compare-and-set.
import type { SignInAttempt } from '../../auth/session.ts';
import type { SignInStore } from '../port.ts';
import { type Database, parseDoc } from './database.ts';

export function createSignInStore(database: Database): SignInStore {
  const insert = database.prepare('INSERT INTO signIns (id, doc) VALUES (?, ?)');
  const byId = database.prepare('SELECT doc FROM signIns WHERE id = ?');
  // A popup that is loaded again walks again with the pane's nonce: the latest walk counts.
  const byNonce = database.prepare(
    'SELECT doc FROM signIns WHERE nonce = ? ORDER BY expiresAtMs DESC, rowid DESC LIMIT 1',
  );
  // RFC 7396: members of the patch replace, the others stay.
  const advance = database.prepare(
    `UPDATE signIns SET doc = json_patch(doc, ?)
     WHERE id = ? AND status = ? AND expiresAtMs > ? RETURNING doc`,
  );
  const pickup = database.prepare(
    `SELECT doc FROM signIns WHERE id = ?1 AND status = 'released' AND doc ->> '$.pickupCode' IS NOT NULL
     AND expiresAtMs > ?2 AND coalesce(codeExpiresAtMs, expiresAtMs) > ?2`,
  );
  const removePickup = database.prepare(
    "UPDATE signIns SET doc = json_remove(doc, '$.pickupCode') WHERE id = ?",
  );
  const spend = database.prepare(
    `UPDATE signIns SET doc = json_set(doc, '$.status', 'spent')
     WHERE codeHash = ?1 AND status = 'released' AND expiresAtMs > ?2
     AND coalesce(codeExpiresAtMs, expiresAtMs) > ?2 RETURNING doc`,
  );

  return {
    async create(attempt) {
      insert.run(attempt.id, JSON.stringify(attempt));
    },
    async byId(id) {
      const row = byId.get(id);
      return row && parseDoc<SignInAttempt>(row);
    },
    async byNonce(nonce) {
      const row = byNonce.get(nonce);
      return row && parseDoc<SignInAttempt>(row);
    },
    async advance(id, from, change, nowMs) {
      const row = advance.get(JSON.stringify(change), id, from, nowMs);
      return row && parseDoc<SignInAttempt>(row);
    },
    async takePickupCode(id, nowMs) {
      return database.write(() => {
        const row = pickup.get(id, nowMs);
        if (!row) return undefined;
        removePickup.run(id);
        return parseDoc<SignInAttempt>(row).pickupCode;
      });
    },
    async spendCode(codeHash, nowMs) {
      const row = spend.get(codeHash, nowMs);
      return row && parseDoc<SignInAttempt>(row);
    },
  };
}
