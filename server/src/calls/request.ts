// The hub decides how to reach a person (decision 5; C9–C11, D1): given what is known, a call goes to a room, to the
// telephone, or is refused. Pure; `place.ts` finds out what is known and carries the decision out.
import { type Refusal, refuse, type Way } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';

/** A refused request; `UNREACHABLE` carries the ways that remain. */
export type PlaceRefusal = Refusal & { readonly ways?: readonly Way[] };

export type Placement = { readonly ok: true; readonly via: 'room' } | DialPlacement;
export interface DialPlacement {
  readonly ok: true;
  readonly via: 'pbx';
  /** User part of the SIP request URI. */
  readonly dial: string;
}

export interface Situation {
  readonly callee: PersonRecord;
  readonly way: 'auto' | 'desk' | 'pbx';
  /** Devices of the callee that have a socket, and how many of them have room for one more call. */
  readonly connected: number;
  readonly free: number;
  readonly ways: readonly Way[];
  readonly pbxAvailable: boolean;
}

/** Prefix of the dialled user that rings the desk phone alone; the dialplan has the pattern. */
const DESK_PREFIX = 'desk-';
/** Service numbers of the exchange itself, such as 600 for the echo test. */
const SERVICE_NUMBER = /^[0-9*#]{1,6}$/;

export function decidePlacement(situation: Situation): Placement | PlaceRefusal {
  const { callee, ways } = situation;
  if (callee.doNotDisturb !== undefined) return refuse('DO_NOT_DISTURB');
  if (situation.way === 'desk') return decideDesk(situation);
  if (situation.way === 'auto' && situation.free > 0) return { ok: true, via: 'room' };
  if (situation.way === 'auto' && situation.connected > 0) return refuse('BUSY');
  if (callee.extension !== undefined && isAvailable(ways, 'extension')) {
    return { ok: true, via: 'pbx', dial: callee.extension };
  }
  return unreachable(ways);
}

function decideDesk({ callee, ways, pbxAvailable }: Situation): Placement | PlaceRefusal {
  if (callee.deskPhone === undefined || callee.extension === undefined) return unreachable(ways);
  if (!pbxAvailable) return refuse('PBX_UNAVAILABLE');
  if (!isAvailable(ways, 'desk')) return unreachable(ways);
  return { ok: true, via: 'pbx', dial: `${DESK_PREFIX}${callee.extension}` };
}

/** A number that belongs to nobody here: only the exchange's own service numbers can be dialled. */
export function decideNumber(number: string, pbxAvailable: boolean): DialPlacement | PlaceRefusal {
  if (!SERVICE_NUMBER.test(number)) return unreachable([]);
  return pbxAvailable ? { ok: true, via: 'pbx', dial: number } : refuse('PBX_UNAVAILABLE');
}

function isAvailable(ways: readonly Way[], kind: Way['kind']): boolean {
  return ways.some((way) => way.kind === kind && way.available);
}

function unreachable(ways: readonly Way[]): PlaceRefusal {
  return { ...refuse('UNREACHABLE'), ways };
}
