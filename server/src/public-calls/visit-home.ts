// Which hub a visit belongs to, as its name tells: whoever is asked for another hub's says so at once, without a look
// at storage, which strangers could make dear by inventing names.
import { createHash } from 'node:crypto';
import type { Ids } from '../platform/ids.ts';

export interface VisitHome {
  /** Name of a new visit of this hub. */
  nextId(): string;
  /** The visit began at a hub of another name. */
  isElsewhere(visitId: string): boolean;
}

const MARK_CHARS = 6;
const MARKED = /^v-([0-9a-f]{6})-/;

/** `hubId`: hubs that share a database have different ones (`SYSTEM_ID`), and each keeps its own. */
export function createVisitHome({ hubId, ids }: { readonly hubId: string; readonly ids: Ids }): VisitHome {
  const mark = createHash('sha256').update(hubId).digest('hex').slice(0, MARK_CHARS);
  return {
    nextId: () => ids.next(`v-${mark}`),
    isElsewhere(visitId) {
      const found = MARKED.exec(visitId)?.[1];
      return found !== undefined && found !== mark;
    },
  };
}
