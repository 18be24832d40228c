// The states of one call, room and telephone alike, as a pure table. It decides; the runner performs; adapters carry.
//
//   outgoing: idle → preparing → dialing → connecting        incoming: idle → ringing → connecting
//   connecting → active ⇄ held       active | held ⇄ reconnecting       any live → ending → ended(end)
//
// A call that is taken over from another device goes the way of an outgoing one: `dial` then means taking it.
//
// `preparing` waits for the microphone before anybody is called; where the permission stands already, the call is
// placed at once and the microphone opens meanwhile.
import type { CallView } from './phone.ts';

export type CallEnd = NonNullable<CallView['ended']>;

export type CallState =
  | { readonly phase: 'idle' | 'preparing' | 'dialing' | 'ringing' | 'active' | 'held' }
  /**
   * `accepted`: the other side knows; false while the microphone of an answering person is still being asked for.
   * `held`: it is on hold from its first moment on, another one having been taken meanwhile.
   */
  | { readonly phase: 'connecting'; readonly accepted: boolean; readonly held: boolean }
  /** `held`: where to go back to. */
  | { readonly phase: 'reconnecting'; readonly held: boolean }
  | { readonly phase: 'ending' | 'ended'; readonly end: CallEnd };

export type CallEvent =
  /** The person calls. `permitted`: the microphone needs no question. */
  | { readonly type: 'place'; readonly permitted: boolean }
  /** A call comes in. */
  | { readonly type: 'ring' }
  | { readonly type: 'answer'; readonly permitted: boolean }
  | { readonly type: 'decline' }
  | { readonly type: 'media-opened' }
  | { readonly type: 'media-refused'; readonly end: CallEnd }
  /** The other side took the call. */
  | { readonly type: 'answered' }
  /** Media flows, for the first time or again. */
  | { readonly type: 'connected' }
  | { readonly type: 'transport-lost' }
  | { readonly type: 'hold' }
  | { readonly type: 'resume' }
  /** The other side did not agree to talk again. */
  | { readonly type: 'resume-refused' }
  /** This side ends it. */
  | { readonly type: 'hang-up'; readonly end: CallEnd }
  /** It ended elsewhere: the other side, the hub, the exchange, a fault of the adapter. */
  | { readonly type: 'over'; readonly end: CallEnd }
  /** The leg has taken the farewell over. */
  | { readonly type: 'closed' };

/** What the runner must do, in order. */
export type CallEffect =
  | 'open-media'
  | 'dial'
  | 'accept'
  | 'give-media'
  | 'start-clock'
  | 'hold'
  | 'unhold'
  | 'decline'
  | 'end'
  | 'release';

export interface Transition {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

export const initialState: CallState = { phase: 'idle' };

/** The next state and what to do. An event that means nothing in a state changes nothing. */
export function transition(state: CallState, event: CallEvent): Transition {
  const next = isLive(state) ? (endOf(event) ?? step(state, event)) : step(state, event);
  return next ?? { state, effects: [] };
}

/** Whether a call occupies this device: everything from the first intent to the last word. */
export function isLive(state: CallState): boolean {
  return state.phase !== 'idle' && state.phase !== 'ending' && state.phase !== 'ended';
}

/** What ends any live call. */
function endOf(event: CallEvent): Transition | undefined {
  switch (event.type) {
    case 'over':
      return { state: { phase: 'ended', end: event.end }, effects: ['release'] };
    case 'hang-up':
    case 'media-refused':
      return ending(event.end);
    default:
      return undefined;
  }
}

function ending(end: CallEnd): Transition {
  return { state: { phase: 'ending', end }, effects: ['end'] };
}

function step(state: CallState, event: CallEvent): Transition | undefined {
  switch (state.phase) {
    case 'idle':
      return stepIdle(event);
    case 'preparing':
      if (event.type === 'media-opened') return { state: { phase: 'dialing' }, effects: ['dial'] };
      return undefined;
    case 'dialing':
      return stepDialing(event);
    case 'ringing':
      return stepRinging(event);
    case 'connecting':
      return stepConnecting(state, event);
    case 'active':
      if (event.type === 'hold') return { state: { phase: 'held' }, effects: ['hold'] };
      if (event.type === 'resume-refused') return quietly({ phase: 'held' });
      if (event.type === 'transport-lost') return quietly({ phase: 'reconnecting', held: false });
      return undefined;
    case 'held':
      if (event.type === 'resume') return { state: { phase: 'active' }, effects: ['unhold'] };
      if (event.type === 'transport-lost') return quietly({ phase: 'reconnecting', held: true });
      return undefined;
    case 'reconnecting':
      return stepReconnecting(state, event);
    case 'ending':
      // Whatever the other side says now, the person's own reason stands.
      if (event.type === 'closed' || event.type === 'over') {
        return { state: { phase: 'ended', end: state.end }, effects: ['release'] };
      }
      return undefined;
    case 'ended':
      return undefined;
    default:
      return state satisfies never;
  }
}

function quietly(state: CallState): Transition {
  return { state, effects: [] };
}

function stepIdle(event: CallEvent): Transition | undefined {
  if (event.type === 'ring') return quietly({ phase: 'ringing' });
  if (event.type !== 'place') return undefined;
  return event.permitted
    ? { state: { phase: 'dialing' }, effects: ['open-media', 'dial'] }
    : { state: { phase: 'preparing' }, effects: ['open-media'] };
}

function stepDialing(event: CallEvent): Transition | undefined {
  if (event.type === 'media-opened') return { state: { phase: 'dialing' }, effects: ['give-media'] };
  if (event.type === 'answered') return quietly({ phase: 'connecting', accepted: true, held: false });
  return undefined;
}

function stepRinging(event: CallEvent): Transition | undefined {
  if (event.type === 'decline') {
    return { state: { phase: 'ending', end: { reason: 'declined' } }, effects: ['decline'] };
  }
  if (event.type !== 'answer') return undefined;
  return event.permitted
    ? { state: { phase: 'connecting', accepted: true, held: false }, effects: ['open-media', 'accept'] }
    : { state: { phase: 'connecting', accepted: false, held: false }, effects: ['open-media'] };
}

type Connecting = Extract<CallState, { phase: 'connecting' }>;

function stepConnecting(state: Connecting, event: CallEvent): Transition | undefined {
  if (event.type === 'connected') {
    return { state: { phase: state.held ? 'held' : 'active' }, effects: ['start-clock'] };
  }
  if (event.type !== 'media-opened') return stepHold(state, event);
  const effects: CallEffect[] = state.accepted ? ['give-media'] : ['accept', 'give-media'];
  return { state: { ...state, accepted: true }, effects };
}

type Reconnecting = Extract<CallState, { phase: 'reconnecting' }>;

function stepReconnecting(state: Reconnecting, event: CallEvent): Transition | undefined {
  if (event.type === 'connected') return quietly({ phase: state.held ? 'held' : 'active' });
  return stepHold(state, event);
}

/** Hold and resume where no sound passes yet or now. */
function stepHold(state: Connecting | Reconnecting, event: CallEvent): Transition | undefined {
  if (event.type === 'hold' && !state.held) return { state: { ...state, held: true }, effects: ['hold'] };
  if (event.type === 'resume' && state.held) return { state: { ...state, held: false }, effects: ['unhold'] };
  if (event.type === 'resume-refused' && !state.held) return quietly({ ...state, held: true });
  return undefined;
}
