// `POST /api/calls`: asks the hub to call somebody and brings back the leg that it chose. Safe to repeat: the request
// carries its own key (SPEC C1).
import type { PlaceCallRequest, PlacedCall } from '@ringtag/server/protocol';
import type { DialOrder, Leg } from '../call/call.ts';
import { type Clock, pause } from '../call/clock.ts';
import { done, type Result, refused } from '../call/errors.ts';
import type { Dialed } from '../call/runner-options.ts';
import type { Send } from './api.ts';
import { randomToken } from './base64url.ts';

/** Tries of one request; later ones only where the hub may not have heard the earlier. */
const TRIES = 3;
const AGAIN_MS = 400;

export interface PlaceOptions {
  readonly send: Send;
  readonly clock: Clock;
  /** Settles when the socket is up, without which the hub refuses (SPEC C12); false if it does not come. */
  readonly online: () => Promise<boolean>;
  /**
   * Brackets the time in which events may come for a call whose name is not known yet. `overtaken` runs when one
   * comes that the hub sends after its reply.
   */
  readonly expect: (overtaken: () => void) => () => void;
  readonly room: (placed: Extract<PlacedCall, { via: 'room' }>) => Leg;
  readonly pbx: (placed: Extract<PlacedCall, { via: 'pbx' }>) => Promise<Result<Leg>>;
}

export async function placeCall(options: PlaceOptions, order: DialOrder): Promise<Result<Dialed>> {
  const late = new AbortController();
  // The reply is lost or late while the other side is there already: it is given up and asked for again.
  const expected = options.expect(() => options.clock.after(AGAIN_MS, () => late.abort()));
  try {
    const placed = await request(options, { ...order, requestId: randomToken() }, late.signal);
    if (!placed.ok) return placed;
    const { callId: hubCallId, peer } = placed.value;
    if (placed.value.via === 'room') return done({ hubCallId, peer, leg: options.room(placed.value) });
    const leg = await options.pbx(placed.value);
    return leg.ok ? done({ hubCallId, peer, leg: leg.value }) : leg;
  } finally {
    expected();
  }
}

/** `TOO_MANY_CALLS`: the board knows better, so the hub has not heard yet of one that has just ended. */
const AGAIN: ReadonlySet<string> = new Set(['HUB_UNREACHABLE', 'NOT_CONNECTED', 'TOO_MANY_CALLS']);

async function request(
  options: PlaceOptions,
  body: PlaceCallRequest,
  signal: AbortSignal,
): Promise<Result<PlacedCall>> {
  for (let tries = 1; ; tries++) {
    if (!(await options.online())) return refused('HUB_UNREACHABLE');
    const first = tries === 1 ? { signal } : {};
    const placed = await options.send<PlacedCall>('/api/calls', { method: 'POST', body, ...first });
    const again = !placed.ok && AGAIN.has(placed.code);
    if (!again || tries === TRIES) return placed;
    await pause(options.clock, AGAIN_MS * tries);
  }
}
