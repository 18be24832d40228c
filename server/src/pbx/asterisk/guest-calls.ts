// What Asterisk tells of visitors' calls: begun, rings, answered by whom, passed on to whom, left by whom, over. Pure; one
// call for each endpoint, a second one at the same time is refused by the dialplan and not looked at.
import { z } from 'zod';
import { Bridges, type Partner } from './bridges.ts';
import { GUEST_PREFIX } from './guest-rows.ts';
import { type Bridge, Channel, endpointOf } from './live-state.ts';

const GuestAriEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ChannelCreated'), channel: Channel }),
  z.object({ type: z.literal('ChannelStateChange'), channel: Channel }),
  z.object({ type: z.literal('ChannelDestroyed'), channel: Channel, cause: z.number() }),
  z.object({
    type: z.literal('Dial'),
    caller: Channel.optional(),
    peer: Channel,
    dialstatus: z.string(),
  }),
  z.object({
    type: z.enum(['ChannelEnteredBridge', 'ChannelLeftBridge']),
    bridge: z.object({ id: z.string() }),
    channel: Channel,
  }),
  z.object({ type: z.enum(['ChannelHold', 'ChannelUnhold']), channel: Channel }),
  z.object({ type: z.literal('ChannelUserevent'), eventname: z.string(), channel: Channel.optional() }),
]);
type GuestAriEvent = z.infer<typeof GuestAriEvent>;

export type GuestFact =
  | { readonly kind: 'begun' | 'ringing'; readonly endpoint: string }
  /** `by`: the endpoint that answered, where that was seen. */
  | { readonly kind: 'answered'; readonly endpoint: string; readonly by?: string }
  /** Whoever talked to it has passed it on: somebody else is rung for it. */
  | { readonly kind: 'parted'; readonly endpoint: string }
  /**
   * It talks to another endpoint than before. `isJoined`: to one that it did not ring itself, so that Asterisk warns the
   * visitor alone of the call's end.
   */
  | {
      readonly kind: 'passed';
      readonly endpoint: string;
      readonly by: string;
      readonly channel: string;
      readonly isJoined: boolean;
    }
  /** The channel it talked to is gone: hung up, or lost without a word. */
  | { readonly kind: 'left'; readonly endpoint: string; readonly channel: string; readonly isLost: boolean }
  /** Whoever talks to it holds it, or talks on. */
  | { readonly kind: 'held'; readonly endpoint: string; readonly isHeld: boolean }
  /** Somebody whom it rings beside others wants none of it. */
  | { readonly kind: 'declined'; readonly endpoint: string; readonly by: string }
  /** `cause`: ITU-T Q.850. */
  | { readonly kind: 'over'; readonly endpoint: string; readonly cause: number };

/** The dialplan's word for a 603 where others ring as well. */
const DECLINED = 'RingtagDeclined';
/** Nobody saw the end (Q.850: temporary failure). */
const UNSEEN_CAUSE = 41;
/** Nothing has been heard of it (Q.850: requested channel not available): Asterisk's word, and the hub's. */
export const LOST_CAUSE = 44;
/** What 480 comes to, which a page says with its BYE when it goes without a hang-up; of calls that were answered. */
const LEFT_CAUSE = 19;

const FRESH = { isRinging: false, isAnswered: false, isParted: false, partner: undefined };

interface GuestChannel {
  readonly id: string;
  /** Whom it rings, by the id of the channel. */
  readonly legs: Map<string, string>;
  isRinging: boolean;
  isAnswered: boolean;
  isParted: boolean;
  /** Whom it talks to, or talked to last. */
  partner: Partner | undefined;
}

export class GuestCalls {
  readonly #calls = new Map<string, GuestChannel>();
  /** The visitor's endpoint, by the channel of whom it rings. */
  readonly #callers = new Map<string, string>();
  readonly #bridges = new Bridges();

