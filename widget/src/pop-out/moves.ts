// A running call goes over to another window of the same person: the page offers it, the pop-out takes it once it has
// its microphone. Until then it runs where it was, and wherever the taking fails it goes on there (SPEC M1–M3).
import type { MoveOffer, MoveRequest } from '@ringtag/server/protocol';
import { MOVE_MS } from '@ringtag/server/protocol/limits';
import type { CallBoard } from '../call/board.ts';
import type { Clock } from '../call/clock.ts';
import { done, type Result } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { Send } from '../hub/api.ts';
import type { Taken } from '../hub/take.ts';

export interface OfferOptions {
  readonly board: CallBoard;
  readonly send: Send;
  readonly clock: Clock;
  readonly refused: (code: PhoneErrorCode) => void;
}

/** Offers every call that is answered; the one that is talked to last, so that it is talked to there as well. */
export async function offerCalls({ board, send, clock, refused }: OfferOptions, toDeviceId: string) {
  const calls = board.lives.filter(({ answered }) => answered);
  for (const call of [...calls.filter(({ held }) => held), ...calls.filter(({ held }) => !held)]) {
    const { hubCallId: callId, leg, peer, muted, held } = call;
    const dialog = leg?.dialog;
    const { activeSinceMs } = call.view();
    const body: MoveRequest = {
      ...{ toDeviceId, muted, held },
      ...(callId === undefined ? {} : { callId }),
      ...(dialog ? { dialog, peer } : {}),
      // Of a room the hub knows it.
      ...(dialog && activeSinceMs !== undefined
        ? { activeForMs: Math.max(0, Math.round(clock.now() - activeSinceMs)) }
        : {}),
    };
    call.moving = true;
    clock.after(MOVE_MS, () => {
      call.moving = false;
    });
    const offered = await send('/api/moves', { method: 'POST', body });
    if (offered.ok) continue;
    call.moving = false;
    refused(offered.code);
  }
}

export interface TakeOptions {
  readonly board: CallBoard;
  readonly take: (offer: MoveOffer) => Promise<Result<Taken>>;
}

/** Takes the call that was offered to this window. */
export function takeCall({ board, take }: TakeOptions, offer: MoveOffer): void {
  const { peer, media, muted = false, held = false } = offer;
  board.take({
    ...{ peer, media, muted, held },
    async take() {
      const taken = await take(offer);
      if (!taken.ok) return taken;
      const { call, leg } = taken.value;
      return done({ hubCallId: call.callId, peer: call.peer, activeForMs: call.activeForMs, leg });
    },
  });
}
