// Bounds the connections on which nobody is known yet, by network and in all: whoever opens thousands and says nothing
// takes memory and file descriptors that employees need. Where all places are taken, the network that has most of them
// loses its oldest one, so that somebody else still gets in.
import type { Socket } from 'node:net';

/** What is asked of a connection. */
export interface Connected extends Pick<Socket, 'remoteAddress'> {
  destroy(): unknown;
  on(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

export interface SocketCap {
  /** A new connection: takes its place, or is cut at once. */
  enter(socket: Connected): void;
  /** Somebody has said on it who they are: it is counted no more. */
  know(socket: Connected): void;
  /** Connections that are counted now. */
  readonly strangers: number;
}

export interface SocketCapOptions {
  readonly bounds: { readonly network: number; readonly hub: number };
  readonly networkOf: (address: string) => string;
  /** A proxy's connections carry everybody's requests, so nothing is known of them by their address. */
  readonly isProxy: (address: string) => boolean;
  /** Who goes where a network has all its places: the newcomer, or, where honest ones are known in a moment, the oldest. */
  readonly cuts?: 'newest' | 'oldest';
}

export function createSocketCap({ bounds, networkOf, isProxy, cuts }: SocketCapOptions): SocketCap {
  /** In the order of coming. */
  const byNetwork = new Map<string, Set<Connected>>();
  const networks = new WeakMap<object, string>();
  let strangers = 0;

  /** One for all: thousands of idle devices are known, and must not keep anything of this. */
  function onClose(this: Connected): void {
    forget(this);
  }

  function forget(socket: Connected): void {
    const network = networks.get(socket);
    if (network === undefined) return;
    networks.delete(socket);
    socket.off('close', onClose);
    const there = byNetwork.get(network);
    there?.delete(socket);
    if (there?.size === 0) byNetwork.delete(network);
    strangers -= 1;
  }

  /** The oldest of the network that has most. */
  function makeRoom(): void {
    let most: Set<Connected> | undefined;
    for (const there of byNetwork.values()) if (!most || there.size > most.size) most = there;
    cutOldest(most);
  }

  function cutOldest(there: ReadonlySet<Connected> = new Set()): void {
    const [oldest] = there;
    if (!oldest) return;
    forget(oldest);
    oldest.destroy();
  }

  return {
    enter(socket) {
      const address = socket.remoteAddress;
      if (address === undefined || isProxy(address)) return;
      const network = networkOf(address);
      const there = byNetwork.get(network) ?? new Set();
      if (there.size >= bounds.network) {
        if (cuts !== 'oldest') {
          socket.destroy();
          return;
        }
        cutOldest(there);
      }
      if (strangers >= bounds.hub) makeRoom();
      byNetwork.set(network, there.add(socket));
      networks.set(socket, network);
      strangers += 1;
      socket.on('close', onClose);
    },
    know: forget,
    get strangers() {
      return strangers;
    },
  };
}
