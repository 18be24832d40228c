import { expect, test } from 'vitest';
import { createSend } from './api.ts';
import { whyUnreachable } from './reach.ts';

/** A browser that knows these permissions and refuses to query others, as browsers do. */
function browserThatSays(states: Record<string, string>): Pick<Permissions, 'query'> {
  return {
    async query({ name }) {
      if (!(name in states)) throw new TypeError(`${name} is not a permission`);
      return { state: states[name] } as PermissionStatus;
    },
  };
}

const PUBLIC = 'mail.example';

for (const name of ['local-network-access', 'local-network', 'loopback-network']) {
  test(`a denied ${name} is why the hub cannot be reached`, async () => {
    const permissions = browserThatSays({ [name]: 'denied' });
    const hub = 'calls.example';
    expect(await whyUnreachable({ permissions, page: PUBLIC, hub })).toBe('LOCAL_NETWORK_BLOCKED');
  });
}

test('a granted permission, or none that the browser knows, leaves it at a hub that cannot be reached', async () => {
  const hub = '192.168.1.7';
  for (const permissions of [
    browserThatSays({ 'local-network-access': 'granted' }),
    browserThatSays({}),
    undefined,
  ]) {
    expect(await whyUnreachable({ permissions, page: PUBLIC, hub })).toBe('HUB_UNREACHABLE');
  }
});

const NEARBY = [
  'localhost',
  'hub.localhost',
  '127.0.0.1',
  '10.1.2.3',
  '172.20.0.4',
  '192.168.1.7',
  '[::1]',
  '[fd12::1]',
  'calls',
  'calls.local',
];
const FAR = ['calls.example', '8.8.8.8', '172.32.0.1', '[2001:db8::1]', '100.example'];

test('a question that nobody said yes to is why for a hub nearby, not for one on the internet', async () => {
  const permissions = browserThatSays({ 'local-network-access': 'prompt' });
  const why = (hub: string) => whyUnreachable({ permissions, page: PUBLIC, hub });
  expect(await Promise.all(NEARBY.map(why))).toEqual(NEARBY.map(() => 'LOCAL_NETWORK_BLOCKED'));
  expect(await Promise.all(FAR.map(why))).toEqual(FAR.map(() => 'HUB_UNREACHABLE'));
});

test('a page that is nearby itself is not asked', async () => {
  const permissions = browserThatSays({ 'local-network-access': 'prompt' });
  const reach = { permissions, page: 'mail.localhost', hub: 'hub.localhost' };
  expect(await whyUnreachable(reach)).toBe('HUB_UNREACHABLE');
});

test('a request that fails tells why; an answer of the hub is passed on as it is', async () => {
  const blocked = async () => 'LOCAL_NETWORK_BLOCKED' as const;
  const failing = createSend(
    'https://hub.example',
    () => Promise.reject(new TypeError('Failed to fetch')),
    blocked,
  );
  expect(await failing('/api/sessions')).toMatchObject({ ok: false, code: 'LOCAL_NETWORK_BLOCKED' });
  const problem = () => Promise.resolve(Response.json({ code: 'SIGNED_OUT' }, { status: 401 }));
  const answered = createSend('https://hub.example', problem, blocked);
  expect(await answered('/api/sessions')).toMatchObject({ ok: false, code: 'SIGNED_OUT' });
});
