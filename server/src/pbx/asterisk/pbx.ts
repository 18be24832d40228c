// The Asterisk behind the `Pbx` port: grants and revocations go into the projection, answers about contacts and
// calls come from ARI. Asterisk goes on without us, and we without it: then nothing is available.
import type { Clock } from '../../platform/clock.ts';
import type { Ids } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { absentGuestLine, type GuestLine } from '../guest-line.ts';
import type { Pbx, PbxEndpoint, PbxEvents, PbxRoute } from '../port.ts';
import { closeAtGate, type GateControl } from './gate-control.ts';
import { watchGate } from './gate-health.ts';
import { createGuests, type Guests } from './guests.ts';
import { openLink } from './link.ts';
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
  /** What visitors' calls need: the public WebSocket URL of sip-gate and its secret. Absent: there are none. */
  readonly guests?: { readonly gate: { readonly url: string; readonly secret: string }; readonly ids: Ids };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The telephone exchange, and visitors' calls on it. */
export interface AsteriskPbx extends Pbx {
  readonly guestLine: GuestLine;
}

/** Connects in the background; `available` turns true once Asterisk's lists have been read and the gate answers. */
export function createAsteriskPbx(options: AsteriskPbxOptions): AsteriskPbx {
  const { logger, gateControl } = options;
  const projection = openProjection(options.projectionFile);
  const rowOptions = toRowOptions(options);
  const listeners = createListeners();
  const granted = new Set<string>();
  let wasAvailable = false;
  const link = openLink({
    ...options,
    onAvailable: tellAvailability,
    onEndpoint: listeners.endpoint,
    onEvent: (event) => guests?.hear(event),
    onChannels: (channels, bridges) => guests?.hearAll(channels, bridges),
  });
  const { live } = link;
  const { clock } = options;
  const gate = watchGate({ url: gateControl?.url, clock, logger, onChange: tellAvailability });
  const isAvailable = (): boolean => link.available && gate.isUp;
  const closeConnections = async (endpoint: string): Promise<void> => {
    if (gateControl) await closeAtGate(gateControl, endpoint, logger);
  };
  const { endChannels, hangUp, say } = link;
  const guests: Guests | undefined =
    options.guests &&
    createGuests({
      ...{ projection, rowOptions, isAvailable, endChannels, hangUp, say, clock, logger, ...options.guests },
      closeAtGate: closeConnections,
    });

  function tellAvailability(): void {
    if (isAvailable() === wasAvailable) return;
    wasAvailable = !wasAvailable;
    listeners.availability(wasAvailable);
  }

  return {
    realm: options.realm,
    get available() {
      return isAvailable();
    },
    get isGateMissing() {
      return link.available && !gate.isUp;
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
    async route(routes) {
      projection.put({ routes: routeRows(routes) });
    },
    async revoke(endpoint, routes) {
      assertSafeNames([endpoint]);
      projection.remove(endpoint, { routes: routeRows(routes) });
      granted.delete(endpoint);
      live.forget(endpoint);
      guests?.forget(endpoint);
      await closeConnections(endpoint);
      await endChannels(endpoint);
      listeners.endpoint(endpoint);
    },
    isRegistered: (endpoint) => isAvailable() && granted.has(endpoint) && live.isRegistered(endpoint),
    isInCall: (endpoint) => link.available && live.callsOf(endpoint) > 0,
    callsOf: (endpoint) => (link.available ? live.callsOf(endpoint) : 0),
    isTalking: (endpoint) => link.available && live.isTalking(endpoint),
    hasChannel: (id) => (link.available ? live.hasChannel(id) : undefined),
    ownerOfDialog: link.ownerOfDialog,
    on: (event, listener) => listeners.add(event, listener),
    guestLine: guests?.line ?? absentGuestLine,
    async close() {
      guests?.stop();
      gate.close();
      link.close();
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
