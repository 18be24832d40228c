import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createRouter } from '../platform/edge.ts';
import { memoryRateLimiters } from '../platform/rate-limiter.ts';
import { createAdmission } from './admission.ts';
import { publicDoor } from './admission-guard.ts';
import { PUBLIC_LIMITS } from './limits.ts';

/** A hub's app in small: a route of the public whose work lasts until it is told, and one of employees. */
function doorWith(inWork: number) {
  const admission = createAdmission({
    ...{ limits: { ...PUBLIC_LIMITS, inWork, streams: { network: 2, hub: 9 } }, isBlocked: () => false },
    ...{ ownLimiters: memoryRateLimiters, sharedLimiters: memoryRateLimiters },
  });
  const incoming = {};
  const app = createRouter();
  const finish: (() => void)[] = [];
  const streams: object[] = [];
  const onStream = (request: object) => void streams.push(request);
  app.use('/api/public/*', publicDoor({ admission, passed: new WeakSet([incoming]), onStream }));
  app.get('/api/public/visits/:id/events', (c) => c.text('events'));
  app.post('/api/public/slow', async (c) => {
    await new Promise<void>((resolve) => finish.push(resolve));
    return c.text(await c.req.text());
  });
  app.post('/api/public/broken', () => {
    throw new Error('a fault');
  });
  app.get('/api/me', (c) => c.text('served'));
  app.onError((_, c) => c.text('fault', 500));
  const ask = async (path: string, env: object = { incoming }, method = 'POST') => {
    const init = { method, ...(method === 'POST' ? { body: 'said' } : {}) };
    return app.request(`/api/${path}`, init, env);
  };
  return { ask, finish, streams, incoming };
}

describe('P10 the public\u2019s share', () => {
  test('is refused beyond, at once, and employees are served meanwhile', async () => {
    const { ask, finish } = doorWith(2);
    const running = [ask('public/slow'), ask('public/slow')];
    await expect.poll(() => finish.length).toBe(2);
    const refused = await ask('public/slow');
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', state: 'hub' });
    expect(await (await ask('me', {}, 'GET')).text()).toBe('served');
    for (const each of finish) each();
    expect(await Promise.all(running.map(async (each) => (await each).text()))).toEqual(['said', 'said']);
    const next = ask('public/slow');
    await expect.poll(() => finish.length).toBe(3);
    finish[2]?.();
    expect((await next).status).toBe(200);
  });

  test('comes back from work that failed', async () => {
    const { ask } = doorWith(1);
    for (let index = 0; index < 3; index += 1) expect((await ask('public/broken')).status).toBe(500);
  });

  test('listens to so many streams of one network at the same time, until they are closed', async () => {
    const { ask, streams, incoming } = doorWith(9);
    const open = async () => {
      const outgoing = new EventEmitter();
      const { status } = await ask('public/visits/v-1/events', { incoming, outgoing }, 'GET');
      return { outgoing, status };
    };
    const [first, second, third] = [await open(), await open(), await open()];
    expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
    // Its connection is no stranger's from then on.
    expect(streams).toEqual([incoming, incoming]);
    first.outgoing.emit('close');
    expect([(await open()).status, (await open()).status]).toEqual([200, 429]);
  });

  test('has no stream for who asks for its head alone: nothing would count it', async () => {
    const { ask, streams, incoming } = doorWith(9);
    const { status } = await ask('public/visits/v-1/events', { incoming }, 'HEAD');
    expect([status, streams]).toEqual([404, []]);
  });

  test('is not there for what came past the front', async () => {
    const { ask, finish } = doorWith(1);
    expect((await ask('public/slow', { incoming: {} })).status).toBe(404);
    expect((await ask('public/slow', {})).status).toBe(404);
    expect(finish).toEqual([]);
  });
});
