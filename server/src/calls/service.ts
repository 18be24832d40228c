// Calls and rooms as the rest of the hub sees them: requests from HTTP, events from sockets, ends of sessions, and the
// recovery after a restart (C15, R6). Refusals are values; what each event means is decided in `room.ts`.
import {
  type AcceptedCall,
  type Ack,
  type Availability,
  type DeviceVisible,
  type EndReason,
  type IceServer,
  type Refusal,
  type RoomSignal,
  refuse,
  type ShowCalls,
  type Snapshot,
  type SteerCall,
  type ToldEnd,
} from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { type Answers, createAnswers, type Placed } from './answer.ts';
import { createBrowsers } from './browsers.ts';
import type { CallRecord } from './call.ts';
import { createCapacity } from './capacity.ts';
import { type Accepted, type CallStorage, createConductor } from './conduct.ts';
import type { Connections } from './connections.ts';
import { deviceOf } from './device.ts';
import { createElsewhere } from './elsewhere.ts';
import { createLiveCalls } from './live.ts';
import { createLoudest } from './loudest.ts';
import { createMoves, type Moves } from './move.ts';
import { refuseForeignDialog } from './own-dialog.ts';
import { createPlace, type PlaceOrder } from './place.ts';
import { createPlacedSweep } from './placed.ts';
import type { Device, DeviceSocket, PbxReach } from './ports.ts';
import { createReach } from './reach.ts';
import type { PlaceRefusal } from './request.ts';
import { createSnapshots } from './snapshot.ts';
import { createTransfers, type Transfers } from './transfer.ts';

export interface CallServiceOptions {
  readonly storage: CallStorage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly connections: Connections;
  readonly pbxReach: PbxReach;
  /** STUN and TURN servers for a call of this person that begins now. */
  readonly iceServers: (personId: string) => readonly IceServer[];
  /** The do-not-disturb of a person as it is now. */
  readonly availabilityOf: (personId: string) => Availability;
  readonly logger: Logger;
  /** Hears of each call that has ended, once; for the metrics. */
  readonly onEnded?: (call: CallRecord) => void;
}

export interface CallService {
  /** Refuses with INVALID targets as `NOT_FOUND`, and as C9–C12 say; `UNREACHABLE` carries `ways`. */
  place(caller: Caller, order: PlaceOrder): Promise<Placed | PlaceRefusal>;
  /** C4, C5, C12. */
  accept(caller: Caller, callId: string): Promise<{ ok: true; accepted: AcceptedCall } | Refusal>;
  /** C6. */
  decline(caller: Caller, callId: string, message?: string): Promise<Ack>;
  /** C7, R4. */
  end(caller: Caller, callId: string, reason: ToldEnd): Promise<Ack>;
  /** T1–T5. */
  readonly transfer: Transfers['ask'];
  /** M1–M3, M5. */
  readonly offerMove: Moves['offer'];
  readonly takeMove: Moves['take'];
  readonly giveMoveBack: Moves['giveBack'];
  /** R1, R2, R8; synchronous while the call is live. */
  signal(device: Device, event: RoomSignal): Ack | Promise<Ack>;
  /** D3: whether a page of this device is in front of the person. */
  visible(device: Device, event: DeviceVisible): Ack;
  /** D4. */
  show(device: Device, event: ShowCalls): Ack;
  steer(device: Device, event: SteerCall): Ack;
  snapshotFor(device: Device): Snapshot;
  /** A socket of this device is open: it takes over, and gets its snapshot (H2, H4). */
  deviceConnected(device: Device, socket: DeviceSocket): void;
  deviceGone(device: Device, socket: DeviceSocket): void;
  /** S6: sockets told and closed, calls ended. */
  sessionEnded(sessionId: string): Promise<void>;
  /** D2: tells the person's devices. */
  availabilityChanged(personId: string, availability: Availability): void;
  /** The telephone calls of this device changed. */
  telephoneChanged(sessionId: string): void;
  /** The telephone exchange has told how this call ended; nothing where that was known already. */
  telephoneOver(
    callId: string,
    how: { readonly reason: EndReason; readonly atMs: number; readonly estimated?: true },
  ): Promise<void>;
  /** Telephone calls became possible or impossible. */
  pbxChanged(available: boolean): void;
  /** Takes up the calls that storage knows of; to be awaited before the first socket is let in. */
  start(): Promise<void>;
  /** Ends nothing; notes when rooms were last seen. */
  stop(): Promise<void>;
  /** Whether some device of the person is in a call or makes one; what only rings there does not count. */
  isInCall(personId: string): boolean;
  /** Room calls that ring or are active. */
  readonly liveCount: number;
  /** What this hub has in hand, for the metrics; `placed` are telephone calls it knows of. */
  liveByState(): Record<Exclude<CallRecord['state'], 'ended'>, number>;
}

const done: Ack = { ok: true };

