// The process of honest visitors: each has an address of its own, presses, works for a ticket where it must, waits for
// the turn, calls through the gate and hears the desk. Told how many, over how long; tells what became of each.
import { DatabaseSync } from '@photostructure/sqlite';
import { honestSource } from './addresses.ts';
import { callAndHear, type LineAccount } from './line.ts';
import { beginVisit, eventsOf, type Page, post } from './page.ts';

export interface VisitorsOrder {
  readonly hubPort: number;
  readonly origin: string;
  readonly destinations: readonly string[];
  /** Asterisk's table of accounts: what stands there of WebRTC is changed for these visitors' lines. */
  readonly projection: string;
  readonly toneHz: number;
  readonly count: number;
  /** They come one after the other over this long. */
  readonly overMs: number;
  /** From pressing to hearing somebody. */
  readonly patienceMs: number;
}

export interface VisitorsReport {
  /** From pressing to hearing the desk, of those who did. */
  readonly servedMs: readonly number[];
  /** Why the others were not. */
  readonly failures: readonly string[];
}

let visitors = 0;

async function serve(order: VisitorsOrder, page: Page, to: string): Promise<void> {
  const visit = await beginVisit(page, to, 'call');
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), order.patienceMs);
  let last = 'nothing';
  let isHeard = false;
  let calling: Promise<void> | undefined;
  try {
    for await (const event of eventsOf(page, visit, aborter.signal)) {
      last = `${String(event.type)} ${String(event.end ?? event.state ?? '')}`.trim();
      if (event.account !== undefined && !calling) {
        const account = event.account as LineAccount;
        speakPlain(order.projection, account.endpoint);
        calling = callAndHear({ account, origin: page.origin, address: page.address, toneHz: order.toneHz });
        calling
          .then(() => {
            isHeard = true;
          })
          .catch(() => {})
          .finally(() => aborter.abort());
      }
      if (event.type === 'ended') break;
    }
  } catch (error) {
    if (!aborter.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  await calling;
  await post(page, `/api/public/visits/${visit.visitId}/end`, {}, visit.key).catch(() => {});
  if (!isHeard) throw new Error(`the visit stayed at: ${last}`);
}

/** Node speaks no WebRTC: this account gets plain RTP. All else of it stays as the hub wrote it. */
function speakPlain(projection: string, endpoint: string): void {
  const db = new DatabaseSync(projection);
  db.exec('PRAGMA busy_timeout = 5000');
  db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(endpoint);
  db.close();
}

async function serveAll(order: VisitorsOrder): Promise<VisitorsReport> {
  const servedMs: number[] = [];
  const failures: string[] = [];
  const each = Array.from({ length: order.count }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, (order.overMs * index) / order.count));
    const to = order.destinations[index % order.destinations.length] ?? '';
    visitors += 1;
    const page = { hubPort: order.hubPort, origin: order.origin, address: honestSource(visitors).address };
    const startedAt = performance.now();
    try {
      await serve(order, page, to);
      servedMs.push(performance.now() - startedAt);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  });
  await Promise.all(each);
  return { servedMs, failures };
}

process.on('message', (order: VisitorsOrder) => {
  void serveAll(order).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: 0 });
