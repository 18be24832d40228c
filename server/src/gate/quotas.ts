// How many connections there may be, guests and employees counted apart: a flood of the one never takes the place
// of the other.
import type { GateTokenPayload } from './token.ts';

export interface GateQuotas {
  /** Connections of signed-in devices; default 2000. */
  readonly employees: number;
  /** Connections of public visitors; default 200. */
  readonly guests: number;
  /** Connections of one endpoint (a reconnect may overlap with what it replaces); default 3. */
  readonly perEndpoint: number;
}

export const DEFAULT_QUOTAS: GateQuotas = { employees: 2_000, guests: 200, perEndpoint: 3 };

/** A live connection, as far as counting and closing go. */
export interface Connection {
  readonly endpoint: string;
  readonly kind: GateTokenPayload['kind'];
  close(code: number, reason: string): void;
}

export class Connections {
  readonly #all = new Set<Connection>();
  readonly #quotas: GateQuotas;

  constructor(quotas: GateQuotas) {
    this.#quotas = quotas;
  }

  /** Whether one more of this kind and endpoint may connect. */
  hasRoomFor({ endpoint, kind }: Pick<Connection, 'endpoint' | 'kind'>): boolean {
    let sameKind = 0;
    let sameEndpoint = 0;
    for (const connection of this.#all) {
      if (connection.kind === kind) sameKind += 1;
      if (connection.endpoint === endpoint) sameEndpoint += 1;
    }
    const limit = kind === 'guest' ? this.#quotas.guests : this.#quotas.employees;
    return sameKind < limit && sameEndpoint < this.#quotas.perEndpoint;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  delete(connection: Connection): void {
    this.#all.delete(connection);
  }

  /** How many were closed. */
  closeEndpoint(endpoint: string, code: number, reason: string): number {
    const found = [...this.#all].filter((connection) => connection.endpoint === endpoint);
    for (const connection of found) connection.close(code, reason);
    return found.length;
  }

  count(): { employees: number; guests: number } {
    const guests = [...this.#all].filter((connection) => connection.kind === 'guest').length;
    return { employees: this.#all.size - guests, guests };
  }
}
