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
  const sizes = createSizes();
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
    if (there) sizes.moved(network, there.size + 1, there.size);
    if (there?.size === 0) byNetwork.delete(network);
    strangers -= 1;
  }

  /** The oldest of the network that has most. */
  function makeRoom(): void {
    const most = sizes.largest();
    if (most !== undefined) cutOldest(byNetwork.get(most));
  }

  function cutOldest(there: ReadonlySet<Connected> = new Set()): void {
    const [oldest] = there;
    if (!oldest) return;
    forget(oldest);
    oldest.destroy();
  }

  const sizeOf = (network: string): number => byNetwork.get(network)?.size ?? 0;

  return {
    enter(socket) {
      const address = socket.remoteAddress;
      if (address === undefined || isProxy(address)) return;
      const network = networkOf(address);
      if (sizeOf(network) >= bounds.network) {
        if (cuts !== 'oldest') {
          socket.destroy();
          return;
        }
        cutOldest(byNetwork.get(network));
      }
      if (strangers >= bounds.hub) makeRoom();
      const there = byNetwork.get(network) ?? new Set();
      byNetwork.set(network, there.add(socket));
      sizes.moved(network, there.size - 1, there.size);
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

/** Which network has most, kept as they grow and shrink by one: a flood from thousands must not make each look long. */
function createSizes() {
  const networks = new Map<number, Set<string>>();
  let most = 0;

  return {
    moved(network: string, from: number, to: number): void {
      networks.get(from)?.delete(network);
      if (to > 0) networks.set(to, (networks.get(to) ?? new Set()).add(network));
      most = Math.max(most, to);
      while (most > 0 && !networks.get(most)?.size) {
        networks.delete(most);
        most -= 1;
      }
    },
    largest(): string | undefined {
      const [first] = networks.get(most) ?? [];
      return first;
    },
  };
}
