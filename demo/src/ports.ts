// Which ports the demo takes and whether they are free. One base port; everything else is counted from it.
import { createConnection, createServer } from 'node:net';

export interface Ports {
  readonly hub: number;
  readonly webmail: number;
  readonly intranet: number;
  readonly shop: number;
  readonly identity: number;
  readonly gate: number;
}

export function portsFrom(base: number): Ports {
  return {
    hub: base,
    webmail: base + 1,
    intranet: base + 2,
    shop: base + 3,
    identity: base + 4,
    gate: base + 5,
  };
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

/** Browsers try `::1` first for `*.localhost`: somebody there would get our visitors. */
function somebodyOnIpv6(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '::1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Those of `ports` that another program has already. */
export async function takenPorts(ports: Ports): Promise<number[]> {
  const taken: number[] = [];
  for (const port of Object.values(ports)) {
    if (!(await canListen(port)) || (await somebodyOnIpv6(port))) taken.push(port);
  }
  return taken;
}

/** A base port whose whole range is free now; tests take one each. */
export async function freeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 20_000 + Math.floor(Math.random() * 1_000) * 10;
    if ((await takenPorts(portsFrom(base))).length === 0) return base;
  }
  throw new Error('No free range of ports was found.');
}
