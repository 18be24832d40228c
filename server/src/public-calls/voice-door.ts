// Before a megabyte of sound is read: whoever sends it must have the key of the visit, and only so many are read at the
// same time. Memory that strangers fill is taken from employees (P10).
import type { MiddlewareHandler } from 'hono';
import { type EdgeEnv, sendRefusal } from '../platform/edge.ts';
import { tooMuchInWork } from './admission.ts';
import { admitted } from './visit-routes.ts';
import type { VisitService } from './visit-service.ts';

/** Each `limits.VOICE_BYTES` at most. */
const AT_ONCE = 40;
const VOICE = /^\/api\/public\/visits\/([\w.-]{1,64})\/voice$/;

/** Stands before whatever reads bodies of `/api/public/*`; all that is no sound passes. */
export function voiceDoor(
  service: Pick<VisitService, 'admit'>,
  atOnce: number = AT_ONCE,
): MiddlewareHandler<EdgeEnv> {
  let reading = 0;
  return async (c, next) => {
    const visitId = c.req.method === 'POST' ? VOICE.exec(c.req.path)?.[1] : undefined;
    if (visitId === undefined) {
      await next();
      return undefined;
    }
    const visit = await admitted(c, service, visitId);
    if ('ok' in visit) return sendRefusal(c, visit);
    if (reading >= atOnce) return sendRefusal(c, tooMuchInWork());
    reading += 1;
    try {
      await next();
    } finally {
      reading -= 1;
    }
    return undefined;
  };
}
