// How many calls a device holds, and whether one more fits (C2, C9, C12). Rooms are counted from memory, telephone
// calls as the exchange knows them. A place is kept for what is being placed or accepted at this moment, so that two
// requests at once cannot both have the last one.
import { limits } from '@ringtag/server/protocol';
import type { LiveCalls } from './live.ts';
import type { PbxReach } from './ports.ts';

export interface CapacityOptions {
  readonly live: LiveCalls;
  readonly pbxReach: PbxReach;
}

/** A place kept on a device; every one is given back. */
export interface KeptPlace {
  /** The call that takes the place, which is then not counted beside it. */
  callId: string | undefined;
  release(): void;
}

export interface KeepOptions {
  readonly callId?: string | undefined;
  /** A call that ends when this one begins: it does not count. */
  readonly without?: string | undefined;
}

export interface Capacity {
  /** Whether one more call fits beside those that the device holds. */
  hasRoom(sessionId: string, without?: string): boolean;
  /** Keeps a place; undefined where none is left. */
  keep(sessionId: string, options?: KeepOptions): KeptPlace | undefined;
  /** Whether a place is kept for this call on this device. */
  isKept(sessionId: string, callId: string): boolean;
}

export function createCapacity({ live, pbxReach }: CapacityOptions): Capacity {
  const kept = new Map<string, Set<KeptPlace>>();
  const placesOf = (sessionId: string): KeptPlace[] => [...(kept.get(sessionId) ?? [])];

  function roomsBeside(sessionId: string, excluded: ReadonlySet<string | undefined>): number {
    return live.roomsOf(sessionId).filter(({ record }) => !excluded.has(record.id)).length;
  }

  function telephoneCalls(sessionId: string, without: string | undefined): number {
    const calls = pbxReach.callsOf(sessionId);
    const isOneLess = without !== undefined && live.get(without)?.record.via === 'pbx';
    return isOneLess ? Math.max(0, calls - 1) : calls;
  }

  return {
    hasRoom(sessionId, without) {
      const held = roomsBeside(sessionId, new Set([without])) + telephoneCalls(sessionId, without);
      return held < limits.CALLS_PER_DEVICE;
    },
    keep(sessionId, { callId, without } = {}) {
      const places = placesOf(sessionId);
      const excluded = new Set([without, ...places.map((place) => place.callId)]);
      const held = roomsBeside(sessionId, excluded) + telephoneCalls(sessionId, without) + places.length;
      if (held >= limits.CALLS_PER_DEVICE) return undefined;
      const place: KeptPlace = {
        callId,
        release() {
          const all = kept.get(sessionId);
          all?.delete(place);
          if (all?.size === 0) kept.delete(sessionId);
        },
      };
      kept.set(sessionId, (kept.get(sessionId) ?? new Set()).add(place));
      return place;
    },
    isKept: (sessionId, callId) => placesOf(sessionId).some((place) => place.callId === callId),
  };
}
