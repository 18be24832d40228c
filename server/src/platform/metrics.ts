// Prometheus metrics of one hub. Labels are route patterns, methods and statuses: nothing personal, nothing unbounded.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface ObservedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Code of the refusal, where it was one. */
  readonly refusal?: string | undefined;
}

export interface Metrics {
  observeRequest(request: ObservedRequest): void;
  /** A number that is asked for at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
  /** Numbers that are asked for at each scrape, one for each value of the label. */
  gauges(
    name: string,
    help: string,
    by: { label: string; read: () => Readonly<Record<string, number>> },
  ): void;
  /** A number that only rises; the returned function counts one. */
  counter<L extends string>(
    name: string,
    help: string,
    labels: readonly L[],
  ): (values: Readonly<Record<L, string>>) => void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}

const BUCKETS_S = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'ringtag_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'ringtag_http_refusals_total',
    help: 'Requests refused, by route and code',
    labelNames: ['route', 'code'] as const,
    registers: [registry],
  });
  return {
    observeRequest({ method, route, status, ms, refusal }) {
      requests.observe({ method, route, status: String(status) }, ms / 1000);
      if (refusal !== undefined) refusals.inc({ route, code: refusal });
    },
    gauges(name, help, { label, read }) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        collect() {
          for (const [value, number] of Object.entries(read())) this.set({ [label]: value }, number);
        },
      });
    },
    counter(name, help, labels) {
      const counted = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
      return (values) => counted.inc(values);
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => registry.clear(),
  };
}
