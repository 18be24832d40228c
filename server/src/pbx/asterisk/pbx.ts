// The Asterisk behind the `Pbx` port: grants and revocations go into the projection, answers about contacts and
// calls come from ARI. Asterisk goes on without us, and we without it: then nothing is available.
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Pbx, PbxEndpoint, PbxEvents, PbxRoute } from '../port.ts';
import { type Ari, openAri } from './ari.ts';
import { closeAtGate, type GateControl } from './gate-control.ts';
import { AriEvent, ChannelList, EndpointList, endpointOf, LiveState } from './live-state.ts';
import { openProjection } from './projection.ts';
import { assertSafeNames, endpointRows, type Row, type RowOptions, type Rows, routeRow } from './rows.ts';

export interface AsteriskPbxOptions {
  /** The SQLite file named in `res_config_sqlite3.conf`; made if missing. */
  readonly projectionFile: string;
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** Realm of the digest credentials, as in `pjsip.conf`. */
  readonly realm: string;
  /** Where sip-gate takes orders; absent: its connections end by themselves. */
  readonly gateControl?: GateControl;
  /** See `rows.ts`; on one machine `127.0.0.1`. */
  readonly mediaAddress?: string;
  /** Desk phones may send plain RTP; default: only where `mediaAddress` is loopback. */
  readonly plainPhones?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Connects in the background; `available` turns true once Asterisk's lists have been read. */
export function createAsteriskPbx(options: AsteriskPbxOptions): Pbx {
  const { logger, gateControl } = options;
  const projection = openProjection(options.projectionFile);
  const rowOptions = toRowOptions(options);
  const live = new LiveState();
  const listeners = createListeners();
  const granted = new Set<string>();
  let available = false;

  const ari = openAri({
    url: options.ariUrl,
    user: options.ariUser,
    password: options.ariPassword,
    clock: options.clock,
    onConnected: (connected) => (connected ? void readLists() : setAvailable(false)),
    onEvent: (event) => {
      const parsed = AriEvent.safeParse(event);
      const endpoint = parsed.success ? live.apply(parsed.data) : undefined;
      if (endpoint !== undefined) listeners.endpoint(endpoint);
    },
  });

  function setAvailable(value: boolean): void {
    if (value === available) return;
    available = value;
    logger.info({ available }, 'telephone calls became possible or impossible');
    listeners.availability(value);
  }

  /** Events come already while the lists travel; a list is newer than what came before it was asked for. */
  async function readLists(): Promise<void> {
    try {
      const [endpoints, channels] = await Promise.all([
        ari.request('GET', 'endpoints/PJSIP'),
        ari.request('GET', 'channels'),
      ]);
      // 404: no endpoint has been seen yet.
      const known = endpoints.status === 404 ? [] : EndpointList.parse(endpoints.body);
      const changed = live.reset(known, ChannelList.parse(channels.body));
      setAvailable(true);
      for (const endpoint of changed) listeners.endpoint(endpoint);
    } catch (err) {
      logger.warn({ err }, 'Asterisk answered ARI in a way that could not be read');
    }
  }

  return {
    realm: options.realm,
    get available() {
      return available;
    },
    async replaceAll(endpoints, routes) {
      projection.replaceAll(allRows(endpoints, routes, rowOptions));
      granted.clear();
      for (const { endpoint } of endpoints) granted.add(endpoint);
    },
    async grant(endpoint, routes) {
      projection.put(allRows([endpoint], routes, rowOptions));
      granted.add(endpoint.endpoint);
    },
    async revoke(endpoint, routes) {
      assertSafeNames([endpoint]);
      projection.remove(endpoint, { routes: routeRows(routes) });
      granted.delete(endpoint);
      live.forget(endpoint);
      if (gateControl) await closeAtGate(gateControl, endpoint, logger);
      await endChannels(ari, endpoint, logger);
      listeners.endpoint(endpoint);
    },
    isRegistered: (endpoint) => available && granted.has(endpoint) && live.isRegistered(endpoint),
    isInCall: (endpoint) => available && live.isInCall(endpoint),
    on: (event, listener) => listeners.add(event, listener),
    async close() {
      ari.close();
      projection.close();
    },
  };
}

function toRowOptions(options: AsteriskPbxOptions): RowOptions {
  const { realm, mediaAddress } = options;
  const plainPhones = options.plainPhones ?? mediaAddress?.startsWith('127.') ?? false;
  return { realm, plainPhones, ...(mediaAddress === undefined ? {} : { mediaAddress }) };
}

function allRows(endpoints: readonly PbxEndpoint[], routes: readonly PbxRoute[], options: RowOptions): Rows {
  assertSafeNames(
    endpoints.flatMap((endpoint) => [endpoint.endpoint, ...endpoint.auths.map((auth) => auth.id)]),
  );
  const rows = endpoints.map((endpoint) => endpointRows(endpoint, options));
  return {
    ps_endpoints: rows.flatMap((row) => row.ps_endpoints),
    ps_auths: rows.flatMap((row) => row.ps_auths),
    ps_aors: rows.flatMap((row) => row.ps_aors),
    routes: routeRows(routes),
  };
}

function routeRows(routes: readonly PbxRoute[]): Row[] {
  assertSafeNames(routes.flatMap((route) => [route.extension, ...route.endpoints]));
  return routes.map(routeRow);
}

/** Credentials are refused already; a call that was up before ends here. */
async function endChannels(ari: Ari, endpoint: string, logger: Logger): Promise<void> {
  try {
    const { body } = await ari.request('GET', 'channels');
    const own = ChannelList.parse(body).filter((channel) => endpointOf(channel.name) === endpoint);
    await Promise.all(
      own.map((channel) => ari.request('DELETE', `channels/${encodeURIComponent(channel.id)}`)),
    );
  } catch (err) {
    logger.warn(
      { err, endpoint },
      'calls of a revoked endpoint could not be ended: Asterisk does not answer',
    );
  }
}

function createListeners() {
  const sets = {
    availability: new Set<PbxEvents['availability']>(),
    endpoint: new Set<PbxEvents['endpoint']>(),
  };
  return {
    add<E extends keyof PbxEvents>(event: E, listener: PbxEvents[E]): () => void {
      const set = sets[event] as Set<PbxEvents[E]>;
      set.add(listener);
      return () => set.delete(listener);
    },
    availability: (available: boolean) => {
      for (const listener of sets.availability) listener(available);
    },
    endpoint: (endpoint: string) => {
      for (const listener of sets.endpoint) listener(endpoint);
    },
  };
}
