// A browser in a network of its own: the same pages under the same names, reached over its uplink through relays at
// this machine's end of the cable. `*.localhost` stays a secure context, wherever it is.
import type { World } from '../../src/world.ts';
import type { BrowserOptions } from '../browser.ts';
import { gatePortOf } from './lines.ts';
import type { Network } from './network.ts';
import { startTcpRelay } from './relay.ts';
import { startSocksProxy } from './socks.ts';

export interface Away {
  /** For the browser inside. */
  readonly browser: Partial<BrowserOptions>;
  close(): Promise<void>;
}

/** Opens the doors between `network` and everything that a page of the world talks to. */
export async function openAway(world: World, network: Network): Promise<Away> {
  const origins = [
    world.hubOrigin,
    world.identity.issuer,
    ...Object.values(world.sites).map(({ origin }) => origin),
  ];
  const ports = [...origins.map((origin) => Number(new URL(origin).port)), gatePortOf(world)];
  const relays = await Promise.all(
    ports
      .filter((port) => port !== undefined)
      .map((port) =>
        startTcpRelay({ at: { host: network.hostAddress, port }, to: { host: '127.0.0.1', port } }),
      ),
  );
  // Firefox takes `*.localhost` for its own machine, whatever it is told, but not behind a proxy.
  const socks = await startSocksProxy({
    at: { host: network.hostAddress, port: 0 },
    to: (port) => ({ host: '127.0.0.1', port }),
  });
  return {
    browser: {
      program: network.program,
      flags: [`--host-resolver-rules=MAP *.localhost ${network.hostAddress}`],
      apart: { socks, within: network.within },
    },
    async close() {
      await Promise.all([...relays, socks].map((relay) => relay.close()));
    },
  };
}
