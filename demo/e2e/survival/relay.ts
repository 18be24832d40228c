// Relays that a test puts between a browser and what it talks to, and breaks as networks break: refused, cut, silent,
// slow, lossy. One connection in is one connection out; nothing is understood and nothing is changed.
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface TcpRelay extends Address {
  /** When each connection was accepted, milliseconds since 1970. */
  readonly acceptedMs: readonly number[];
  readonly open: number;
  /** Connections pass, and those that `silence` had stopped go on. */
  pass(): Promise<void>;
  /** Resets every connection; new ones are welcome. */
  cut(): void;
  /** Resets every connection and refuses new ones until `pass`. */
  refuse(): Promise<void>;
  /** Nothing passes and nothing is closed, until `pass`. New connections open and hear nothing. */
  silence(): void;
  /** Those open now never carry anything again and are not closed; new ones pass. As when an address is gone. */
  abandon(): void;
  /** Every byte takes this much longer, each way. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Two sockets, and whether what one says reaches the other. */
class Link {
  readonly #ends: readonly [Socket, Socket];
  readonly #delayMs: () => number;
  #waiting: (() => void)[] = [];
  #silent: boolean;
  abandoned = false;

  constructor(ends: readonly [Socket, Socket], state: { silent: boolean; delayMs: () => number }) {
    this.#ends = ends;
    this.#silent = state.silent;
    this.#delayMs = state.delayMs;
    const [client, server] = ends;
    this.#carry(client, server);
    this.#carry(server, client);
  }

  setSilent(silent: boolean): void {
    if (this.abandoned) return;
    this.#silent = silent;
    if (!silent) for (const act of this.#waiting.splice(0)) act();
  }

  abandon(): void {
    this.#silent = true;
    this.abandoned = true;
  }

  reset(): void {
    for (const end of this.#ends) end.resetAndDestroy();
  }

  #carry(from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('error', () => {});
    from.on('data', (chunk) => this.#later(() => to.destroyed || to.write(chunk)));
    // Closed with an error or without, the other side sees an end; while silent, nothing.
    from.on('close', () => this.#later(() => to.destroySoon()));
  }

  /** In order, whatever the delay is: each timer of one length fires after those before it. */
  #later(act: () => void): void {
    const run = () => (this.#silent ? void this.#waiting.push(act) : act());
    const delayMs = this.#delayMs();
    if (delayMs > 0) setTimeout(run, delayMs);
    else run();
  }
}

/** Listens at `at` (port 0: any free one) and forwards to `to`. */
export async function startTcpRelay(options: { at: Address; to: Address }): Promise<TcpRelay> {
  const { at, to } = options;
  const links = new Set<Link>();
  const acceptedMs: number[] = [];
  let silent = false;
  let delayMs = 0;
  const accept = (client: Socket) => {
    acceptedMs.push(Date.now());
    const server = createConnection(to);
    const link = new Link([client, server], { silent, delayMs: () => delayMs });
    links.add(link);
    client.once('close', () => link.abandoned || links.delete(link));
  };
  let listener = await listen(at, accept);
  const { port } = listener.address() as AddressInfo;
  const cut = () => {
    for (const link of links) link.reset();
    links.clear();
  };
  const refuse = async () => {
    const closed = once(listener, 'close');
    listener.close();
    cut();
    await closed;
  };
  return {
    host: at.host,
    port,
    acceptedMs,
    get open() {
      return links.size;
    },
    async pass() {
      silent = false;
      for (const link of links) link.setSilent(false);
      if (!listener.listening) listener = await listen({ host: at.host, port }, accept);
    },
    cut,
    refuse,
    silence() {
      silent = true;
      for (const link of links) link.setSilent(true);
    },
    abandon() {
      for (const link of links) link.abandon();
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      if (listener.listening) await refuse();
    },
  };
}

async function listen(at: Address, accept: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: false }, accept);
  server.listen({ host: at.host, port: at.port });
  await once(server, 'listening');
  return server;
}

export interface UdpRelay extends Address {
  /** Datagrams that arrived from clients. */
  readonly received: number;
  /** Share of datagrams that are lost, 0 to 1, each way. */
  drop(share: number): void;
  delay(ms: number): void;
  close(): Promise<void>;
}

/** Forwards datagrams and their answers; without `to` it swallows them all: a server that never says a word. */
export async function startUdpRelay(options: { at: Address; to?: Address }): Promise<UdpRelay> {
  const { at, to } = options;
  const door = await openUdp(at);
  const ways = new Map<string, Promise<UdpSocket>>();
  let received = 0;
  let lost = 0;
  let delayMs = 0;
  const carry = (send: () => void) => {
    if (Math.random() < lost) return;
    if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  };
  const wayOf = (client: RemoteInfo): Promise<UdpSocket> => {
    const key = `${client.address}:${client.port}`;
    const known = ways.get(key);
    if (known !== undefined) return known;
    const way = openUdp({ host: at.host, port: 0 }).then((socket) => {
      socket.on('message', (data) => carry(() => door.send(data, client.port, client.address)));
      return socket;
    });
    ways.set(key, way);
    return way;
  };
  door.on('message', (data, client) => {
    received += 1;
    if (to) carry(() => void wayOf(client).then((socket) => socket.send(data, to.port, to.host)));
  });
  return {
    host: at.host,
    port: door.address().port,
    get received() {
      return received;
    },
    drop(share) {
      lost = share;
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      door.close();
      for (const way of ways.values()) (await way).close();
    },
  };
}

async function openUdp({ host, port }: Address): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.bind(port, host);
  await once(socket, 'listening');
  return socket;
}
