// To whom a call is to be passed on: somebody named (blind), or the other party of a second call (attended, T4).
import {
  CallTarget,
  type Peer,
  type Refusal,
  refuse,
  type SipDialog,
  type TransferRequest,
} from '@ringtag/server/protocol';
import type { PeopleStore } from '../storage/port.ts';
import { otherDevice } from './announce.ts';
import type { Conductor } from './conduct.ts';
import type { Connections } from './connections.ts';
import { type LiveCall, otherParty, peerOf } from './live.ts';
import type { Device } from './ports.ts';
import { findDial } from './replaces.ts';
import { roleOf } from './room.ts';

export interface GoalsOptions {
  readonly connections: Connections;
  readonly conductor: Pick<Conductor, 'find'>;
  readonly people: Pick<PeopleStore, 'byIds' | 'byNumbers'>;
}

/** The call that the ordered one takes the place of (T4). */
export type Joined =
  | { readonly via: 'room'; readonly callId: string; readonly sessionId: string }
  | { readonly via: 'pbx'; readonly callId?: string; readonly dial: string; readonly dialog: SipDialog };

export interface Goal {
  readonly ok: true;
  /** Whom the ordered device is to call. */
  readonly target: CallTarget;
  /** The same, as that device shows it. */
  readonly to: Peer;
  readonly joined?: Joined;
}

export interface Goals {
  /** `NOT_FOUND`, `INVALID_INPUT`, or `TRANSFER_REFUSED` with the state of the second call. */
  find(by: Device, request: TransferRequest): Promise<Goal | Refusal>;
}

type Attended = Extract<TransferRequest, { with: string }>;

/** The call cannot be passed on as it is. */
export const refused = (state: string): Refusal => refuse('TRANSFER_REFUSED', { state });

export function createGoals({ connections, conductor, people }: GoalsOptions): Goals {
  async function findBlind(to: CallTarget): Promise<Goal | Refusal> {
    if ('personId' in to) {
      const [person] = await people.byIds([to.personId]);
      return person ? { ok: true, target: to, to: peerOf(person) } : refuse('NOT_FOUND');
    }
    const { number } = to;
    const [person, another] = await people.byNumbers([number]);
    if (!person || another) return { ok: true, target: to, to: { name: number, number } };
    return { ok: true, target: { personId: person.id }, to: peerOf(person) };
  }

  async function findAttended(by: Device, request: Attended): Promise<Goal | Refusal> {
    const second = await conductor.find(request.with);
    if (!second) return findUnplaced(request);
    if (roleOf(second.record, by.sessionId) === 'stranger') return refuse('NOT_FOUND');
    const { id: callId, via, state } = second.record;
    if (via === 'pbx') return state === 'placed' ? joinTelephone(second, request.dialog) : refused(state);
    if (state !== 'active') return refused(state);
    const sessionId = otherDevice(second.record, by.sessionId);
    if (!connections.isConnected(sessionId)) return refused('peer-away');
    const to = otherParty(second, by.sessionId);
    return {
      ...{ ok: true, to, target: { personId: to.personId ?? '' } },
      joined: { via: 'room', callId, sessionId },
    };
  }

  function joinTelephone({ record, callee }: LiveCall, dialog: SipDialog | undefined): Goal | Refusal {
    const { id: callId, calleeId, dial = '' } = record;
    if (!dialog) return refuse('INVALID_INPUT', { field: 'dialog' });
    const target = calleeId === undefined ? { number: dial } : { personId: calleeId };
    return { ok: true, target, to: callee, joined: { via: 'pbx', callId, dial, dialog } };
  }

  /** A telephone call that came in: the exchange rang this device, and only the device knows of whom. */
  async function findUnplaced({ dialog, peer }: Attended): Promise<Goal | Refusal> {
    if (!dialog || !peer) return refuse('NOT_FOUND');
    const { dial, person } = await findDial(people, peer.number);
    const joined = { via: 'pbx', dial, dialog } as const;
    if (person) return { ok: true, target: { personId: person.id }, to: peerOf(person), joined };
    const number = CallTarget.safeParse({ number: peer.number }).success ? (peer.number ?? dial) : dial;
    return { ok: true, target: { number }, to: { name: peer.name, number }, joined };
  }

  return {
    find: (by, request) => ('to' in request ? findBlind(request.to) : findAttended(by, request)),
  };
}
