import { refuse } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { createRouter } from '../platform/edge.ts';
import type { LiveVisit } from './visit-live.ts';
import { voiceDoor } from './voice-door.ts';

const KEY = 'the-key-of-the-visit';

/** Behind the door the body is read, and answered when the test says so. */
function doorFor(atOnce: number) {
  const finish: (() => void)[] = [];
  const app = createRouter();
  const admit = async (_: string, { key }: { key: string | undefined }) => {
    if (key === undefined) return refuse('SIGNED_OUT');
    return key === KEY ? ({} as LiveVisit) : refuse('NOT_FOUND');
  };
  app.use('/api/public/*', voiceDoor({ admit }, atOnce));
  app.post('/api/public/visits/:id/:what', async (c) => {
    await c.req.arrayBuffer();
    await new Promise<void>((resolve) => finish.push(resolve));
    return c.text('kept', 201);
  });
  let bytes = 0;
  const send = (what: string, key?: string) => {
    const body = new ReadableStream(
      {
        pull(controller) {
          bytes += 1_000;
          controller.enqueue(new Uint8Array(1_000));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    return app.request(`/api/public/visits/v-1/${what}`, {
      ...{ method: 'POST', body, headers, duplex: 'half' },
    } as RequestInit);
  };
  return { send, finish, read: () => bytes };
}

test('P10 of a sound without the visit’s key not a byte is read', async () => {
  const { send, read } = doorFor(9);
  expect([(await send('voice')).status, (await send('voice', 'another-key-of-16')).status]).toEqual([
    401, 404,
  ]);
  expect(read()).toBe(0);
});

test('P10 so many sounds are read at once and not one more; what else is sent passes', async () => {
  const { send, finish, read } = doorFor(2);
  const running = [send('voice', KEY), send('voice', KEY)];
  await expect.poll(() => finish.length).toBe(2);
  expect((await send('voice', KEY)).status).toBe(429);
  expect(read()).toBe(2_000);
  running.push(send('messages'));
  await expect.poll(() => finish.length).toBe(3);
  for (const each of finish.splice(0)) each();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([201, 201, 201]);
  const next = send('voice', KEY);
  await expect.poll(() => finish.length).toBe(1);
  finish[0]?.();
  expect((await next).status).toBe(201);
});
