// What Asterisk told about contacts and channels, kept as the two questions that are asked: is this endpoint
// registered, is it in a call? Pure; `ari.ts` feeds it.
import { z } from 'zod';

const Endpoint = z.object({
  technology: z.string(),
  resource: z.string(),
  state: z.string().optional(),
});
export const EndpointList = z.array(Endpoint);

/** As much of one as is looked at. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  /** Call-ID of SIP. */
  protocol_id: z.string().optional(),
});
export const ChannelList = z.array(Channel);
export type Channel = z.infer<typeof Channel>;

/** Whose channels hear each other, by the channels' ids. */
const Bridge = z.object({ id: z.string(), channels: z.array(z.string()) });
export const BridgeList = z.array(Bridge);
export type Bridge = z.infer<typeof Bridge>;

/** The ARI events that matter here; all others are ignored. */
export const AriEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ContactStatusChange'),
    endpoint: Endpoint,
    contact_info: z.object({ uri: z.string(), contact_status: z.string() }),
  }),
  z.object({ type: z.literal('ChannelCreated'), channel: Channel }),
  z.object({ type: z.literal('ChannelStateChange'), channel: Channel }),
  z.object({ type: z.literal('ChannelDestroyed'), channel: Channel }),
]);
export type AriEvent = z.infer<typeof AriEvent>;

/** Contacts that ring. `Created` comes before the first OPTIONS is answered; `NonQualified` where none is sent. */
const RINGING_STATUSES = new Set(['Created', 'Reachable', 'NonQualified', 'Unknown', 'Updated']);

/** Channel states in which the endpoint is busy; `Ringing` is a call it has not taken. */
const BUSY_STATES = new Set(['Up', 'Ring', 'Dialing', 'Busy', 'Dialing Offhook', 'OffHook']);

/** Stands for a contact whose URI is not known: the list of endpoints says only that there is one. */
const SOME_CONTACT = '';

export class LiveState {
  readonly #contacts = new Map<string, Set<string>>();
  readonly #channels = new Map<string, { readonly endpoint: string; readonly state: string }>();

  /** Forgets all and starts from Asterisk's lists; returns the endpoints whose answers changed. */
  reset(endpoints: z.infer<typeof EndpointList>, channels: readonly Channel[]): string[] {
    const before = this.#summary();
    this.#contacts.clear();
    this.#channels.clear();
    for (const { technology, resource, state } of endpoints) {
      if (technology === 'PJSIP' && state === 'online') this.#contacts.set(resource, new Set([SOME_CONTACT]));
    }
    for (const channel of channels) this.#setChannel(channel);
    const after = this.#summary();
    return [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    );
  }

  /** The endpoint whose answers may have changed, if any. */
  apply(event: AriEvent): string | undefined {
    switch (event.type) {
      case 'ContactStatusChange': {
        const { uri, contact_status: status } = event.contact_info;
        const contacts = this.#contacts.get(event.endpoint.resource) ?? new Set();
        contacts.delete(SOME_CONTACT);
        if (RINGING_STATUSES.has(status)) contacts.add(uri);
        else contacts.delete(uri);
        if (contacts.size > 0) this.#contacts.set(event.endpoint.resource, contacts);
        else this.#contacts.delete(event.endpoint.resource);
        return event.endpoint.resource;
      }
      case 'ChannelDestroyed': {
        this.#channels.delete(event.channel.id);
        return endpointOf(event.channel.name);
      }
      case 'ChannelCreated':
      case 'ChannelStateChange':
        return this.#setChannel(event.channel);
    }
  }

  /** Its row is gone, so its contacts ring no more, whatever Asterisk still says. */
  forget(endpoint: string): void {
    this.#contacts.delete(endpoint);
  }

  isRegistered(endpoint: string): boolean {
    return this.#contacts.has(endpoint);
  }

  isInCall(endpoint: string): boolean {
    return this.callsOf(endpoint) > 0;
  }

  callsOf(endpoint: string): number {
    return this.#statesOf(endpoint).filter((state) => BUSY_STATES.has(state)).length;
  }

  /** By Asterisk's unique id. */
  hasChannel(id: string): boolean {
    return this.#channels.has(id);
  }

  isTalking(endpoint: string): boolean {
    return this.#statesOf(endpoint).includes('Up');
  }

  #answers(endpoint: string): string {
    return `${this.isRegistered(endpoint)} ${this.callsOf(endpoint)} ${this.isTalking(endpoint)}`;
  }

  #statesOf(endpoint: string): string[] {
    return [...this.#channels.values()]
      .filter((channel) => channel.endpoint === endpoint)
      .map(({ state }) => state);
  }

  #setChannel(channel: Channel): string | undefined {
    const endpoint = endpointOf(channel.name);
    if (endpoint !== undefined) this.#channels.set(channel.id, { endpoint, state: channel.state });
    return endpoint;
  }

  #summary(): Map<string, string> {
    const names = new Set([...this.#contacts.keys(), ...[...this.#channels.values()].map((c) => c.endpoint)]);
    return new Map([...names].map((name) => [name, this.#answers(name)]));
  }
}

/** `PJSIP/d-3q2f…-0000001a` → `d-3q2f…`. */
export function endpointOf(channelName: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8,}$/.exec(channelName)?.[1];
}
