// The door of `/api/public/` over HTTP: every request passes it before its body is parsed. It refuses by network, reads
// what is sent within a bounded time, and gives the public its share of the requests in work and no more.
import { type Refusal, refuse } from '@ringtag/server/protocol';
import type { MiddlewareHandler } from 'hono';
import { type EdgeEnv, sendRefusal } from '../platform/edge.ts';
import { type Admission, tooMuchInWork } from './admission.ts';
import type { Act } from './limits.ts';

/** What a phone on a bad line needs for a few kilobytes; a voice message gets more by its size. */
const BODY_MS = 10_000;
const VOICE_BODY_MS = 60_000;

/** Guards `/api/public/*`; needs `c.var.client`. */
export function publicDoor(admission: Admission): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const { client } = c.var;
    if (!client) return sendRefusal(c, refuse('FORBIDDEN'));
    const act = actOf(c.req.method, c.req.path);
    const refusal = await admission.enter(client, act);
    if (refusal) return sendRefusal(c, refusal);
    if (c.req.method !== 'GET') {
      // Read before it takes a place: whoever sends slowly holds nobody up.
      const isWhole = await within(act === 'voice' ? VOICE_BODY_MS : BODY_MS, c.req.arrayBuffer());
      if (!isWhole) return sendRefusal(c, invalidBody());
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

/** By the path alone; a path that is none costs what looking costs. */
function actOf(method: string, path: string): Act {
  if (method !== 'POST') return 'look';
  if (path === '/api/public/tickets') return 'ticket';
  if (path === '/api/public/visits') return 'visit';
  if (path.endsWith('/voice')) return 'voice';
  return path.endsWith('/end') ? 'look' : 'message';
}

const invalidBody = (): Refusal => refuse('INVALID_INPUT', { field: '' });

async function within(ms: number, reading: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
    timer.unref();
  });
  try {
    return await Promise.race([reading.then(() => true), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
