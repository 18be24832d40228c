// Reads a small body before the framework does, and leaves it where the framework's adapter looks for bodies that
// somebody has read already.
import type { IncomingMessage } from 'node:http';

/** What a phone on a bad line needs for a few kilobytes. */
const PATIENCE_MS = 10_000;

/** The body as JSON; undefined where it is none. Rejects where it does not come, or its sender goes away. */
export async function readWhole(request: IncomingMessage): Promise<unknown> {
  const body = await bytesOf(request);
  // @hono/node-server reads `rawBody` first, as functions of clouds bring it.
  Object.assign(request, { rawBody: body });
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** By events: a flood comes through here, and an async iterator costs several times as much. */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const late = setTimeout(() => request.destroy(new Error('The body did not come in time')), PATIENCE_MS);
    late.unref();
    const settle = (act: () => void) => () => {
      clearTimeout(late);
      act();
    };
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
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
