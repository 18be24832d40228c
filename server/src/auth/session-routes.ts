// Sessions over HTTP: the code becomes a session, signed challenges become bearers, and a session can be ended.
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import {
  ChallengeRequest,
  ChallengeResult,
  CreateSessionRequest,
  HandoffRequest,
  HandoffResult,
  Me,
  PickupRequest,
  PickupResult,
  SessionGrant,
  TokenRequest,
} from '@ringtag/server/protocol';
import { toMe } from '../people/directory.ts';
import {
  createRouter,
  type EdgeEnv,
  pageOrigin,
  refusals,
  requireCaller,
  sendRefusal,
} from '../platform/edge.ts';
import type { OwnCookie } from '../platform/own-cookie.ts';
import type { Devices } from './devices.ts';
import type { Exchange } from './exchange.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

export interface SessionRoutesOptions {
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly exchange: Exchange;
  readonly devices: Pick<Devices, 'endLeftWindows'>;
  /** Names the browser, where the request comes from the hub's own pages. */
  readonly browserCookie: OwnCookie;
  readonly isOnline: (personId: string) => boolean;
}

const tags = ['sessions'];
const security = [{ bearer: [] }];
const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const pickup = createRoute({
  method: 'post',
  path: '/api/sign-in/pickup',
  tags,
  summary: 'Ask for what a popup without its opener could not post',
  request: body(PickupRequest),
  responses: {
    200: json(PickupResult, 'How far the sign-in is'),
    ...refusals('INVALID_INPUT', 'SIGN_IN_REFUSED', 'ORIGIN_NOT_ALLOWED'),
  },
});

const create = createRoute({
  method: 'post',
  path: '/api/sessions',
  tags,
  summary: 'Exchange the one-use code for a session of this origin',
  request: body(CreateSessionRequest),
  responses: {
    201: json(SessionGrant, 'The session and its first bearer'),
    ...refusals('INVALID_INPUT', 'SIGN_IN_REFUSED', 'ORIGIN_NOT_ALLOWED'),
  },
});

const challenge = createRoute({
  method: 'post',
  path: '/api/sessions/challenge',
  tags,
  summary: 'Get something to sign',
  request: body(ChallengeRequest),
  responses: {
    200: json(ChallengeResult, 'Good once'),
    ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED'),
  },
});

const token = createRoute({
  method: 'post',
  path: '/api/sessions/token',
  tags,
  summary: 'Exchange a signed challenge for a bearer',
  request: body(TokenRequest),
  responses: {
    200: json(SessionGrant, 'A fresh bearer; the end of the session is where it was'),
    ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'SIGN_IN_REFUSED', 'ORIGIN_NOT_ALLOWED'),
  },
});

/**
 * POST /api/sign-in/pickup, POST /api/sessions, …/challenge, …/token, …/handoff, DELETE /api/sessions/current,
 * GET /api/me.
 */
export function sessionRoutes(options: SessionRoutesOptions): OpenAPIHono<EdgeEnv> {
  const { sessions, signIn, exchange, isOnline } = options;
  const router = createRouter();
  const middleware = requireCaller(sessions.authenticate);

  // Answers of this file carry secrets.
  router.use('/api/sessions/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  router.openapi(pickup, async (c) => {
    const result = await signIn.pickup(c.req.valid('json'), pageOrigin(c));
    if ('code' in result && 'ok' in result) return sendRefusal(c, result);
    return c.json(result, 200, { 'Cache-Control': 'no-store' });
  });

  router.openapi(create, async (c) => {
    const request = c.req.valid('json');
    const from = { origin: pageOrigin(c), browser: options.browserCookie.read(c) };
    const redeemed = await exchange.redeem(request, from);
    if (!redeemed.ok) return sendRefusal(c, redeemed);
    const { ok: _, ...whose } = redeemed;
    const { person, browserId, endsAtMs } = whose;
    const isHandedOn = endsAtMs !== undefined;
    if (isHandedOn) await options.devices.endLeftWindows({ personId: person.id, browserId });
    const { deviceName, publicKey } = request;
    return c.json(await sessions.grant({ ...whose, deviceName, publicKey }), 201);
  });

  router.openapi(challenge, async (c) => {
    const result = await sessions.challenge(c.req.valid('json').sessionId, pageOrigin(c));
    if ('code' in result) return sendRefusal(c, result);
    return c.json(result, 200);
  });

  router.openapi(token, async (c) => {
    const result = await sessions.token(c.req.valid('json'), pageOrigin(c));
    if ('code' in result) return sendRefusal(c, result);
    return c.json(result, 200);
  });

  const handOff = createRoute({
    method: 'post',
    path: '/api/sessions/handoff',
    tags,
    summary: 'A code with which a window of the hub’s own becomes a device of the same person and browser',
    security,
    middleware,
    request: body(HandoffRequest),
    responses: {
      200: json(HandoffResult, 'Good once, for 60 s, in this browser alone'),
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'ORIGIN_NOT_ALLOWED', 'FORBIDDEN', 'RATE_LIMITED'),
    },
  });
  router.openapi(handOff, async (c) => {
    const handedOff = await exchange.handOff(c.var.caller.session, c.req.valid('json').challenge);
    if (!handedOff.ok) return sendRefusal(c, handedOff);
    return c.json({ code: handedOff.code }, 200);
  });

  const end = createRoute({
    method: 'delete',
    path: '/api/sessions/current',
    tags,
    summary: 'End this session (sign out)',
    security,
    middleware,
    responses: { 204: { description: 'Ended' }, ...refusals('SIGNED_OUT', 'ORIGIN_NOT_ALLOWED') },
  });
  router.openapi(end, async (c) => {
    await sessions.end(c.var.caller.session.id);
    return c.body(null, 204);
  });

  const me = createRoute({
    method: 'get',
    path: '/api/me',
    tags,
    summary: 'Who is signed in',
    security,
    middleware,
    responses: { 200: json(Me, 'The person'), ...refusals('SIGNED_OUT', 'ORIGIN_NOT_ALLOWED') },
  });
  router.openapi(me, (c) => {
    const { person } = c.var.caller;
    return c.json(toMe(person, isOnline(person.id)), 200);
  });

  return router;
}
