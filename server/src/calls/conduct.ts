// Carries out what `room.ts` decides: stores it first, then tells the devices (decision 11). One event of a call at a
// time; storage's compare-and-set has the last word, should another process have been faster.
import { type Ack, type Refusal, type RoomSignal, refuse } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { AcceptResult, CallStore, CreateCallResult, PeopleStore } from '../storage/port.ts';
import { type Announcer, createAnnouncer, otherDevice } from './announce.ts';
import type { Browsers } from './browsers.ts';
import type { CallRecord } from './call.ts';
import type { Capacity } from './capacity.ts';
import type { Connections } from './connections.ts';
import { createLiveCall, inTurn, type LiveCall, type LiveCalls, type Parties, peerOf } from './live.ts';
import type { Device } from './ports.ts';
import { relaySignals, releaseHeld } from './relay.ts';
import { type CallEvent, decide, refuseEnded, sideOf } from './room.ts';
import { createWatch, type Watch } from './watch.ts';

/** What calling needs kept. */
export interface CallStorage {
  readonly calls: CallStore;
  readonly people: Pick<PeopleStore, 'byIds' | 'byNumbers'>;
}

export interface ConductorOptions {
  readonly storage: CallStorage;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly live: LiveCalls;
  readonly capacity: Capacity;
  readonly browsers: Browsers;
  readonly logger: Logger;
  /** Hears of each call that has ended, once. */
  readonly onEnded?: (call: CallRecord) => void;
}

export type Created =
  | { readonly kind: 'created'; readonly call: LiveCall }
  | Exclude<CreateCallResult, { kind: 'created' }>;
/** What has just become of a call, stored and told. */
export type CallChange =
  | { readonly kind: 'accepted'; readonly call: LiveCall }
  | { readonly kind: 'ended'; readonly call: LiveCall; readonly event: CallEvent };
export type Accepted = { readonly ok: true; readonly call: LiveCall };

export interface Conductor {
  readonly watch: Watch;
  /** Who hears of what; the snapshot asks it too. */
  readonly announcer: Pick<Announcer, 'ringingOn' | 'settleAloud'>;
  /** Stores a new call, and where it is one, takes it into memory, starts its timers, rings. */
  create(record: CallRecord, parties: Parties): Promise<Created>;
  /** Takes a stored call into memory, as `create` does. */
  open(call: LiveCall): void;
  /** A call by its id: live, or read from storage; undefined when there is none. */
  find(callId: string): Promise<LiveCall | undefined>;
  accept(call: LiveCall, by: Device): Promise<Accepted | Refusal>;
  /** Everything that ends a call. */
  apply(call: LiveCall, event: CallEvent): Promise<Ack>;
  /** M2: the call goes on at another device of the same person. */
  move(call: LiveCall, devices: { readonly from: Device; readonly to: string }): Promise<Ack>;
  signal(by: Device, event: RoomSignal): Ack | Promise<Ack>;
  /** Brings a device that is back into its rooms again (R3). */
  rejoin(device: Device): void;
  left(device: Device): void;
  /** From now on nothing of this session may go on (S6). */
  sessionEnded(sessionId: string): Promise<void>;
  isOver(sessionId: string): boolean;
  /** Tells what becomes of each call; for what depends on it. */
  onChange(listener: (change: CallChange) => void): void;
}

/** An ended session is remembered this long, for what was under way when it ended. */
const REMEMBER_ENDED_MS = 60_000;
const done: Ack = { ok: true };

