// A running call goes over to another window of the same person: the page offers it, the pop-out takes it once it has
// its microphone. Until then it runs where it was, and wherever the taking fails it goes on there (SPEC M1–M3).
import type { MoveOffer, MoveRequest, MoveResult, SteerCall } from '@ringtag/server/protocol';
import { MOVE_MS } from '@ringtag/server/protocol/limits';
import type { CallBoard } from '../call/board.ts';
import { type Clock, pause } from '../call/clock.ts';
import { done, type Result } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { CallRunner } from '../call/runner.ts';
import type { Send } from '../hub/api.ts';
import type { HubSocket } from '../hub/socket.ts';
import type { Taken } from '../hub/take.ts';

/** Until a window that did not know the call yet is told again. */
const AGAIN_MS = 200;
/** How often, once the call is gone from here. */
const TRIES = 10;

export interface OfferOptions {
  readonly board: CallBoard;
  readonly send: Send;
  readonly clock: Clock;
  readonly socket: Pick<HubSocket, 'say'>;
  readonly refused: (code: PhoneErrorCode) => void;
}

/** Offers every call that is answered; the one that is talked to last, so that it is talked to there as well. */
export async function offerCalls(options: OfferOptions, toDeviceId: string) {
  const { board, send, clock, refused } = options;
  const calls = board.lives.filter(({ answered }) => answered);
  for (const call of [...calls.filter(({ held }) => held), ...calls.filter(({ held }) => !held)]) {
    const { hubCallId: callId, leg, peer } = call;
    const dialog = leg?.dialog;
    const { activeSinceMs, visit } = call.view();
    const told = mannerOf(call);
    const body: MoveRequest = {
      ...{ toDeviceId, ...told },
      ...(callId === undefined ? {} : { callId }),
      ...(dialog ? { dialog, peer } : {}),
      ...(visit ? { visit: { visitId: visit.visitId } } : {}),
      // Of a room the hub knows it.
      ...(dialog && activeSinceMs !== undefined
        ? { activeForMs: Math.max(0, Math.round(clock.now() - activeSinceMs)) }
        : {}),
    };
    call.moving = true;
    clock.after(MOVE_MS, () => {
      call.moving = false;
    });
    const offered = await send<MoveResult>('/api/moves', { method: 'POST', body });
    if (offered.ok) sendAfter(options, { call, told, toDeviceId, moveId: offered.value.moveId });
    else {
      call.moving = false;
      refused(offered.code);
    }
  }
}

/** How a call goes on, as far as its person has a say in it. */
interface Manner {
  readonly muted: boolean;
  readonly held: boolean;
  readonly video: boolean;
}

function mannerOf(call: CallRunner): Manner {
  return { muted: call.muted, held: call.held, video: call.view().videoOn };
}

interface OnItsWay {
  readonly call: CallRunner;
  /** With the offer. */
  readonly told: Manner;
  readonly toDeviceId: string;
  readonly moveId: string;
}

/**
 * What the person changes until the call is there goes after it: a mute pressed meanwhile holds there, too. The hub
 * lets a window be told only of calls that it shows, which it does a moment after the offer; so it is tried again.
 */
function sendAfter(
  { board, socket, clock }: OfferOptions,
  { call, told, toDeviceId: deviceId, moveId }: OnItsWay,
): void {
  let wanted = told;
  let last = told;
  let busy = false;
  async function tell(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let tries = TRIES; tries > 0 && call.moving; ) {
      const step = nextStep(last, wanted);
      if (!step) break;
      // Once it is there, it has the hub's name.
      const callId = call.answered ? moveId : (call.hubCallId ?? moveId);
      const ack = await socket.say('calls:steer', { deviceId, callId, command: step.command });
      if (ack?.ok) last = { ...last, ...step.change };
      else {
        if (!call.answered) tries--;
        await pause(clock, AGAIN_MS);
      }
    }
    busy = false;
  }
  const follow = () => {
    if (!call.moving) return;
    if (call.answered) wanted = mannerOf(call);
    void tell();
  };
  board.watch(call.callId, follow);
  follow();
}

interface Step {
  readonly command: SteerCall['command'];
  readonly change: Partial<Manner>;
}

/** What brings the call nearer to how it is wanted; nothing where it is so. A camera is not turned on from afar. */
function nextStep(last: Manner, { muted, held, video }: Manner): Step | undefined {
  if (muted !== last.muted) return { command: { name: 'setMuted', on: muted }, change: { muted } };
  if (held !== last.held) return { command: { name: 'setHeld', on: held }, change: { held } };
  return last.video && !video ? { command: { name: 'stopVideo' }, change: { video } } : undefined;
}

export interface TakeOptions {
  readonly board: CallBoard;
  readonly take: (offer: MoveOffer) => Promise<Result<Taken>>;
}

/** Takes the call that was offered to this window. */
export function takeCall({ board, take }: TakeOptions, offer: MoveOffer): void {
  const { moveId: callId, peer, visit, muted = false, held = false } = offer;
  const video = offer.video ?? offer.media === 'video';
  board.take({
    ...{ callId, peer, visit, muted, held, media: video ? 'video' : 'audio' },
    async take() {
      const taken = await take(offer);
      if (!taken.ok) return taken;
      const { call, leg } = taken.value;
      return done({ hubCallId: call.callId, peer: call.peer, activeForMs: call.activeForMs, leg });
    },
  });
}
