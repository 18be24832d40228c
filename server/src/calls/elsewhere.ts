// What each device shows of its calls to the person's other devices in the same browser, and how those steer it (D4).
// The hub passes it on and understands nothing of it; nothing here is stored.
import {
  type Ack,
  type CallsElsewhere,
  limits,
  refuse,
  type ShownCall,
  type SteerCall,
} from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import { type Browsers, isSameBrowser } from './browsers.ts';
import type { Connections } from './connections.ts';
import type { Device } from './ports.ts';

export interface ElsewhereOptions {
  readonly clock: Clock;
  readonly connections: Connections;
  readonly browsers: Browsers;
}

export interface Elsewhere {
  show(device: Device, calls: readonly ShownCall[]): void;
  /** `NOT_FOUND` for whatever is not a call that a device of the same person and browser shows. */
  steer(by: Device, event: SteerCall): Ack;
  /** For the snapshot of this device. */
  seenBy(device: Device): CallsElsewhere[];
  arrived(device: Device): void;
  left(device: Device): void;
  /** Its session is over: nothing of it comes back. */
  dismissed(device: Device): void;
}

interface Showing {
  readonly device: Device;
  readonly calls: readonly ShownCall[];
  readonly shownAtMs: number;
  /** Stops the timer after which it is forgotten. */
  cancel(): void;
}

export function createElsewhere({ clock, connections, browsers }: ElsewhereOptions): Elsewhere {
  const showings = new Map<string, Showing>();

  function toEvent(device: Device): CallsElsewhere {
    return {
      deviceId: device.sessionId,
      popOut: device.popOut === true,
      connected: connections.isConnected(device.sessionId),
      calls: asNow(showings.get(device.sessionId)),
    };
  }

  /** Running times have gone on since the device showed them. */
  function asNow(showing: Showing | undefined): readonly ShownCall[] {
    if (!showing) return [];
    const sinceMs = clock.now() - showing.shownAtMs;
    return showing.calls.map((call) =>
      call.activeForMs === undefined ? call : { ...call, activeForMs: call.activeForMs + sinceMs },
    );
  }

  function tell(device: Device): void {
    for (const sibling of browsers.siblingsOf(device)) {
      connections.send(sibling, 'calls:elsewhere', toEvent(device));
    }
  }

  function keep(device: Device, calls: readonly ShownCall[]): void {
    showings.get(device.sessionId)?.cancel();
    if (calls.length === 0) showings.delete(device.sessionId);
    else showings.set(device.sessionId, { device, calls, shownAtMs: clock.now(), cancel() {} });
  }

  /** What is not shown again until then is over. */
  function forgetAfter(device: Device, delayMs: number): void {
    const showing = showings.get(device.sessionId);
    if (!showing) return;
    showing.cancel();
    showing.cancel = clock.after(delayMs, () => {
      showings.delete(device.sessionId);
      tell(device);
    });
  }

  return {
    show(device, calls) {
      keep(device, calls);
      tell(device);
    },
    steer(by, { deviceId, callId, command }) {
      const isShown = showings.get(deviceId)?.calls.some((call) => call.callId === callId) ?? false;
      if (!isShown || !browsers.siblingsOf(by).includes(deviceId)) return refuse('NOT_FOUND');
      connections.send(deviceId, 'calls:steer', { callId, command });
      return { ok: true };
    },
    seenBy(device) {
      const connected = browsers.siblingsOf(device).flatMap((id) => connections.deviceOf(id) ?? []);
      const gone = [...showings.values()]
        .map((showing) => showing.device)
        .filter((other) => isSameBrowser(other, device) && !connections.isConnected(other.sessionId));
      return [...connected, ...gone]
        .filter(({ sessionId }) => sessionId !== device.sessionId)
        .map(toEvent)
        .filter(({ calls, connected: isHere, popOut }) => calls.length > 0 || (popOut && isHere));
    },
    arrived(device) {
      forgetAfter(device, limits.CALLER_AWAY_MS);
      if (device.popOut || showings.has(device.sessionId)) tell(device);
    },
    left(device) {
      forgetAfter(device, limits.ROOM_WINDOW_MS);
      if (device.popOut || showings.has(device.sessionId)) tell(device);
    },
    dismissed(device) {
      const isKnown = device.popOut || showings.has(device.sessionId);
      keep(device, []);
      if (isKnown) tell(device);
    },
  };
}
