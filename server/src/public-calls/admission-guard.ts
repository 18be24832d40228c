// The door of `/api/public/` over HTTP, for what the front (`admission-front.ts`) has let through: reads what is sent
// within a bounded time, and gives the public its share of the requests in work and no more.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refuse } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { type EdgeEnv, sendRefusal } from '../platform/edge.ts';
import { type Admission, tooManyStreams, tooMuchInWork } from './admission.ts';

/** What a phone on a bad line needs for a few kilobytes; a voice message gets more by its size. */
const BODY_MS = 10_000;
const VOICE_BODY_MS = 60_000;

export interface PublicDoorOptions {
  readonly admission: Pick<Admission, 'work' | 'stream'>;
  /** What the front has let through. */
  readonly passed: WeakSet<object>;
  /** Told of each request that will be a stream. */
  readonly onStream: (incoming: object) => void;
}

/** As `@hono/node-server` hands them on. */
interface NodeEnv {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: Pick<ServerResponse, 'once'>;
}

const EVENTS = /^\/api\/public\/visits\/[^/]+\/events$/;

/** Guards `/api/public/*`; whatever has come by another way than the front is not there. */
export function publicDoor({ admission, passed, onStream }: PublicDoorOptions): MiddlewareHandler<EdgeEnv> {
  /** False where it is one stream too many. */
  function holdStream(c: Context<EdgeEnv>, { incoming, outgoing }: NodeEnv): boolean {
    if (c.req.method !== 'GET' || !EVENTS.test(c.req.path)) return true;
    const release = admission.stream(c.var.client?.network ?? '');
    if (!release) return false;
    // Refused or not: once it is over, it is over.
    outgoing?.once('close', release);
    if (incoming) onStream(incoming);
    return true;
  }

  return async (c, next) => {
    const env = (c.env ?? {}) as NodeEnv;
    if (!env.incoming || !passed.has(env.incoming)) return sendRefusal(c, refuse('NOT_FOUND'));
    // Hono answers it by the route of GET: a stream would begin that nobody hears and nothing counts.
    if (c.req.method === 'HEAD' && EVENTS.test(c.req.path)) return sendRefusal(c, refuse('NOT_FOUND'));
    if (!holdStream(c, env)) return sendRefusal(c, tooManyStreams());
    if (c.req.method !== 'GET' && !(await isRead(c))) {
      c.header('Connection', 'close');
      return sendRefusal(c, invalidBody());
    }
    const done = admission.work();
    if (!done) return sendRefusal(c, tooMuchInWork());
    try {
      await next();
    } finally {
      done();
    }
    return undefined;
  };
}

/** Before it takes a place: whoever sends slowly holds nobody up. */
function isRead(c: Context<EdgeEnv>): Promise<boolean> {
  const isVoice = c.req.path.endsWith('/voice');
  const reading = isVoice ? c.req.arrayBuffer() : c.req.text();
  return within(isVoice ? VOICE_BODY_MS : BODY_MS, reading);
}

const invalidBody = (): Refusal => refuse('INVALID_INPUT', { field: '' });

/** False where it took longer, or whoever sent it went away: no fault of the hub's, and no line in its log. */
async function within(ms: number, reading: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
    timer.unref();
  });
  try {
    const whole = reading.then(
      () => true,
      () => false,
    );
    return await Promise.race([whole, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
