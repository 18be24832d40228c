// The hub's listening socket: opened with a sentence when it cannot be, closed within a bounded time. Node's own
// close waits for upgraded connections without end; here they are given a moment, then cut.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What is still open after this long is cut. */
const PATIENCE_MS = 1_000;

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
