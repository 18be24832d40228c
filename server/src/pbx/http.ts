// POST /api/pbx/account: what a device needs to register by SIP, asked for at each connection of its socket.
import { createRoute } from '@hono/zod-openapi';
import { PbxAccount } from '@ringtag/server/protocol';
import type { Authenticate } from '../auth/authenticate.ts';
import { createRouter, requireCaller, sendRefusal } from '../platform/edge.ts';
import type { IceServersFor } from '../platform/turn.ts';
import type { PbxAccounts } from './accounts.ts';

export interface PbxRoutesOptions {
  readonly accounts: Pick<PbxAccounts, 'accountFor'>;
  readonly authenticate: Authenticate;
  readonly iceServers: IceServersFor;
}

const accountRoute = createRoute({
  method: 'post',
  path: '/api/pbx/account',
  summary: 'Fresh SIP credentials of this device; the previous ones stay valid for a minute',
  responses: {
    200: { description: 'Credentials', content: { 'application/json': { schema: PbxAccount } } },
    401: { description: 'SIGNED_OUT' },
    403: { description: 'ORIGIN_NOT_ALLOWED' },
    503: { description: 'PBX_UNAVAILABLE' },
  },
});

/** Refuses with `SIGNED_OUT`, `ORIGIN_NOT_ALLOWED`, `PBX_UNAVAILABLE`. */
export function pbxRoutes({ accounts, authenticate, iceServers }: PbxRoutesOptions) {
  const router = createRouter();
  router.use(accountRoute.getRoutingPath(), requireCaller(authenticate));
  router.openapi(accountRoute, async (c) => {
    const account = await accounts.accountFor(c.var.caller);
    if ('ok' in account) return sendRefusal(c, account) as never;
    c.header('Cache-Control', 'no-store');
    return c.json({ ...account, iceServers: [...iceServers(c.var.caller.person.id)] }, 200);
  });
  return router;
}