export function createConductor(options: ConductorOptions): Conductor {
  const { storage, clock, connections, live } = options;
  const over = new Set<string>();
  const listeners: ((change: CallChange) => void)[] = [];
  const tell = (change: CallChange) => {
    for (const listener of listeners) listener(change);
  };
  const creating = new Map<string, Promise<unknown>>();
  const watch = createWatch({ ...options, calls: storage.calls, apply });
  const announcer = createAnnouncer(options);

  function open(call: LiveCall): void {
    live.add(call);
    watch.follow(call);
    if (call.record.state === 'ringing') announcer.ringing(call);
    if (over.has(call.record.callerSessionId)) endLater(call, call.record.callerSessionId);
  }

  async function store(record: CallRecord, parties: Parties): Promise<Created> {
    const result = await storage.calls.create(record);
    if (result.kind !== 'created') return result;
    const call = createLiveCall(result.call, parties);
    open(call);
    return { kind: 'created', call };
  }

  async function find(callId: string): Promise<LiveCall | undefined> {
    // A crossing request may know a call from storage before its own request has heard that it is stored.
    await creating.get(callId);
    const known = live.get(callId);
    if (known) return known;
    const record = await storage.calls.byId(callId);
    if (!record) return undefined;
    const people = await storage.people.byIds([
      record.callerId,
      ...(record.calleeId ? [record.calleeId] : []),
    ]);
    const peer = (id: string | undefined) => {
      const person = people.find((candidate) => candidate.id === id);
      return person ? peerOf(person) : { name: record.dial ?? '' };
    };
    const parties = { caller: peer(record.callerId), callee: peer(record.calleeId) };
    const call = createLiveCall(record, parties);
    const other = live.get(callId);
    if (!other && record.state === 'placed') live.add(call);
    return other ?? call;
  }

  function accept(call: LiveCall, by: Device): Promise<Accepted | Refusal> {
    return inTurn(call, async () => {
      const decision = decide(call.record, { kind: 'accept', by }, clock.now());
      if (decision.do === 'refuse') return decision.refusal;
      if (decision.do !== 'accept') return { ok: true, call };
      const result = await storage.calls.accept(call.record.id, by.sessionId, clock.now());
      if (result.kind === 'refused') return lostAccept(call, result);
      live.update(call, result.call);
      watch.follow(call);
      announcer.accepted(call, by.sessionId);
      tell({ kind: 'accepted', call });
      if (over.has(by.sessionId)) endLater(call, by.sessionId);
      return { ok: true, call };
    });
  }

  /** Storage knew better: another process was first. */
  function lostAccept(call: LiveCall, result: Extract<AcceptResult, { kind: 'refused' }>): Refusal {
    if (result.call) live.update(call, result.call);
    if (call.record.state === 'ended') forget(call);
    switch (result.reason) {
      case 'not-found':
        return refuse('NOT_FOUND');
      case 'answered':
        return refuse('ALREADY_ANSWERED', { state: 'active' });
      case 'expired':
        return refuse('CALL_EXPIRED', { state: 'no-answer' });
      case 'ended':
        return refuseEnded(call.record);
    }
  }

  function apply(call: LiveCall, event: CallEvent): Promise<Ack> {
    return inTurn(call, async () => {
      const first = await tryEnd(call, event);
      return first ?? (await tryEnd(call, event)) ?? done;
    });
  }

  function move(call: LiveCall, { from, to }: { from: Device; to: string }): Promise<Ack> {
    return inTurn(call, async () => {
      const decision = decide(call.record, { kind: 'move', by: from }, clock.now());
      if (decision.do === 'refuse') return decision.refusal;
      if (decision.do !== 'move') return refuse('NOT_FOUND');
      const { side } = decision;
      const moved = await storage.calls.move(call.record.id, { side, from: from.sessionId, to });
      if (!moved) return refuse('NOT_FOUND');
      live.update(call, moved);
      call.held.clear();
      call.repliedUpTo = undefined;
      call.startsAnew.clear();
      if (moved.via === 'room') call.startsAnew.add(otherDevice(moved, to));
      watch.follow(call);
      announcer.moved(call, from.sessionId);
      if (over.has(to)) endLater(call, to);
      return done;
    });
  }

  /** Undefined when somebody else had changed the call meanwhile: decide anew. */
  async function tryEnd(call: LiveCall, event: CallEvent): Promise<Ack | undefined> {
    const decision = decide(call.record, event, clock.now());
    if (decision.do === 'refuse') return decision.refusal;
    if (decision.do !== 'end') return done;
    const before = call.record;
    const endedBy = sideOf(before, event);
    const result = await storage.calls.end(before.id, {
      reason: decision.reason,
      atMs: decision.atMs ?? (decision.estimated ? before.lastSeenAtMs : clock.now()),
      ifState: before.state,
      ...(decision.estimated ? { estimated: true } : {}),
      ...(endedBy === undefined ? {} : { endedBy }),
      ...(event.kind === 'transferred' ? { transferredTo: event.to } : {}),
    });
    if (result) live.update(call, result.call);
    if (!result || result.call.state === 'ended') forget(call);
    else watch.follow(call);
    if (!result?.changed) return undefined;
    options.onEnded?.(result.call);
    const decliner = event.kind === 'decline' ? { decliner: event.by.sessionId } : {};
    announcer.ended(call, before, { decision, ...decliner });
    tell({ kind: 'ended', call, event });
    return done;
  }

  function forget(call: LiveCall): void {
    call.cancelTimer();
    live.remove(call);
  }

  function endLater(call: LiveCall, sessionId: string): void {
    apply(call, { kind: 'session-ended', sessionId }).catch((err: unknown) => {
      options.logger.error({ err, callId: call.record.id }, 'a call of an ended session could not be ended');
    });
  }

  return {
    watch,
    announcer,
    create(record, parties) {
      const storing = store(record, parties);
      const settled = storing.catch(() => {}).finally(() => creating.delete(record.id));
      creating.set(record.id, settled);
      return storing;
    },
    open,
    find,
    accept,
    apply,
    move,
    signal(by, event) {
      const call = live.get(event.callId);
      if (call) return relaySignals(call, by, event.envelopes, connections);
      return storage.calls.byId(event.callId).then((record) => {
        const decision = record && decide(record, { kind: 'signal', by }, clock.now());
        return decision?.do === 'refuse' ? decision.refusal : refuse('NOT_FOUND');
      });
    },
    rejoin({ sessionId }) {
      for (const call of live.roomsOf(sessionId)) {
        if (call.record.state === 'active') {
          if (call.record.calleeSessionId === sessionId) releaseHeld(call, connections);
          announcer.present(call, sessionId);
        }
        watch.follow(call);
      }
    },
    left({ sessionId, personId }) {
      for (const call of live.roomsOf(sessionId)) {
        if (call.record.state === 'active') {
          watch.seenNow(call);
          announcer.absent(call, sessionId);
        }
        watch.follow(call);
      }
      announcer.settleAloud(personId);
    },
    async sessionEnded(sessionId) {
      over.add(sessionId);
      clock.after(REMEMBER_ENDED_MS, () => over.delete(sessionId));
      const device = connections.deviceOf(sessionId);
      connections.dismiss(sessionId);
      if (device) announcer.settleAloud(device.personId);
      const calls = live.ofSession(sessionId);
      await Promise.all(calls.map((call) => apply(call, { kind: 'session-ended', sessionId })));
    },
    isOver: (sessionId) => over.has(sessionId),
    onChange: (listener) => void listeners.push(listener),
  };
}
