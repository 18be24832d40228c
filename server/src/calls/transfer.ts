// Passing a call on (T1–T6): one device asks, the other party's device is ordered to call somebody else, and only when
// that call is answered the first one ends. Orders live in memory: what a restart of the hub forgets leaves every call
// as it was.
import {
  type CallTarget,
  limits,
  type Peer,
  type Refusal,
  refuse,
  type TransferProgress,
  type TransferRequest,
} from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { PeopleStore } from '../storage/port.ts';
import { otherDevice } from './announce.ts';
import type { Placed } from './answer.ts';
import type { CallChange, Conductor } from './conduct.ts';
import type { Connections } from './connections.ts';
import { otherParty } from './live.ts';
import type { Device, PbxReach } from './ports.ts';
import type { PlaceRefusal } from './request.ts';
import { type CallEvent, roleOf } from './room.ts';
import { createGoals, type Goal, type Joined, refused } from './transfer-goal.ts';

export interface TransfersOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly connections: Connections;
  readonly conductor: Pick<Conductor, 'find' | 'apply' | 'onChange'>;
  readonly people: Pick<PeopleStore, 'byIds' | 'byNumbers'>;
  readonly pbxReach: PbxReach;
}

/** An order that its device is carrying out. */
export interface Claim {
  readonly ok: true;
  /** The call in which the order came. */
  readonly from: string;
  /** Who transferred, and to whom, as the two see each other. */
  readonly by: Peer;
  readonly to: Peer;
  readonly joined?: Joined;
  /** This call carries the order out. To be said before anybody can answer it. */
  callIs(callId: string): void;
  /** How the placing went. */
  settle(result: Placed | PlaceRefusal): void;
}

export interface Transfers {
  /** `NOT_FOUND`, `TRANSFER_REFUSED` with the state, `INVALID_INPUT`, `SELF_CALL`. */
  ask(
    caller: Caller,
    callId: string,
    request: TransferRequest,
  ): Promise<{ ok: true; transferId: string } | Refusal>;
  /** Takes the order to carry it out: by the ordered device, once, and only to its target (T2). */
  claim(transferId: string, by: Device, to: CallTarget): Claim | Refusal;
  /** A device that is back gets the order that it may have missed. */
  remind(sessionId: string): void;
  /** The telephone calls of this device changed. */
  telephoneChanged(sessionId: string): void;
  /** Whether an order about this call is under way. */
  isUnderWay(callId: string): boolean;
  /** The calls of which this device has asked to pass the other party on, as long as that is under way (T6). */
  askedBy(sessionId: string): readonly string[];
  stop(): void;
}

interface Order extends Goal {
  readonly id: string;
  readonly first: string;
  readonly by: Peer;
  readonly asker: string;
  readonly ordered: string;
  state: 'ordered' | 'claimed' | 'dialled';
  callId: string | undefined;
  cancelTimer: () => void;
}

