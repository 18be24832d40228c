// The process of honest visitors: each has an address of its own, presses, works for a ticket where it must, waits for
// the turn, calls through the gate and hears the desk. Told how many, over how long; tells what became of each.
import { DatabaseSync } from '@photostructure/sqlite';
import { honestSource } from './addresses.ts';
import { callAndHear, type LineAccount } from './line.ts';
import { beginVisit, eventsOf, type Page, post } from './page.ts';
import { pause } from './pause.ts';

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

/** One who heard the desk; all from the press of the button. */
export interface Served {
  readonly to: string;
  readonly visitMs: number;
  readonly turnMs: number;
  readonly soundMs: number;
  /** What was answered before there was a visit. */
  readonly refusals: readonly string[];
}

export interface VisitorsReport {
  readonly served: readonly Served[];
  /** Why the others were not. */
  readonly failures: readonly { readonly to: string; readonly reason: string }[];
}

let visitors = 0;

async function serve(order: VisitorsOrder, page: Page, to: string): Promise<Served> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), order.patienceMs);
  try {
    return await visitAndCall(order, { page, to, aborter });
  } finally {
    clearTimeout(timer);
  }
}

interface Press {
  readonly page: Page;
  readonly to: string;
  /** Aborts when patience is at its end. */
  readonly aborter: AbortController;
}

async function visitAndCall(order: VisitorsOrder, { page, to, aborter }: Press): Promise<Served> {
  const startedAt = performance.now();
  const sinceMs = () => performance.now() - startedAt;
  const { signal } = aborter;
  const visit = await beginVisit(page, { to, intent: 'call', signal });
  const visitMs = sinceMs();
  let last = 'nothing';
  let turnMs = 0;
  let soundMs = 0;
  let calling: Promise<void> | undefined;
  try {
    for await (const event of eventsOf(page, visit, signal)) {
      last = `${String(event.type)} ${String(event.end ?? event.state ?? '')}`.trim();
      if (event.account !== undefined && !calling) {
        turnMs = sinceMs();
        const account = event.account as LineAccount;
        speakPlain(order.projection, account.endpoint);
        const { origin, address } = page;
        calling = callAndHear({ account, origin, address, toneHz: order.toneHz, onHeard: heard });
        calling.catch(() => {}).finally(() => aborter.abort());
      }
      if (event.type === 'ended') break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await calling;
  await post(page, `/api/public/visits/${visit.visitId}/end`, {}, visit.key).catch(() => {});
  if (soundMs === 0) throw new Error(`the visit stayed at: ${last}`);
  return { to, visitMs, turnMs, soundMs, refusals: visit.refusals };

  function heard(): void {
    soundMs = sinceMs();
  }
}

/** Node speaks no WebRTC: this account gets plain RTP. All else of it stays as the hub wrote it. */
function speakPlain(projection: string, endpoint: string): void {
  const db = new DatabaseSync(projection);
  db.exec('PRAGMA busy_timeout = 5000');
  db.prepare("UPDATE ps_endpoints SET webrtc = 'no', media_encryption = 'no' WHERE id = ?").run(endpoint);
  db.close();
}

async function serveAll(order: VisitorsOrder): Promise<VisitorsReport> {
  const served: Served[] = [];
  const failures: { to: string; reason: string }[] = [];
  const each = Array.from({ length: order.count }, async (_, index) => {
    await pause((order.overMs * index) / order.count);
    const to = order.destinations[index % order.destinations.length] ?? '';
    visitors += 1;
    const page = { hubPort: order.hubPort, origin: order.origin, address: honestSource(visitors).address };
    await serve(order, page, to).then(
      (one) => served.push(one),
      (error: unknown) =>
        failures.push({ to, reason: error instanceof Error ? error.message : String(error) }),
    );
  });
  await Promise.all(each);
  return { served, failures };
}

process.on('message', (order: VisitorsOrder) => {
  void serveAll(order).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: 0 });
