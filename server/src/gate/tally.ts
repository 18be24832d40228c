// What the gate counts for its operator: connections taken and refused, frames of visitors that were not passed on.
// A flood of refusals becomes numbers, and one line of the log a second.

export interface GateTally {
  /** HTTP status of a refused connection. */
  refused(status: number): void;
  taken(kind: 'employee' | 'guest'): void;
  /** A visitor said what no visitor may. */
  barred(reason: string): void;
  /** In the text format of Prometheus. */
  text(connections: GateCount): string;
}

export interface GateCount {
  readonly employees: number;
  readonly guests: number;
  /** Connected, and not yet admitted. */
  readonly strangers: number;
}

export interface GateTallyOptions {
  readonly now: () => number;
  readonly log: (fields: object, message: string) => void;
}

const LOG_PAUSE_MS = 1_000;

export function createTally({ now, log }: GateTallyOptions): GateTally {
  const refusals = new Map<number, number>();
  const taken = { employee: 0, guest: 0 };
  let barred = 0;
  let loggedMs = Number.NEGATIVE_INFINITY;
  let unlogged = 0;

  return {
    refused(status) {
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      unlogged += 1;
      if (now() - loggedMs < LOG_PAUSE_MS) return;
      log({ status, count: unlogged }, 'refused connections');
      loggedMs = now();
      unlogged = 0;
    },
    taken(kind) {
      taken[kind] += 1;
    },
    barred(reason) {
      barred += 1;
      log({ reason }, 'ended the connection of a visitor');
    },
    text: (connections) =>
      [
        '# HELP ringtag_gate_connections Connections now, by kind',
        '# TYPE ringtag_gate_connections gauge',
        `ringtag_gate_connections{kind="employee"} ${connections.employees}`,
        `ringtag_gate_connections{kind="guest"} ${connections.guests}`,
        `ringtag_gate_connections{kind="stranger"} ${connections.strangers}`,
        '# HELP ringtag_gate_connections_total Connections taken, by kind',
        '# TYPE ringtag_gate_connections_total counter',
        ...Object.entries(taken).map(
          ([kind, count]) => `ringtag_gate_connections_total{kind="${kind}"} ${count}`,
        ),
        '# HELP ringtag_gate_refusals_total Connections refused, by HTTP status',
        '# TYPE ringtag_gate_refusals_total counter',
        ...[...refusals].map(([status, count]) => `ringtag_gate_refusals_total{status="${status}"} ${count}`),
        '# HELP ringtag_gate_barred_total Connections of visitors ended for what they said',
        '# TYPE ringtag_gate_barred_total counter',
        `ringtag_gate_barred_total ${barred}`,
        '',
      ].join('\n'),
  };
}
