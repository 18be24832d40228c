// `POST /api/moves/{id}/take`: takes a call over that runs on another device, and brings the leg that carries it here.
import type { MoveOffer, TakenCall } from '@ringtag/server/protocol';
import type { Leg } from '../call/call.ts';
import { done, type Result, refused } from '../call/errors.ts';
import type { Send } from './api.ts';

export interface TakeOptions {
  readonly send: Send;
  /** Brackets the time in which events may come for a call that is not here yet. */
  readonly expect: (overtaken: () => void) => () => void;
  /** Settles when telephone calls can come here; false if that does not come about in time. */
  readonly lineReady: () => Promise<boolean>;
  readonly room: (taken: Extract<TakenCall, { via: 'room' }>) => Leg;
  /** `giveBack`: the exchange did not move it here. */
  readonly pbx: (taken: Extract<TakenCall, { via: 'pbx' }>, giveBack: () => void) => Promise<Result<Leg>>;
}

export interface Taken {
  readonly call: TakenCall;
  readonly leg: Leg;
}

export async function takeOffered(options: TakeOptions, { moveId, via }: MoveOffer): Promise<Result<Taken>> {
  // Once taken it has moved, as the hub sees it: whatever may fail comes first.
  if (via === 'pbx' && !(await options.lineReady())) return refused('PBX_UNAVAILABLE');
  const expected = options.expect(() => {});
  try {
    const path = `/api/moves/${encodeURIComponent(moveId)}/`;
    const taken = await options.send<TakenCall>(`${path}take`, { method: 'POST' });
    if (!taken.ok) return taken;
    const call = taken.value;
    if (call.via === 'room') return done({ call, leg: options.room(call) });
    const giveBack = () => void options.send(`${path}return`, { method: 'POST', keepalive: true });
    const leg = await options.pbx(call, giveBack);
    return leg.ok ? done({ call, leg: leg.value }) : leg;
  } finally {
    expected();
  }
}
