// Who talks to whom at the exchange, as ARI tells of its bridges. Pure; endpoints of our own alone are looked at, not
// what a channel within the exchange (`Local/…`) joins.
import { type Bridge, type Channel, endpointOf } from './live-state.ts';

export interface Partner {
  readonly channel: string;
  readonly endpoint: string;
}

export class Bridges {
  /** The endpoint of each channel, by bridge, in the order of coming. */
  readonly #within = new Map<string, Map<string, string>>();

  enter(bridgeId: string, { id, name }: Channel): void {
    const endpoint = endpointOf(name);
    if (endpoint === undefined) return;
    const within = this.#within.get(bridgeId) ?? new Map<string, string>();
    within.set(id, endpoint);
    this.#within.set(bridgeId, within);
  }

  leave(bridgeId: string, channelId: string): void {
    const within = this.#within.get(bridgeId);
    within?.delete(channelId);
    if (within?.size === 0) this.#within.delete(bridgeId);
  }

  /** From Asterisk's lists. */
  reset(channels: readonly Channel[], bridges: readonly Bridge[]): void {
    this.#within.clear();
    const byId = new Map(channels.map((channel) => [channel.id, channel]));
    for (const bridge of bridges)
      for (const id of bridge.channels) {
        const channel = byId.get(id);
        if (channel) this.enter(bridge.id, channel);
      }
  }

  isIn(bridgeId: string, channelId: string): boolean {
    return this.#within.get(bridgeId)?.has(channelId) ?? false;
  }

  areTogether(channelId: string, otherId: string): boolean {
    return [...this.#within.values()].some((within) => within.has(channelId) && within.has(otherId));
  }

  /** Whom that channel talks to, with the channel; where one takes another's place, who came last. */
  partnerOf(channelId: string): Partner | undefined {
    for (const within of this.#within.values()) {
      if (!within.has(channelId)) continue;
      const [channel, endpoint] = [...within].findLast(([id]) => id !== channelId) ?? [];
      return channel === undefined || endpoint === undefined ? undefined : { channel, endpoint };
    }
    return undefined;
  }
}
