// The ways to a person, best first (requirement A4). It answers what there is; `request.ts` decides what to take.
import type { Way } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { PbxReach } from './ports.ts';

export interface ReachOptions {
  /** Whether any device of the person is connected (C10's grace included). */
  readonly isOnline: (personId: string) => boolean;
  readonly pbxReach: PbxReach;
}

/** Lists the ways to a person, those that would ring now first; the rest keep the order browser, extension, desk. */
export type Reach = (person: PersonRecord) => Promise<Way[]>;

export function createReach({ isOnline, pbxReach }: ReachOptions): Reach {
  return async (person) => {
    const ways: Way[] = [{ kind: 'browser', via: 'room', available: isOnline(person.id) }];
    if (person.extension !== undefined) {
      const available = pbxReach.available && (await pbxReach.anyRegistered(person));
      ways.push({ kind: 'extension', via: 'pbx', available });
      if (person.deskPhone !== undefined) {
        const desk = pbxReach.available && pbxReach.deskRegistered(person);
        ways.push({ kind: 'desk', via: 'pbx', available: desk });
      }
    }
    return ways.sort((a, b) => Number(b.available) - Number(a.available));
  };
}
