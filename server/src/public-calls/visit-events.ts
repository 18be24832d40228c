// A visit's events on the wire: server-sent events over one response, read with fetch because they need the key.
import { limits, type VisitEvent } from '@ringtag/server/protocol';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Clock } from '../platform/clock.ts';
import type { LiveVisit, VisitStream } from './visit-live.ts';
import type { VisitService } from './visit-service.ts';

/** Proxies close what is silent for a minute, some for half of that. */
const HEARTBEAT_MS = 15_000;
/** A page that does not read is let go before it holds the hub's memory; room for several snapshots of a long chat. */
const UNREAD_CHARS = 4 * limits.VISIT_MESSAGES * limits.VISIT_MESSAGE_CHARS;

export function streamVisit(
  c: Context,
  { visit, service, clock }: { visit: LiveVisit; service: VisitService; clock: Clock },
): Response {
  // Nginx would hold events back.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (sse) => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let unread = 0;
    let last: Promise<unknown> = Promise.resolve();
    function write(text: string): void {
      unread += text.length;
      if (unread > UNREAD_CHARS) {
        end();
        return;
      }
      last = sse.write(text).then(() => {
        unread -= text.length;
      });
    }
    const stream: VisitStream = {
      send: (event: VisitEvent) => write(`data: ${JSON.stringify(event)}\n\n`),
      close: () => end(),
    };
    let cancelBeat = () => {};
    function beat(): void {
      cancelBeat = clock.after(HEARTBEAT_MS, () => {
        write(':\n\n');
        beat();
      });
    }
    sse.onAbort(end);
    beat();
    service.listen(visit, stream);
    await ended;
    cancelBeat();
    service.unlisten(visit, stream);
    // What was sent before the close still leaves; a page that is gone takes nothing more.
    if (!sse.aborted && unread <= UNREAD_CHARS) await last;
  });
}
