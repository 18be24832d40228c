// A call that goes on in another window of the same person and browser (M1–M3, M5): it is offered, and moves when that
// window takes it, having its microphone. Offers live in memory; one that is forgotten changes nothing.
import {
  type Ack,
  type IceServer,
  limits,
  type MoveOffer,
  type MoveRequest,
  type Refusal,
  refuse,
  type TakenCall,
} from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { Browsers } from './browsers.ts';
import type { Capacity } from './capacity.ts';
import type { Conductor } from './conduct.ts';
import type { Connections } from './connections.ts';
import { deviceOf } from './device.ts';
import { type LiveCall, otherParty } from './live.ts';
import type { Device } from './ports.ts';
import { findDial } from './replaces.ts';
import { decide, roleOf } from './room.ts';
import type { Transfers } from './transfer.ts';

export interface MovesOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly connections: Connections;
  readonly conductor: Pick<Conductor, 'find' | 'move'>;
  readonly capacity: Capacity;
  readonly browsers: Browsers;
  readonly transfers: Pick<Transfers, 'isUnderWay'>;
  readonly people: Pick<PeopleStore, 'byNumbers'>;
  readonly iceServers: (personId: string) => readonly IceServer[];
}

type Offered = { readonly ok: true; readonly moveId: string };
type Taken = { readonly ok: true; readonly taken: TakenCall };

export interface Moves {
  /** `NOT_FOUND`, `INVALID_INPUT`, `TRANSFER_REFUSED` with the state, `CALL_ENDED`. */
  offer(caller: Caller, request: MoveRequest): Promise<Offered | Refusal>;
  /** `NOT_FOUND`, `NOT_CONNECTED`, `TOO_MANY_CALLS`, and whatever has become of the call since. */
  take(caller: Caller, moveId: string): Promise<Taken | Refusal>;
  /** M5: the exchange did not move the call: it is where it was. `NOT_FOUND` for anybody but who has taken it. */
  giveBack(caller: Caller, moveId: string): Promise<Ack>;
  stop(): void;
}

/** A telephone call that was taken is given back within this; SIP alone waits half of it for an answer. */
const GIVE_BACK_MS = 60_000;

/** A telephone call: what its own device alone knows of it. */
type Telephone = Extract<TakenCall, { via: 'pbx' }>;

interface Move {
  readonly offer: MoveOffer;
  readonly from: Device;
  readonly to: string;
  readonly telephone: Omit<Telephone, 'iceServers'> | undefined;
  readonly offeredAtMs: number;
  isTaken: boolean;
  cancelTimer(): void;
}

