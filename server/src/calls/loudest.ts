// Which device of each browser makes the sound when a telephone call rings: the exchange rings them all alike, so that
// each must know beforehand (D3).
import type { Browsers } from './browsers.ts';
import type { Connections } from './connections.ts';
import type { Device } from './ports.ts';

export interface LoudestOptions {
  readonly connections: Connections;
  readonly browsers: Browsers;
}

export interface Loudest {
  /** For the snapshot of this device; from now on it is told when that changes. */
  isLoudest(device: Device): boolean;
  /** Which device of a browser is in front may have changed, or a device came or went. */
  settle(personId: string): void;
}

export function createLoudest({ connections, browsers }: LoudestOptions): Loudest {
  /** What each connected device was told last. */
  const told = new Map<string, boolean>();
  const loudestOf = (personId: string) => browsers.aloudAmong(connections.devicesOf(personId));

  return {
    isLoudest({ sessionId, personId }) {
      const aloud = loudestOf(personId).has(sessionId);
      told.set(sessionId, aloud);
      return aloud;
    },
    settle(personId) {
      for (const sessionId of told.keys()) if (!connections.isConnected(sessionId)) told.delete(sessionId);
      const loudest = loudestOf(personId);
      for (const sessionId of connections.devicesOf(personId)) {
        const aloud = loudest.has(sessionId);
        const was = told.get(sessionId);
        told.set(sessionId, aloud);
        if (was !== undefined && was !== aloud) connections.send(sessionId, 'device:aloud', { aloud });
      }
    },
  };
}
