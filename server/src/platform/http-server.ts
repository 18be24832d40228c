// The hub's listening socket: opened with a sentence when it cannot be, closed within a bounded time. Node's own
// close waits for upgraded connections without end; here they are given a moment, then cut.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What is still open after this long is cut. */
const PATIENCE_MS = 1_000;

/** Between two requests; Node's own figure differs by its version, up to a minute. */
const IDLE_MS = 5_000;

/** How long a request may take to arrive; Node's own patience is minutes, for whoever sends a byte now and then. */
export interface Patience {
  /** Default 10 s. */
  readonly headersMs?: number;
  /** With its body; default 90 s, since a voice message has one minute. */
  readonly requestMs?: number;
  /** How often that is looked at; default 5 s. */
  readonly lookMs?: number;
}

/** A server that keeps no socket open for a request that does not come. */
export function createHubServer(listener: RequestListener, patience: Patience = {}): Server {
  const { headersMs = 10_000, requestMs = 90_000, lookMs = 5_000 } = patience;
  const timeouts = { headersTimeout: headersMs, requestTimeout: requestMs, keepAliveTimeout: IDLE_MS };
  return createServer({ ...timeouts, connectionsCheckingInterval: lookMs }, listener);
}

export interface Listening {
  readonly port: number;
  /** Accepts nothing more; `farewell` closes long-lived connections; answers under way get a second. */
  close(farewell: () => void): Promise<void>;
}

/** Rejects with a sentence that names `PORT` when the port is in use. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const actualPort = await new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const message = `PORT: ${port} on ${host} is in use; stop what uses it or choose another`;
      reject(isTaken ? new Error(message, { cause: error }) : error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
  return {
    port: actualPort,
    close: (farewell) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, PATIENCE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        farewell();
        server.closeIdleConnections();
      }),
  };
}