export function createCallService(options: CallServiceOptions): CallService {
  const { storage, clock, connections, pbxReach } = options;
  const live = createLiveCalls({ clock });
  const capacity = createCapacity({ live, pbxReach });
  const browsers = createBrowsers({ connections });
  const conductor = createConductor({ ...options, live, capacity, browsers });
  const reach = createReach({ isOnline: connections.isOnline, pbxReach });
  const answers = createAnswers(options);
  const elsewhere = createElsewhere({ clock, connections, browsers });
  const loudest = createLoudest({ connections, browsers });
  const { announcer } = conductor;
  const snapshotFor = createSnapshots({
    ...{ ...options, live, announcer, elsewhere, loudest },
    transfersOf: (sessionId) => transfers.askedBy(sessionId),
  });
  const placedSweep = createPlacedSweep({
    ...options,
    calls: storage.calls,
    seen(callId, atMs) {
      const call = live.get(callId);
      if (call) live.update(call, { ...call.record, lastSeenAtMs: atMs });
    },
    async close(callId) {
      const call = await conductor.find(callId);
      if (call) await conductor.apply(call, { kind: 'gone' });
    },
  });
  const transfers = createTransfers({ ...options, conductor, people: storage.people });
  const moves = createMoves({
    ...options,
    ...{ conductor, capacity, browsers, transfers, people: storage.people },
  });
  const place = createPlace({
    ...options,
    ...{ live, capacity, browsers, conductor, reach, answers, transfers },
  });

  async function accept(caller: Caller, callId: string): ReturnType<CallService['accept']> {
    const by = deviceOf(caller);
    const call = await conductor.find(callId);
    if (!call) return refuse('NOT_FOUND');
    const isRinging = call.record.calleeId === by.personId && call.record.state === 'ringing';
    if (!isRinging) return reply(await conductor.accept(call, by));
    if (!connections.isConnected(by.sessionId)) return refuse('NOT_CONNECTED');
    if (capacity.isKept(by.sessionId, callId)) return reply(await conductor.accept(call, by));
    const kept = capacity.keep(by.sessionId, { callId, without: call.record.joins });
    if (!kept) return refuse('TOO_MANY_CALLS');
    return reply(await conductor.accept(call, by).finally(() => kept.release()));
  }

  function reply(result: Accepted | Refusal): ReturnType<Answers['accepted']> | Refusal {
    return result.ok ? answers.accepted(result.call) : result;
  }

  return {
    place,
    accept,
    async transfer(caller, callId, request) {
      const dialog = 'with' in request ? request.dialog : undefined;
      return (await refuseForeignDialog(pbxReach, caller, dialog)) ?? transfers.ask(caller, callId, request);
    },
    async offerMove(caller, request) {
      return (await refuseForeignDialog(pbxReach, caller, request.dialog)) ?? moves.offer(caller, request);
    },
    takeMove: moves.take,
    giveMoveBack: moves.giveBack,
    availabilityChanged(personId, availability) {
      for (const sessionId of connections.devicesOf(personId)) {
        connections.send(sessionId, 'availability:changed', availability);
      }
    },
    telephoneChanged: transfers.telephoneChanged,
    async telephoneOver(callId, how) {
      const call = await conductor.find(callId);
      if (call) await conductor.apply(call, { kind: 'over', ...how });
    },
    snapshotFor,
    async decline(caller, callId, message) {
      const call = await conductor.find(callId);
      if (!call) return refuse('NOT_FOUND');
      return conductor.apply(call, { kind: 'decline', by: deviceOf(caller), message });
    },
    async end(caller, callId, reason) {
      const call = await conductor.find(callId);
      if (!call) return refuse('NOT_FOUND');
      return conductor.apply(call, { kind: 'end', by: deviceOf(caller), reason });
    },
    signal: conductor.signal,
    deviceConnected(device, socket) {
      if (conductor.isOver(device.sessionId)) {
        socket.emit('session:ended');
        socket.close();
        return;
      }
      connections.attach(device, socket);
      socket.emit('snapshot', snapshotFor(device));
      loudest.settle(device.personId);
      elsewhere.arrived(device);
      conductor.rejoin(device);
      transfers.remind(device.sessionId);
    },
    deviceGone(device, socket) {
      if (!connections.detach(device, socket)) return;
      browsers.forget(device.sessionId);
      loudest.settle(device.personId);
      elsewhere.left(device);
      conductor.left(device);
    },
    async sessionEnded(sessionId) {
      const device = connections.deviceOf(sessionId);
      const ending = conductor.sessionEnded(sessionId);
      browsers.forget(sessionId);
      if (device) {
        loudest.settle(device.personId);
        elsewhere.dismissed(device);
      }
      await ending;
    },
    visible(device, { visible }) {
      if (!browsers.setVisible(device.sessionId, visible)) return done;
      announcer.settleAloud(device.personId);
      loudest.settle(device.personId);
      return done;
    },
    show(device, { calls }) {
      elsewhere.show(device, calls);
      return done;
    },
    steer: elsewhere.steer,
    pbxChanged: (available) => connections.broadcast('pbx:changed', { available }),
    async start() {
      for (const record of await storage.calls.live()) {
        const call = await conductor.find(record.id);
        if (!call || live.get(record.id)) continue;
        conductor.open(call);
        live.rememberRequest(record.callerId, record.requestId, call);
      }
      conductor.watch.start();
      placedSweep.start();
    },
    stop() {
      placedSweep.stop();
      transfers.stop();
      moves.stop();
      return conductor.watch.stop();
    },
    isInCall: (personId) =>
      connections
        .devicesOf(personId)
        .some((sessionId) => live.roomsOf(sessionId).length > 0 || pbxReach.callsOf(sessionId) > 0),
    get liveCount() {
      return live.all().filter(({ record }) => record.via === 'room').length;
    },
    liveByState() {
      const counts = { ringing: 0, active: 0, placed: 0 };
      for (const { record } of live.all()) if (record.state !== 'ended') counts[record.state] += 1;
      return counts;
    },
  };
}
