// The visitor's routes for what is left: a text or a wish to be called back, and the sound of a voice message.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { LeaveRequest, LeaveResult, refuse, VoiceQuery } from '@ringtag/server/protocol';
import { createRouter, type EdgeEnv, refusals } from '../platform/edge.ts';
import type { LeftService } from './left.ts';
import { admitted, json, sendVisitRefusal, VisitPath } from './visit-routes.ts';
import type { VisitService } from './visit-service.ts';

export interface LeftRoutesOptions {
  readonly service: Pick<VisitService, 'admit' | 'attempt'>;
  readonly left: LeftService;
}

const SOUND = /^audio\/(?:webm|ogg|mp4)(?:\s*;|$)/i;
const shared = { tags: ['public'], security: [{ bearer: [] }] };
const REFUSED = ['INVALID_INPUT', 'SIGNED_OUT', 'NOT_FOUND', 'CONFLICT', 'RATE_LIMITED'] as const;

/** `POST /api/public/visits/{id}/left` and `…/voice`. */
export function leftRoutes({ service, left }: LeftRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const leave = createRoute({
    ...shared,
    method: 'post',
    path: '/api/public/visits/{id}/left',
    summary: 'Leave a message, or ask to be called back',
    request: { params: VisitPath, body: { required: true, ...json(LeaveRequest, 'What is left.') } },
    responses: { 201: json(LeaveResult, 'Kept.'), ...refusals(...REFUSED, 'STORAGE_UNAVAILABLE') },
  });
  router.openapi(leave, async (c) => {
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    const allowed = await service.attempt(visit, 'left');
    if (!allowed.ok) return sendVisitRefusal(c, allowed);
    const result = await left.leave(visit, c.req.valid('json'));
    return result.ok ? c.json({ leftId: result.leftId }, 201) : sendVisitRefusal(c, result);
  });

  const voice = createRoute({
    ...shared,
    method: 'post',
    path: '/api/public/visits/{id}/voice',
    summary: 'The sound of a voice message, as the browser recorded it',
    request: {
      params: VisitPath,
      query: VoiceQuery,
      body: {
        required: true,
        content: { 'audio/*': { schema: { type: 'string', format: 'binary' } } },
      },
    },
    responses: {
      201: json(LeaveResult, 'Kept.'),
      ...refusals(...REFUSED, 'TOO_LARGE', 'STORAGE_UNAVAILABLE'),
    },
  });
  router.openapi(voice, async (c) => {
    // Who asks first: strangers' megabytes are not read. Longer ones than `limits.VOICE_BYTES` end in `app.ts`.
    const visit = await admitted(c, service, c.req.valid('param').id);
    if ('ok' in visit) return sendVisitRefusal(c, visit);
    if (!SOUND.test(c.req.header('Content-Type') ?? '')) {
      return sendVisitRefusal(c, refuse('INVALID_INPUT', { field: 'content-type' }));
    }
    const allowed = await service.attempt(visit, 'voice');
    if (!allowed.ok) return sendVisitRefusal(c, allowed);
    const sound = new Uint8Array(await c.req.arrayBuffer());
    const result = await left.putVoice(visit, { sound, lengthMs: c.req.valid('query').lengthMs });
    return result.ok ? c.json({ leftId: result.leftId }, 201) : sendVisitRefusal(c, result);
  });
  return router;
}
