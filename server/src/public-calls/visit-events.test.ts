import type { VisitEvent } from '@ringtag/server/protocol';
import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createRouter } from '../platform/edge.ts';
import { streamVisit } from './visit-events.ts';
import type { LiveVisit, VisitStream } from './visit-live.ts';
import type { VisitService } from './visit-service.ts';

/** A page that opens the stream; whether it reads is the test's business. */
async function page() {
  const streams: VisitStream[] = [];
  let isGone = false;
  const service = {
    listen: (_: LiveVisit, stream: VisitStream) => streams.push(stream),
    unlisten() {
      isGone = true;
    },
  } as unknown as VisitService;
  const app = createRouter();
  app.get('/', (c) => streamVisit(c, { visit: {} as LiveVisit, service, clock: createManualClock() }));
  const { body } = await app.request('/');
  await expect.poll(() => streams.length).toBe(1);
  const [stream] = streams;
  if (!stream || !body) throw new Error('no stream');
  return { stream, reader: body.getReader(), isGone: () => isGone };
}

const long = (chars: number): VisitEvent => ({
  type: 'message',
  message: { id: 'm', from: 'visitor', text: 'x'.repeat(chars), agoMs: 0 },
});

test('P10 a page that does not read is let go before what it left unread fills the hub', async () => {
  const { stream, isGone } = await page();
  for (let index = 0; index < 4; index += 1) stream.send(long(190_000));
  // Nothing else is to follow from these.
  await new Promise((resolve) => setImmediate(resolve));
  expect(isGone()).toBe(false);
  for (let index = 0; index < 4; index += 1) stream.send(long(190_000));
  await expect.poll(isGone).toBe(true);
});

test('a page that reads hears as much as there is', async () => {
  const { stream, reader, isGone } = await page();
  let heard = 0;
  for (let index = 0; index < 20; index += 1) {
    stream.send(long(200_000));
    const { value } = await reader.read();
    heard += value?.length ?? 0;
  }
  expect(heard).toBeGreaterThan(20 * 200_000);
  expect(isGone()).toBe(false);
});
