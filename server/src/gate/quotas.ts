// How many connections there may be, guests and employees counted apart: a flood of the one never takes the place
// of the other. Of guests it counts also how many come from one network.
import type { GateTokenPayload } from './token.ts';

export interface GateQuotas {
  /** Connections of signed-in devices; default 2000. */
  readonly employees: number;
  /** Connections of public visitors; default 200. */
  readonly guests: number;
  /** Connections of one endpoint (a reconnect may overlap with what it replaces); default 3. */
  readonly perEndpoint: number;
  /** Connections of visitors from one network (an IPv4 address, or an IPv6 /64); default 20. */
  readonly guestsPerNetwork: number;
  /** Connections that visitors of one network may begin in a minute; default 60. */
  readonly guestStartsPerMinute: number;
  /** Connections on which no token was shown yet; default 2000. */
  readonly pending: number;
  /** Of one network; above it the oldest goes, since honest ones show it in a moment; default 100. */
  readonly pendingPerNetwork: number;
  /** Refusals in a minute after which a network is not even told why; default 120. */
  readonly refusalsPerNetwork: number;
}

export const DEFAULT_QUOTAS: GateQuotas = {
  employees: 2_000,
  guests: 200,
  perEndpoint: 3,
  guestsPerNetwork: 20,
  guestStartsPerMinute: 60,
  pending: 2_000,
  pendingPerNetwork: 100,
  refusalsPerNetwork: 120,
};

/** Who connects, as far as counting goes. */
export interface Candidate {
  readonly endpoint: string;
  readonly kind: GateTokenPayload['kind'];
  /** Absent: not known, and not counted. */
  readonly network?: string | undefined;
}

/** A live connection, as far as counting and closing go. */
export interface Connection extends Candidate {
  close(code: number, reason: string): void;
}

const MINUTE_MS = 60_000;
/** Endpoints of visitors that the hub has closed, so that their tokens open nothing more. */
const CLOSED_KEPT = 5_000;

export class Connections {
  readonly #byEndpoint = new Map<string, Set<Connection>>();
  readonly #guestsByNetwork = new Map<string, number>();
  /** Beginnings of the current minute. */
  readonly #starts = new Map<string, number>();
  #minute = 0;
  readonly #closedGuests = new Set<string>();
  readonly #counts = { employees: 0, guests: 0 };
  readonly #quotas: GateQuotas;

  constructor(quotas: GateQuotas) {
    this.#quotas = quotas;
  }

  /** Whether one more of this kind, endpoint and network may connect. */
  hasRoomFor({ endpoint, kind, network }: Candidate, nowMs: number): boolean {
    const { employees, guests, perEndpoint } = this.#quotas;
    if ((this.#byEndpoint.get(endpoint)?.size ?? 0) >= perEndpoint) return false;
    if (kind === 'employee') return this.#counts.employees < employees;
    if (this.#closedGuests.has(endpoint)) return false;
    return this.#counts.guests < guests && (network === undefined || this.#mayStart(network, nowMs));
  }

  #mayStart(network: string, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#starts.clear();
    }
    const starts = (this.#starts.get(network) ?? 0) + 1;
    this.#starts.set(network, starts);
    if (starts > this.#quotas.guestStartsPerMinute) return false;
    return (this.#guestsByNetwork.get(network) ?? 0) < this.#quotas.guestsPerNetwork;
  }

  add(connection: Connection): void {
    const own = this.#byEndpoint.get(connection.endpoint) ?? new Set();
    this.#byEndpoint.set(connection.endpoint, own.add(connection));
    this.#count(connection, 1);
  }

  delete(connection: Connection): void {
    const own = this.#byEndpoint.get(connection.endpoint);
    if (!own?.delete(connection)) return;
    if (own.size === 0) this.#byEndpoint.delete(connection.endpoint);
    this.#count(connection, -1);
  }

  #count({ kind, network }: Connection, by: 1 | -1): void {
    this.#counts[kind === 'guest' ? 'guests' : 'employees'] += by;
    if (kind !== 'guest' || network === undefined) return;
    const left = (this.#guestsByNetwork.get(network) ?? 0) + by;
    if (left > 0) this.#guestsByNetwork.set(network, left);
    else this.#guestsByNetwork.delete(network);
  }

  /** How many were closed. A visitor's endpoint, which is never given twice, connects no more. */
  closeEndpoint(endpoint: string, code: number, reason: string): number {
    if (endpoint.startsWith('g-')) this.#close(endpoint);
    const found = [...(this.#byEndpoint.get(endpoint) ?? [])];
    for (const connection of found) connection.close(code, reason);
    return found.length;
  }

  #close(endpoint: string): void {
    this.#closedGuests.add(endpoint);
    const [oldest] = this.#closedGuests;
    if (this.#closedGuests.size > CLOSED_KEPT && oldest !== undefined) this.#closedGuests.delete(oldest);
  }

  count(): { employees: number; guests: number } {
    return { ...this.#counts };
  }
}
