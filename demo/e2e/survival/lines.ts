// The lines of one browser: relays of its own to the hub and to sip-gate, which a test can break without anybody else
// noticing. The browser is told where the names are (Firefox by its proxy); pages and hub know nothing of it.
import type { World } from '../../src/world.ts';
import type { BrowserOptions } from '../browser.ts';
import { startTcpRelay, type TcpRelay } from './relay.ts';
import { startSocksProxy } from './socks.ts';

export interface Lines {
  readonly hub: TcpRelay;
  /** To sip-gate; absent where there is no telephone exchange. */
  readonly gate: TcpRelay | undefined;
  /** For the browser that uses them. */
  readonly browser: Partial<BrowserOptions>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Port of sip-gate, if there is a telephone exchange. */
export function gatePortOf(world: World): number | undefined {
  const url = world.telephone?.hubEnv.GATE_URL;
  return url === undefined ? undefined : Number(new URL(url).port);
}

export async function openLines(world: World): Promise<Lines> {
  const to = (port: number) =>
    startTcpRelay({ at: { host: LOOPBACK, port: 0 }, to: { host: LOOPBACK, port } });
  const hubPort = Number(new URL(world.hubOrigin).port);
  const gatePort = gatePortOf(world);
  const hub = await to(hubPort);
  const gate = gatePort === undefined ? undefined : await to(gatePort);
  const relays = new Map([[hubPort, hub.port]]);
  if (gate && gatePort !== undefined) relays.set(gatePort, gate.port);
  const rules = [...relays].map(([from, via]) => `MAP hub.localhost:${from} ${LOOPBACK}:${via}`);
  const socks = await startSocksProxy({
    at: { host: LOOPBACK, port: 0 },
    to: (port) => ({ host: LOOPBACK, port: relays.get(port) ?? port }),
  });
  return {
    hub,
    gate,
    browser: { flags: [`--host-resolver-rules=${rules.join(',')}`], apart: { socks } },
    async close() {
      await Promise.all([hub.close(), gate?.close(), socks.close()]);
    },
  };
}