export function createMoves(options: MovesOptions): Moves {
  const { clock, ids, connections, conductor, capacity, browsers, transfers } = options;
  const moves = new Map<string, Move>();

  /** The call as the hub knows it; undefined for a telephone call that came in. */
  async function findCall(by: Device, callId: string | undefined): Promise<LiveCall | Refusal | undefined> {
    if (callId === undefined) return undefined;
    const call = await conductor.find(callId);
    if (!call) return refuse('NOT_FOUND');
    const decision = decide(call.record, { kind: 'move', by }, clock.now());
    if (decision.do === 'refuse') return decision.refusal;
    return transfers.isUnderWay(callId) ? refuse('TRANSFER_REFUSED', { state: 'transferring' }) : call;
  }

  async function findTelephone(
    call: LiveCall | undefined,
    request: MoveRequest,
  ): Promise<Move['telephone'] | Refusal> {
    if (call?.record.via === 'room') return undefined;
    const { dialog: replaces, activeForMs } = request;
    const peer = call?.callee ?? request.peer;
    if (!replaces) return refuse('INVALID_INPUT', { field: 'dialog' });
    if (!peer) return refuse('INVALID_INPUT', { field: 'peer' });
    const dial = call?.record.dial ?? (await findDial(options.people, peer.number)).dial;
    return {
      ...{ via: 'pbx', peer, dial, replaces },
      ...(call === undefined ? {} : { callId: call.record.id }),
      ...(activeForMs === undefined ? {} : { activeForMs }),
    };
  }

  async function offer(caller: Caller, request: MoveRequest): Promise<Offered | Refusal> {
    const device = connections.deviceOf(caller.session.id);
    const to = request.toDeviceId;
    if (!device || !browsers.siblingsOf(device).includes(to)) return refuse('NOT_FOUND');
    const call = await findCall(device, request.callId);
    if (call && 'code' in call) return call;
    const telephone = await findTelephone(call, request);
    if (telephone && 'code' in telephone) return telephone;
    const moveId = ids.next('m');
    const { muted, held, video, visit } = request;
    const sent: MoveOffer = {
      moveId,
      ...(call === undefined ? {} : { callId: call.record.id }),
      via: telephone ? 'pbx' : 'room',
      peer: telephone?.peer ?? (call ? otherParty(call, device.sessionId) : { name: '' }),
      media: call?.record.media ?? 'audio',
      fromDeviceId: device.sessionId,
      ...(muted === undefined ? {} : { muted }),
      ...(held === undefined ? {} : { held }),
      ...(video === undefined ? {} : { video }),
      ...(visit === undefined ? {} : { visit }),
    };
    const offeredAtMs = clock.now();
    const move = { offer: sent, from: device, to, telephone, offeredAtMs, isTaken: false, cancelTimer() {} };
    moves.set(moveId, move);
    keepFor(moveId, move, limits.MOVE_MS);
    connections.send(to, 'call:move', sent);
    return { ok: true, moveId };
  }

  async function take(caller: Caller, moveId: string): Promise<Taken | Refusal> {
    const by = deviceOf(caller);
    const move = moves.get(moveId);
    if (move?.to !== by.sessionId) return refuse('NOT_FOUND');
    if (!connections.isConnected(by.sessionId)) return refuse('NOT_CONNECTED');
    const { callId } = move.offer;
    const call = callId === undefined ? undefined : await conductor.find(callId);
    if (callId !== undefined && !call) return refuse('NOT_FOUND');
    // The same device again, its reply having been lost.
    if (move.isTaken) return answer(move, call, by);
    const kept = capacity.keep(by.sessionId, { callId });
    if (!kept) return refuse('TOO_MANY_CALLS');
    try {
      const moved = call ? await conductor.move(call, { from: move.from, to: by.sessionId }) : undefined;
      if (moved && !moved.ok) return moved;
      move.isTaken = true;
      if (move.telephone) keepFor(moveId, move, GIVE_BACK_MS);
      return answer(move, call, by);
    } finally {
      kept.release();
    }
  }

  function keepFor(moveId: string, move: Move, forMs: number): void {
    move.cancelTimer();
    move.cancelTimer = clock.after(forMs, () => void moves.delete(moveId));
  }

  async function giveBack(caller: Caller, moveId: string): Promise<Ack> {
    const by = deviceOf(caller);
    const move = moves.get(moveId);
    if (move?.to !== by.sessionId || !move.isTaken || !move.telephone) return refuse('NOT_FOUND');
    move.cancelTimer();
    moves.delete(moveId);
    const { callId } = move.offer;
    const call = callId === undefined ? undefined : await conductor.find(callId);
    return call ? conductor.move(call, { from: by, to: move.from.sessionId }) : { ok: true };
  }

  function answer(move: Move, call: LiveCall | undefined, by: Device): Taken | Refusal {
    const iceServers = [...options.iceServers(by.personId)];
    const { telephone, offeredAtMs } = move;
    if (telephone) {
      const { activeForMs, ...rest } = telephone;
      const sinceMs = clock.now() - offeredAtMs;
      const clockMs = activeForMs === undefined ? {} : { activeForMs: activeForMs + sinceMs };
      return { ok: true, taken: { ...rest, ...clockMs, iceServers } };
    }
    const role = call && roleOf(call.record, by.sessionId);
    if (!call || role === undefined || role === 'stranger') return refuse('NOT_FOUND');
    const { id: callId, media, answeredAtMs = clock.now() } = call.record;
    const base = { via: 'room' as const, callId, role, media, iceServers };
    const activeForMs = clock.now() - answeredAtMs;
    return { ok: true, taken: { ...base, peer: otherParty(call, by.sessionId), activeForMs } };
  }

  return {
    offer,
    take,
    giveBack,
    stop() {
      for (const move of moves.values()) move.cancelTimer();
    },
  };
}
