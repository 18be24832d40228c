// The door of `/api/public/` over HTTP, for what the front (`admission-front.ts`) has let through: reads what is sent
// within a bounded time, and gives the public its share of the requests in work and no more.
import { type Refusal, refuse } from '@ringtag/server/protocol';
import type { MiddlewareHandler } from 'hono';
import { type EdgeEnv, sendRefusal } from '../platform/edge.ts';
import { type Admission, tooMuchInWork } from './admission.ts';

/** What a phone on a bad line needs for a few kilobytes; a voice message gets more by its size. */
const BODY_MS = 10_000;
const VOICE_BODY_MS = 60_000;

/** Guards `/api/public/*`; whatever has come by another way than the front is not there. */
export function publicDoor(
  admission: Pick<Admission, 'work'>,
  passed: WeakSet<object>,
): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const { incoming } = (c.env ?? {}) as { incoming?: object };
    if (!incoming || !passed.has(incoming)) return sendRefusal(c, refuse('NOT_FOUND'));
    if (c.req.method !== 'GET') {
      // Read before it takes a place: whoever sends slowly holds nobody up.
      const isVoice = c.req.path.endsWith('/voice');
      const reading = isVoice ? c.req.arrayBuffer() : c.req.text();
      const isWhole = await within(isVoice ? VOICE_BODY_MS : BODY_MS, reading);
      if (!isWhole) {
        c.header('Connection', 'close');
        return sendRefusal(c, invalidBody());
      }
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
