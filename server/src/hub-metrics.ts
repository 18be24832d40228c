// The numbers of the domain on `/metrics`: devices, calls and refusals. Labels are codes and states from closed lists,
// so that nothing personal and nothing unbounded gets there.
import type { ErrorCode } from '@ringtag/server/protocol';
import type { CallRecord } from './calls/call.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import type { Entry } from './records/record.ts';

export interface HubMetrics {
  readonly metrics: Metrics;
  readonly callEnded: (call: CallRecord) => void;
  readonly recordWritten: (entry: Entry) => void;
  readonly socketRefused: (code: ErrorCode) => void;
  /** Begins to report what only the running parts know. */
  watch(now: LiveNumbers): void;
}

export interface LiveNumbers {
  devices(): number;
  callsByState(): Readonly<Record<string, number>>;
  isPbxAvailable(): boolean;
}

export function createHubMetrics(): HubMetrics {
  const metrics = createMetrics();
  const ended = metrics.counter('ringtag_calls_ended_total', 'Calls that ended, by way and reason', [
    'via',
    'reason',
  ]);
  const refused = metrics.counter('ringtag_socket_refusals_total', 'Handshakes and messages refused', [
    'code',
  ]);
  const written = metrics.counter(
    'ringtag_call_records_total',
    'Call records written, by kind, way and result',
    ['kind', 'via', 'result'],
  );
  return {
    metrics,
    recordWritten(entry) {
      const { via, result } = entry.kind === 'call' ? entry : { via: '', result: '' };
      written({ kind: entry.kind, via, result });
    },
    callEnded: ({ via, endReason }) => ended({ via, reason: endReason ?? 'unknown' }),
    socketRefused: (code) => refused({ code }),
    watch({ devices, callsByState, isPbxAvailable }) {
      metrics.gauge('ringtag_devices', 'Devices connected now', devices);
      metrics.gauge('ringtag_pbx_available', 'Whether telephone calls can be made', () =>
        Number(isPbxAvailable()),
      );
      metrics.gauges('ringtag_calls', 'Calls now, by state; placed are telephone calls', {
        label: 'state',
        read: callsByState,
      });
    },
  };
}
