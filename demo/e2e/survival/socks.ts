// A SOCKS proxy (RFC 1928) for the connections of one Firefox, which cannot be told where a name is in any other way.
// Whoever it is asked for, the test says where that is; it never leaves this machine.

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Address } from './relay.ts';

export interface SocksProxy extends Address {
  close(): Promise<void>;
}

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const CONNECT = 1;
const IPV4 = 1;
const DOMAIN = 3;
const [SUCCEEDED, REFUSED, NOT_SUPPORTED] = [0, 5, 7];

/** Bytes of a request, up to its port, when the first ones of it are these. */
function portOffset(request: Buffer): number {
  return request[3] === DOMAIN ? 5 + (request[4] ?? 0) : 8;
}

function answer(code: number): Buffer {
  return Buffer.from([VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0]);
}

/** Listens at `at` (port 0: any free one); `to` says where a port that is asked for really is. */
export async function startSocksProxy(options: {
  at: Address;
  to: (port: number) => Address;
}): Promise<SocksProxy> {
  const { at, to } = options;
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('error', () => {});
    void serve(client, to);
  });
  server.listen({ host: at.host, port: at.port });
  await once(server, 'listening');
  return {
    host: at.host,
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}

async function serve(client: Socket, to: (port: number) => Address): Promise<void> {
  const greeting = await take(client, (bytes) => bytes.length >= 2 && bytes.length >= 2 + (bytes[1] ?? 0));
  if (greeting?.[0] !== VERSION) return void client.destroy();
  client.write(Buffer.from([VERSION, NO_AUTHENTICATION]));
  const request = await take(client, (bytes) => bytes.length > 4 && bytes.length >= portOffset(bytes) + 2);
  if (!request) return void client.destroy();
  if (request[1] !== CONNECT || ![IPV4, DOMAIN].includes(request[3] ?? 0)) {
    client.end(answer(NOT_SUPPORTED));
    return;
  }
  const server = createConnection(to(request.readUInt16BE(portOffset(request))));
  server.on('error', () => {});
  const reached = await Promise.race([
    once(server, 'connect').then(() => true),
    once(server, 'close').then(() => false),
  ]).catch(() => false);
  if (!reached) return void client.end(answer(REFUSED));
  client.write(answer(SUCCEEDED));
  join(client, server);
}

/** What each says reaches the other; a reset too. */
function join(client: Socket, server: Socket): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.setNoDelay(true);
    from.on('data', (chunk) => to.destroyed || to.write(chunk));
    from.once('close', (failed) => (failed ? to.resetAndDestroy() : to.destroySoon()));
    if (from.destroyed) to.resetAndDestroy();
  }
}

/** The first bytes, once they are all there; nothing when it ends before. */
function take(client: Socket, complete: (bytes: Buffer) => boolean): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!complete(bytes)) return;
      client.off('data', onData);
      resolve(bytes);
    };
    client.on('data', onData);
    client.once('close', () => resolve(undefined));
  });
}
