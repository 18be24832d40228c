// What a visitor is shown: one value, changed by what the hub tells (SPEC P) and by what happens here. Pure.
import type {
  DestinationCard,
  GuestAccount,
  Intent,
  Offers,
  VisitEnd,
  VisitEvent,
  VisitMessage,
  VisitState,
} from '@ringtag/server/protocol';
import type { VisitorRefusal } from './answer.ts';
import type { Occupant } from './one-visit.ts';

/** A message that the hub has not confirmed. */
export interface Unsent {
  readonly id: string;
  readonly text: string;
  readonly failed: boolean;
}

export interface VisitView {
  readonly card: DestinationCard;
  /**
   * `offer`: what can be had. `asking`: it is being asked for. `visit`: see `state`. `leave`: writing or speaking a
   * message. `left`: it was taken.
   */
  readonly step: 'offer' | 'asking' | 'visit' | 'leave' | 'left';
  readonly intent: Intent;
  /** With `leave` and `left`: what. */
  readonly leaves: 'message' | 'callback';
  /** Asking takes long enough to say so. */
  readonly slow: boolean;
  readonly refused: VisitorRefusal | null;
  /** A call ended because its page was left or loaded anew. */
  readonly cutShort: boolean;
  /** How the call ended while the visitor was writing a message. */
  readonly missed: VisitEnd | undefined;
  /** Another card of the page has a visit: this one can have none meanwhile. */
  readonly other: Occupant | null;

  readonly state: VisitState;
  readonly ahead: number;
  readonly waitMs: number | undefined;
  readonly agent: string | undefined;
  /** The destination where it goes on, where that is another one. */
  readonly forwardedTo: string | undefined;
  /** Nobody has answered what was written. */
  readonly unanswered: boolean;
  readonly messages: readonly VisitMessage[];
  readonly unsent: readonly Unsent[];
  readonly end: VisitEnd | undefined;
  readonly offers: Offers;
  /** By `Clock.now()`. */
  readonly talkingSinceMs: number | undefined;
  readonly endsAtMs: number | undefined;
  readonly held: boolean;
  /** It will be cut soon: the hub has said so. */
  readonly isEnding: boolean;
  /** The hub is heard. */
  readonly online: boolean;
  /** Sound: not there (yet), there, or lost and sought. */
  readonly sound: 'none' | 'connecting' | 'there' | 'lost';
  readonly muted: boolean;
  /** Muted because the visitor talks in another tab. */
  readonly talksElsewhere: boolean;
  readonly soundBlocked: boolean;
  /** What the browser is asking the person for. */
  readonly asks: 'microphone' | 'place' | null;
  readonly stars: number;
}

export function firstView(card: DestinationCard): VisitView {
  return {
    card,
    step: 'offer',
    intent: 'call',
    leaves: 'message',
    slow: false,
    refused: null,
    cutShort: false,
    missed: undefined,
    other: null,
    state: 'open',
    ahead: 0,
    waitMs: undefined,
    agent: undefined,
    forwardedTo: undefined,
    unanswered: false,
    messages: [],
    unsent: [],
    end: undefined,
    offers: card.offers,
    talkingSinceMs: undefined,
    endsAtMs: undefined,
    held: false,
    isEnding: false,
    online: true,
    sound: 'none',
    muted: false,
    talksElsewhere: false,
    soundBlocked: false,
    asks: null,
    stars: 0,
  };
}

/** After one event of the hub's. */
export function afterEvent(view: VisitView, event: VisitEvent, nowMs: number): VisitView {
  switch (event.type) {
    case 'snapshot':
      return afterSnapshot(view, event, nowMs);
    case 'waiting':
      return { ...view, state: 'waiting', ahead: event.ahead, waitMs: event.waitMs };
    case 'ready':
    case 'ringing':
      return { ...view, state: event.type };
    case 'talking':
      return talking({ ...view, agent: event.agent ?? view.agent, held: false }, event.endsInMs, nowMs);
    case 'held':
      return { ...view, held: event.held };
    case 'ending':
      return { ...view, isEnding: true, endsAtMs: nowMs + event.endsInMs };
    case 'message':
      return withMessage(view, event.message);
    case 'forwarded':
      return { ...view, forwardedTo: event.destination.name };
    case 'unanswered':
      return { ...view, unanswered: true, offers: event.offers };
    case 'ended':
      return { ...view, state: 'ended', end: event.end, offers: event.offers, isEnding: false };
    default:
      return event satisfies never;
  }
}

function afterSnapshot(
  view: VisitView,
  event: Extract<VisitEvent, { type: 'snapshot' }>,
  nowMs: number,
): VisitView {
  const { state, ahead = 0, waitMs, agent, messages, end, offers, endsInMs, destination, unanswered } = event;
  const next: VisitView = {
    ...view,
    state,
    ahead,
    waitMs,
    agent: agent ?? view.agent,
    end,
    offers,
    messages,
    forwardedTo: destination.id === view.card.id ? undefined : destination.name,
    unanswered: unanswered ?? false,
    held: event.held ?? false,
  };
  const known = new Set(messages.map(({ id }) => id));
  const unsent = view.unsent.filter(({ id }) => !known.has(id));
  return state === 'talking' && endsInMs !== undefined
    ? talking({ ...next, unsent }, endsInMs, nowMs)
    : { ...next, unsent };
}

function talking(view: VisitView, endsInMs: number, nowMs: number): VisitView {
  return {
    ...view,
    state: 'talking',
    talkingSinceMs: view.talkingSinceMs ?? nowMs,
    endsAtMs: nowMs + endsInMs,
  };
}

function withMessage(view: VisitView, message: VisitMessage): VisitView {
  const messages = view.messages.some(({ id }) => id === message.id)
    ? view.messages
    : [...view.messages, message];
  const unanswered = message.from === 'agent' ? false : view.unanswered;
  return { ...view, messages, unanswered, unsent: view.unsent.filter(({ id }) => id !== message.id) };
}

/** The account that an event brings, if it brings one. */
export function accountIn(event: VisitEvent): GuestAccount | undefined {
  if (event.type === 'ready') return event.account;
  return event.type === 'snapshot' ? event.account : undefined;
}

/** Whether there is a call to hang up. */
export function hasCall({ step, state, intent }: VisitView): boolean {
  return (step === 'visit' || step === 'leave') && intent === 'call' && state !== 'ended' && state !== 'open';
}

/** Whether there is a chat that nobody has ended. */
export function hasChat({ step, state, intent }: VisitView): boolean {
  return (step === 'visit' || step === 'leave') && intent === 'chat' && state === 'open';
}
