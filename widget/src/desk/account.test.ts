import { expect, test, vi } from 'vitest';
import { done, refused } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { RequestOptions, Send } from '../hub/api.ts';
import { settle } from '../testing/manual-clock.ts';
import { Account } from './account.ts';

function setUp(reply: unknown) {
  const asked: { path: string; options: RequestOptions | undefined }[] = [];
  const refusals: PhoneErrorCode[] = [];
  const send = (async (path: string, options?: RequestOptions) => {
    asked.push({ path, options });
    return reply;
  }) as Send;
  const account = new Account({ send, changed: () => {}, refused: (code) => refusals.push(code) });
  return { account, asked, refusals };
}

test('D2: do-not-disturb shows at once, and back again where the hub refuses it', async () => {
  const kept = setUp(done({ doNotDisturb: true }));
  void kept.account.setDoNotDisturb(true, 60_000);
  expect(kept.account.doNotDisturb).toBe(true);
  await settle();
  expect(kept.asked[0]).toEqual({
    path: '/api/me/availability',
    options: { method: 'PUT', body: { doNotDisturb: true, forMs: 60_000 } },
  });
  expect(kept.account.doNotDisturb).toBe(true);

  const away = setUp(refused('HUB_UNREACHABLE'));
  await away.account.setDoNotDisturb(true);
  expect([away.account.doNotDisturb, away.refusals]).toEqual([false, ['HUB_UNREACHABLE']]);
});

test('D2: until when it lasts is known here, whoever has set it, and forgotten when it ends', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  const { account } = setUp(refused('HUB_UNREACHABLE'));
  account.hear({ doNotDisturb: true, forMs: 60_000 });
  expect(account.quietUntilMs).toBe(1_060_000);
  const setting = account.setDoNotDisturb(true, 120_000);
  expect(account.quietUntilMs).toBe(1_120_000);
  await setting;
  expect(account.quietUntilMs).toBe(1_060_000);
  account.hear({ doNotDisturb: false });
  expect(account.quietUntilMs).toBeNull();
  vi.useRealTimers();
});

test('whom the history names as called last can be called again; an unreachable hub is no history', async () => {
  const calls = [
    { direction: 'in', peer: { name: 'Alice', personId: 'u-1' } },
    { direction: 'out', peer: { name: 'Bruno', personId: 'u-2', number: '1002' } },
  ];
  const { account, asked } = setUp(done({ calls, next: 'p 2' }));
  expect((await account.history())?.next).toBe('p 2');
  expect(account.lastCalled).toEqual({ personId: 'u-2' });
  await account.history('p 2');
  expect(asked[1]?.path).toBe('/api/calls/history?before=p+2');
  expect(await setUp(refused('HUB_UNREACHABLE')).account.history()).toBeNull();
});