  /** What an event of ARI says of visitors' calls. */
  hear(event: unknown): GuestFact[] {
    const parsed = GuestAriEvent.safeParse(event);
    if (!parsed.success) return [];
    return [this.#apply(parsed.data) ?? []].flat();
  }

  /** Begins anew from Asterisk's lists: what ended, began, was answered or passed on while nobody listened. */
  reset(channels: readonly Channel[], bridges: readonly Bridge[] = []): GuestFact[] {
    this.#bridges.reset(channels, bridges);
    const present = new Map(
      channels.flatMap((channel) => {
        const endpoint = guestOf(channel);
        return endpoint === undefined ? [] : [[endpoint, channel] as const];
      }),
    );
    const facts: GuestFact[] = [];
    for (const [endpoint, { id }] of this.#calls) {
      if (present.get(endpoint)?.id === id) continue;
      this.#forget(endpoint);
      facts.push({ kind: 'over', endpoint, cause: UNSEEN_CAUSE });
    }
    for (const [endpoint, channel] of present) {
      if (!this.#calls.has(endpoint)) facts.push(this.#begin(endpoint, channel.id));
      const by = this.#bridges.partnerOf(channel.id);
      const answered = channel.state === 'Up' ? this.#answer(endpoint, by) : undefined;
      // Whom it rang while nobody listened is not known.
      const passed = this.#meet(endpoint, false);
      facts.push(...[answered, passed].filter((fact) => fact !== undefined));
    }
    return facts;
  }

  /** The channels that ring for this visitor, with their endpoints. */
  legsOf(endpoint: string): ReadonlyMap<string, string> {
    return this.#calls.get(endpoint)?.legs ?? new Map();
  }

  isCalling(endpoint: string): boolean {
    return this.#calls.has(endpoint);
  }

  /** Whom it talks to, or talked to last. */
  partnerOf(endpoint: string): Partner | undefined {
    return this.#calls.get(endpoint)?.partner;
  }

  /** The channels by which this endpoint talks to visitors. */
  channelsWith(partner: string): string[] {
    const channels = [...this.#calls.values()].map((call) => call.partner);
    return channels.flatMap((each) => (each?.endpoint === partner ? [each.channel] : []));
  }

  #apply(event: GuestAriEvent): GuestFact | readonly GuestFact[] | undefined {
    switch (event.type) {
      case 'ChannelCreated': {
        const endpoint = guestOf(event.channel);
        if (endpoint === undefined || this.#calls.has(endpoint)) return undefined;
        return this.#begin(endpoint, event.channel.id);
      }
      case 'ChannelStateChange': {
        const endpoint = this.#callers.get(event.channel.id);
        return endpoint !== undefined && event.channel.state === 'Ringing' ? this.#ring(endpoint) : undefined;
      }
      case 'Dial':
        return this.#dialled(event);
      case 'ChannelDestroyed':
        return this.#destroyed(event);
      case 'ChannelEnteredBridge':
        this.#bridges.enter(event.bridge.id, event.channel);
        return this.#meetIn(event.bridge.id);
      case 'ChannelLeftBridge':
        this.#bridges.leave(event.bridge.id, event.channel.id);
        return undefined;
      case 'ChannelHold':
      case 'ChannelUnhold':
        return this.#held(event.channel, event.type === 'ChannelHold');
      case 'ChannelUserevent': {
        const by = endpointOf(event.channel?.name ?? '');
        const endpoint = this.#callers.get(event.channel?.id ?? '');
        if (event.eventname !== DECLINED || by === undefined || endpoint === undefined) return undefined;
        return { kind: 'declined', endpoint, by };
      }
    }
  }

  #begin(endpoint: string, id: string): GuestFact {
    this.#calls.set(endpoint, { id, legs: new Map(), ...FRESH });
    return { kind: 'begun', endpoint };
  }

  #ring(endpoint: string): GuestFact | undefined {
    const call = this.#calls.get(endpoint);
    if (!call || call.isRinging || call.isAnswered) return undefined;
    call.isRinging = true;
    return { kind: 'ringing', endpoint };
  }

  #dialled({ caller, peer, dialstatus }: GuestAriEvent & { type: 'Dial' }): GuestFact | undefined {
    const endpoint = caller && guestOf(caller);
    const call = endpoint === undefined ? undefined : this.#calls.get(endpoint);
    if (endpoint === undefined || !call || call.id !== caller?.id) return undefined;
    const by = endpointOf(peer.name);
    if (by !== undefined) {
      call.legs.set(peer.id, by);
      this.#callers.set(peer.id, endpoint);
    }
    if (dialstatus === 'ANSWER')
      return this.#answer(endpoint, by === undefined ? undefined : { endpoint: by, channel: peer.id });
    // A device may ring before Asterisk has said that it is dialled: then only this event says whose call rings.
    if (!call.isAnswered)
      return dialstatus === 'RINGING' || peer.state === 'Ringing' ? this.#ring(endpoint) : undefined;
    if (call.isParted || dialstatus !== '') return undefined;
    call.isParted = true;
    return { kind: 'parted', endpoint };
  }

