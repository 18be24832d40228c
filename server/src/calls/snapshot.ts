// All that a device must know when it connects, so that nothing depends on events it missed (H2).
import { type Availability, limits, type RoomSnapshot, type Snapshot } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import { type Announcer, otherDevice } from './announce.ts';
import type { Connections } from './connections.ts';
import type { Elsewhere } from './elsewhere.ts';
import { type LiveCall, type LiveCalls, otherParty } from './live.ts';
import type { Loudest } from './loudest.ts';
import type { Device, PbxReach } from './ports.ts';

export interface SnapshotsOptions {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly live: LiveCalls;
  readonly pbxReach: PbxReach;
  readonly announcer: Pick<Announcer, 'ringingOn'>;
  readonly elsewhere: Pick<Elsewhere, 'seenBy'>;
  readonly loudest: Pick<Loudest, 'isLoudest'>;
  readonly availabilityOf: (personId: string) => Availability;
  /** Calls whose transfer this device has asked for and that is under way. */
  readonly transfersOf: (sessionId: string) => readonly string[];
}

export function createSnapshots(options: SnapshotsOptions): (device: Device) => Snapshot {
  const { clock, connections, live, pbxReach, announcer, elsewhere, loudest } = options;

  function roomSnapshot(call: LiveCall, sessionId: string): RoomSnapshot {
    const { record } = call;
    const base = {
      callId: record.id,
      role: record.callerSessionId === sessionId ? ('caller' as const) : ('callee' as const),
      peer: otherParty(call, sessionId),
      media: record.media,
    };
    const nowMs = clock.now();
    if (record.state === 'ringing') {
      const ringLeftMs = Math.max(0, record.ringUntilMs - nowMs);
      const peerConnected = connections.isOnline(record.calleeId ?? '');
      return { ...base, state: 'ringing', ringLeftMs, peerConnected };
    }
    const peerConnected = connections.isConnected(otherDevice(record, sessionId));
    return { ...base, state: 'active', activeForMs: nowMs - (record.answeredAtMs ?? nowMs), peerConnected };
  }

  return (device) => ({
    protocol: limits.PROTOCOL_VERSION,
    deviceId: device.sessionId,
    ringing: announcer.ringingOn(device.sessionId, device.personId),
    rooms: live.roomsOf(device.sessionId).map((call) => roomSnapshot(call, device.sessionId)),
    pbx: pbxReach.available,
    availability: options.availabilityOf(device.personId),
    aloud: loudest.isLoudest(device),
    elsewhere: elsewhere.seenBy(device),
    transfers: options.transfersOf(device.sessionId),
  });
}
