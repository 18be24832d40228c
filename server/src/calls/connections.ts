// Which device has which live socket, and when a person's last one went. One socket a device: a newer one takes over
// (H4). It knows nothing of calls.
import { limits, type ServerToClient } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Device, DeviceSocket } from './ports.ts';

export interface Connections {
  /** Makes this the device's socket; an older one is closed. */
  attach(device: Device, socket: DeviceSocket): void;
  /** Takes it away; false when a newer socket had already taken over. */
  detach(device: Device, socket: DeviceSocket): boolean;
  isConnected(sessionId: string): boolean;
  /** The connected device of this session. */
  deviceOf(sessionId: string): Device | undefined;
  /** Sessions of the person that have a socket now. */
  devicesOf(personId: string): readonly string[];
  /** Whether a device of theirs is connected, or was until less than the grace ago (C10). */
  isOnline(personId: string): boolean;
  /** True as soon as a device of theirs is connected; false when the grace is over first, at once where there is none. */
  untilBack(personId: string): Promise<boolean>;
  /** Sends to the device if it is connected. */
  send<E extends keyof ServerToClient>(
    sessionId: string,
    event: E,
    ...args: Parameters<ServerToClient[E]>
  ): void;
  broadcast<E extends keyof ServerToClient>(event: E, ...args: Parameters<ServerToClient[E]>): void;
  /** The session is over: its socket is told and closed, and no grace is left to its person for it (S6). */
  dismiss(sessionId: string): void;
  readonly count: number;
}

interface Connected {
  readonly device: Device;
  readonly socket: DeviceSocket;
}

interface Absence {
  readonly waiting: Set<(isBack: boolean) => void>;
  /** Stops the timer that forgets this absence. */
  readonly cancel: () => void;
}

export interface ConnectionsOptions {
  readonly clock: Clock;
  /** Hears of each device whose socket comes or goes. */
  readonly lastSeen?: { came(sessionId: string): void; gone(sessionId: string): void };
}

export function createConnections({ clock, lastSeen }: ConnectionsOptions): Connections {
  const bySession = new Map<string, Connected>();
  const byPerson = new Map<string, Set<string>>();
  const absences = new Map<string, Absence>();

  function endAbsence(personId: string, isBack: boolean): void {
    const absence = absences.get(personId);
    if (!absence) return;
    absences.delete(personId);
    absence.cancel();
    for (const tell of absence.waiting) tell(isBack);
  }

  function remove({ sessionId, personId }: Device): void {
    bySession.delete(sessionId);
    lastSeen?.gone(sessionId);
    const sessions = byPerson.get(personId);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) byPerson.delete(personId);
  }

  return {
    attach(device, socket) {
      const older = bySession.get(device.sessionId);
      bySession.set(device.sessionId, { device, socket });
      lastSeen?.came(device.sessionId);
      older?.socket.close();
      const sessions = byPerson.get(device.personId) ?? new Set();
      byPerson.set(device.personId, sessions.add(device.sessionId));
      endAbsence(device.personId, true);
    },

    detach(device, socket) {
      if (bySession.get(device.sessionId)?.socket !== socket) return false;
      remove(device);
      if (byPerson.has(device.personId)) return true;
      const { personId } = device;
      absences.set(personId, {
        waiting: new Set(),
        cancel: clock.after(limits.RECONNECT_GRACE_MS, () => endAbsence(personId, false)),
      });
      return true;
    },

    isConnected: (sessionId) => bySession.has(sessionId),
    deviceOf: (sessionId) => bySession.get(sessionId)?.device,
    devicesOf: (personId) => [...(byPerson.get(personId) ?? [])],
    isOnline: (personId) => byPerson.has(personId) || absences.has(personId),

    untilBack(personId) {
      if (byPerson.has(personId)) return Promise.resolve(true);
      const absence = absences.get(personId);
      if (!absence) return Promise.resolve(false);
      return new Promise((resolve) => absence.waiting.add(resolve));
    },

    send(sessionId, event, ...args) {
      bySession.get(sessionId)?.socket.emit(event, ...args);
    },

    broadcast(event, ...args) {
      for (const { socket } of bySession.values()) socket.emit(event, ...args);
    },

    dismiss(sessionId) {
      const connected = bySession.get(sessionId);
      if (!connected) return;
      remove(connected.device);
      connected.socket.emit('session:ended');
      connected.socket.close();
    },

    get count() {
      return bySession.size;
    },
  };
}