  /** Of a bridge that somebody has entered; somebody may have joined two visitors there. */
  #meetIn(bridgeId: string): GuestFact[] {
    const within = [...this.#calls].filter(([, { id }]) => this.#bridges.isIn(bridgeId, id));
    return within.flatMap(([endpoint]) => this.#meet(endpoint) ?? []);
  }

  #meet(endpoint: string, isSeen = true): GuestFact | undefined {
    const call = this.#calls.get(endpoint);
    const by = call && this.#bridges.partnerOf(call.id);
    if (!call || by === undefined) return undefined;
    const { isParted, partner } = call;
    [call.isParted, call.partner] = [false, by];
    if (!call.isAnswered || (partner?.endpoint === by.endpoint && !isParted)) return undefined;
    const isJoined = isSeen && !call.legs.has(by.channel);
    return { kind: 'passed', endpoint, by: by.endpoint, channel: by.channel, isJoined };
  }

  /** `by` is the channel that asked for it. */
  #held(by: Channel, isHeld: boolean): GuestFact | undefined {
    const met = [...this.#calls].find(([, { id }]) => id !== by.id && this.#bridges.areTogether(id, by.id));
    return met && { kind: 'held', endpoint: met[0], isHeld };
  }

  #answer(endpoint: string, by?: Partner): GuestFact | undefined {
    const call = this.#calls.get(endpoint);
    if (!call || call.isAnswered) return undefined;
    call.isAnswered = true;
    call.partner = by;
    return { kind: 'answered', endpoint, ...(by === undefined ? {} : { by: by.endpoint }) };
  }

  #destroyed({ channel, cause }: GuestAriEvent & { type: 'ChannelDestroyed' }): GuestFact[] {
    const caller = this.#callers.get(channel.id);
    if (caller !== undefined) {
      this.#callers.delete(channel.id);
      this.#calls.get(caller)?.legs.delete(channel.id);
    }
    const left = this.#left(channel.id, cause === LOST_CAUSE || cause === LEFT_CAUSE);
    const endpoint = guestOf(channel);
    if (endpoint === undefined || this.#calls.get(endpoint)?.id !== channel.id) return left;
    this.#forget(endpoint);
    return [{ kind: 'over', endpoint, cause }, ...left];
  }

  /** Whoever that channel talked to. One that is lost is rung for again: told with that, and not as passed on. */
  #left(channel: string, isLost: boolean): GuestFact[] {
    const facts: GuestFact[] = [];
    for (const [endpoint, call] of this.#calls) {
      if (!call.isAnswered || call.isParted || call.partner?.channel !== channel) continue;
      if (isLost) call.isParted = true;
      facts.push({ kind: 'left', endpoint, channel, isLost });
    }
    return facts;
  }

  #forget(endpoint: string): void {
    for (const id of this.legsOf(endpoint).keys()) this.#callers.delete(id);
    this.#calls.delete(endpoint);
  }
}

function guestOf(channel: Channel): string | undefined {
  const endpoint = endpointOf(channel.name);
  return endpoint?.startsWith(GUEST_PREFIX) ? endpoint : undefined;
}
