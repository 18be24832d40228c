// Reads a small body before the framework does, and leaves it where the framework's adapter looks for bodies that
// somebody has read already.
import type { IncomingMessage } from 'node:http';
import { limits, type Refusal, refuse } from '@ringtag/server/protocol';

/** What a phone on a bad line needs for a few kilobytes. */
const PATIENCE_MS = 10_000;

/** The body as JSON; `TOO_LARGE` or `INVALID_INPUT`. Rejects where it does not come, or its sender goes away. */
export async function readWhole(
  request: IncomingMessage,
): Promise<{ readonly ok: true; readonly body: unknown } | Refusal> {
  const body = await bytesOf(request);
  if (!body) return refuse('TOO_LARGE');
  // @hono/node-server reads `rawBody` first, as functions of clouds bring it.
  Object.assign(request, { rawBody: body });
  try {
    return { ok: true, body: JSON.parse(body.toString()) as unknown };
  } catch {
    return refuse('INVALID_INPUT', { field: '' });
  }
}

/**
 * Undefined where there is more than may be: of a body whose length nobody said, that shows only here. By events: a
 * flood comes through here, and an async iterator costs several times as much.
 */
function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(() => request.destroy(new Error('The body did not come in time')), PATIENCE_MS);
    late.unref();
    const settle = (act: () => void) => () => {
      clearTimeout(late);
      act();
    };
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= limits.HTTP_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      // The rest is not read: the refusal closes the connection.
      request.off('data', keep).pause();
      settle(() => resolve(undefined))();
    };
    request.on('data', keep);
    request.once('error', reject);
    request.once(
      'end',
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))),
    );
    request.once(
      'close',
      settle(() => reject(new Error('The sender went away'))),
    );
  });
}