export function createTransfers(options: TransfersOptions): Transfers {
  const { clock, ids, connections, conductor, pbxReach } = options;
  const goals = createGoals(options);
  const orders = new Map<string, Order>();
  const find = (fits: (order: Order) => boolean): Order | undefined => [...orders.values()].find(fits);
  const isUnderWay = (callId: string): boolean =>
    find(({ first, joined }) => first === callId || joined?.callId === callId) !== undefined;

  function tell({ id: transferId, first: callId, asker }: Order, told: Partial<TransferProgress>): void {
    connections.send(asker, 'transfer:state', { transferId, callId, state: 'failed', ...told });
  }

  function drop(order: Order): boolean {
    order.cancelTimer();
    return orders.delete(order.id);
  }

  function fail(order: Order, code: string, message?: string): void {
    if (drop(order)) tell(order, { code, ...(message === undefined ? {} : { message }) });
  }

  /** T3: the first call has done its duty, and with it the one that was joined (T4). */
  function answered(order: Order, callId: string): void {
    if (!drop(order)) return;
    tell(order, { state: 'answered' });
    const over = [order.first, ...(order.joined?.callId === undefined ? [] : [order.joined.callId])];
    for (const id of over) {
      end(id, callId).catch((err: unknown) => {
        options.logger.error({ err, callId: id }, 'a call that was passed on could not be ended');
      });
    }
  }

  async function end(callId: string, to: string): Promise<void> {
    const call = await conductor.find(callId);
    if (call) await conductor.apply(call, { kind: 'transferred', to });
  }

  function later(order: Order, task: () => void): void {
    order.cancelTimer();
    order.cancelTimer = clock.after(limits.TRANSFER_MS, task);
  }

  function sendOrder({ id: transferId, first: callId, ordered, by, to, target }: Order): void {
    connections.send(ordered, 'transfer:order', { transferId, callId, by, to, target });
  }

  async function ask(
    { session, person }: Caller,
    callId: string,
    request: TransferRequest,
  ): ReturnType<Transfers['ask']> {
    const by = { sessionId: session.id, personId: person.id };
    const call = await conductor.find(callId);
    if (!call || roleOf(call.record, by.sessionId) === 'stranger') return refuse('NOT_FOUND');
    const goal = await goals.find(by, request);
    const { state } = call.record;
    if (state !== 'active') return refused(state);
    if (!goal.ok) return goal;
    const second = goal.joined?.callId;
    if (isUnderWay(callId) || (second !== undefined && isUnderWay(second))) return refused('transferring');
    if (second === callId) return refused('same');
    const peer = otherParty(call, by.sessionId);
    if ('personId' in goal.target && goal.target.personId === peer.personId) return refuse('SELF_CALL');
    const ordered = otherDevice(call.record, by.sessionId);
    if (!connections.isConnected(ordered)) return refused('peer-away');
    const order: Order = {
      ...goal,
      ...{ id: ids.next('t'), first: callId, asker: by.sessionId, ordered },
      ...{ by: otherParty(call, ordered), state: 'ordered', callId: undefined, cancelTimer: () => {} },
    };
    orders.set(order.id, order);
    later(order, () => fail(order, 'CALL_EXPIRED'));
    sendOrder(order);
    return { ok: true, transferId: order.id };
  }

  function settle(order: Order, result: Placed | PlaceRefusal): void {
    if (!orders.has(order.id)) return;
    if (!result.ok) {
      fail(order, result.code);
      return;
    }
    tell(order, { state: 'ringing' });
    order.cancelTimer();
    if (result.placed.via === 'room') return;
    order.state = 'dialled';
    // The exchange tells when it is answered; should it fall silent, nothing else would ever end this.
    later(order, () => fail(order, 'no-answer'));
  }

  function heed(change: CallChange): void {
    const { id, endReason = 'failed' } = change.call.record;
    const order = find(({ callId }) => callId === id);
    if (change.kind === 'accepted') {
      if (order) answered(order, id);
    } else if (order) fail(order, endReason, 'message' in change.event ? change.event.message : undefined);
    else giveUp(id, change.event, endReason);
  }

  /** Whoever transfers may hang up before the order is carried out; whoever was ordered and hangs up, will not. */
  function giveUp(callId: string, event: CallEvent, reason: string): void {
    const order = find(({ first, state }) => first === callId && state === 'ordered');
    const isByAsker = event.kind === 'end' && event.by.sessionId === order?.asker;
    if (order && !isByAsker) fail(order, reason);
  }

  conductor.onChange(heed);
  return {
    ask,
    isUnderWay,
    askedBy: (sessionId) =>
      [...orders.values()].filter(({ asker }) => asker === sessionId).map(({ first }) => first),
    claim(transferId, by, to) {
      const order = orders.get(transferId);
      if (order?.ordered !== by.sessionId) return refuse('NOT_FOUND');
      if (order.state !== 'ordered') return refused('used');
      if (!isSame(order.target, to)) return refused('target');
      order.state = 'claimed';
      return {
        ...{ ok: true, from: order.first, by: order.by, to: order.to },
        ...(order.joined === undefined ? {} : { joined: order.joined }),
        callIs(callId) {
          order.callId = callId;
        },
        settle: (result) => settle(order, result),
      };
    },
    remind(sessionId) {
      for (const order of orders.values()) {
        if (order.ordered === sessionId && order.state === 'ordered') sendOrder(order);
      }
    },
    telephoneChanged(sessionId) {
      const order = find(({ ordered, state }) => ordered === sessionId && state === 'dialled');
      if (order?.callId !== undefined && pbxReach.isTalking(sessionId)) answered(order, order.callId);
    },
    stop() {
      for (const order of orders.values()) order.cancelTimer();
    },
  };
}

function isSame(one: CallTarget, other: CallTarget): boolean {
  if ('personId' in one) return 'personId' in other && other.personId === one.personId;
  return 'number' in other && other.number === one.number;
}
