// The environment: everything wrong is told at once, and what starts can be lived with.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const GOOD = {
  PUBLIC_URL: 'https://calls.example.com',
  OIDC_ISSUER: 'https://id.example.com/realms/all',
  OIDC_CLIENT_ID: 'hub',
};

function problemsOf(env: Record<string, string>): string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

function configOf(env: Record<string, string>) {
  const result = readConfig(env);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

test('three variables are enough', () => {
  expect(configOf(GOOD)).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    publicUrl: 'https://calls.example.com',
    allowedOrigins: ['https://calls.example.com'],
    admit: { kind: 'all' },
    dataDir: '.ringtag',
    iceServers: [],
    logLevel: 'info',
  });
});

test('the configuration is frozen through and through', () => {
  const config = configOf({ ...GOOD, ICE_SERVERS: '[{"urls":["stun:a.example"]}]' });
  expect(Object.isFrozen(config) && Object.isFrozen(config.oidc) && Object.isFrozen(config.iceServers)).toBe(
    true,
  );
  expect(Object.isFrozen(config.iceServers[0]?.urls)).toBe(true);
});

test('an empty environment tells everything that is missing, at once', () => {
  expect(problemsOf({}).map((problem) => problem.split(' ')[0])).toEqual([
    'PUBLIC_URL',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
  ]);
});

test('all problems are told at once, by the name of the variable', () => {
  const env = {
    PORT: '70000',
    PUBLIC_URL: 'http://calls.example.com',
    ALLOWED_ORIGINS: 'https://mail.example.com/inbox, *, http://intranet.example.com',
    OIDC_ISSUER: 'http://id.example.com',
    OIDC_CLIENT_ID: 'hub',
    ADMIT: 'everyone',
    MONGODB_URL: 'postgres://x',
    ICE_SERVERS: '{"urls":"stun:x"}',
    ASTERISK_ARI_URL: 'nonsense',
    LOG_LEVEL: 'loud',
  };
  const told = problemsOf(env).map((problem) => problem.split(' ')[0]);
  expect(told.sort()).toEqual(
    [
      ...['ADMIT', 'ALLOWED_ORIGINS', 'ALLOWED_ORIGINS', 'ALLOWED_ORIGINS', 'ASTERISK_ARI_PASSWORD'],
      ...['ASTERISK_ARI_URL', 'ASTERISK_ARI_USER', 'ASTERISK_PROJECTION', 'GATE_SECRET', 'GATE_URL'],
      ...['ICE_SERVERS', 'LOG_LEVEL', 'MONGODB_URL', 'OIDC_ISSUER', 'PORT', 'PUBLIC_URL'],
    ].sort(),
  );
});

describe('addresses', () => {
  test.each(['http://hub.localhost:4000', 'http://localhost', 'http://127.0.0.1:1', 'https://a.example'])(
    'PUBLIC_URL may be %s',
    (url) => {
      expect(configOf({ ...GOOD, PUBLIC_URL: url }).publicUrl).toBe(url);
    },
  );

  test.each([
    'http://a.example',
    'https://a.example/path',
    'https://user@a.example',
    'ftp://a.example',
    'a.example',
    'http://localhost.evil.example',
  ])('PUBLIC_URL may not be %s', (url) => {
    expect(problemsOf({ ...GOOD, PUBLIC_URL: url })).toHaveLength(1);
  });

  test('origins are normalised, and the own one is implied', () => {
    const env = { ...GOOD, ALLOWED_ORIGINS: 'https://Mail.example.com:443/ ,, http://mail.localhost:4001' };
    expect(configOf(env).allowedOrigins).toEqual([
      'https://calls.example.com',
      'https://mail.example.com',
      'http://mail.localhost:4001',
    ]);
  });
});

describe('ADMIT', () => {
  const google = { ...GOOD, OIDC_ISSUER: 'google', OIDC_CLIENT_SECRET: 's' };

  test.each(['google', 'microsoft', 'github', 'https://accounts.google.com', 'https://gitlab.com'])(
    'is required with %s, and "all" is refused there',
    (issuer) => {
      const env = { ...google, OIDC_ISSUER: issuer };
      expect(problemsOf(env)).toEqual([expect.stringMatching(/^ADMIT is required with/)]);
      expect(problemsOf({ ...env, ADMIT: 'all' })).toEqual([expect.stringMatching(/^ADMIT cannot be "all"/)]);
      expect(problemsOf({ ...env, ADMIT: 'domains:example.com' })).toEqual([]);
    },
  );

  test('takes domains, tenants, and the seed where there is one', () => {
    expect(configOf({ ...google, ADMIT: 'domains:Example.com, b.org' }).admit).toEqual({
      kind: 'domains',
      domains: ['example.com', 'b.org'],
    });
    expect(configOf({ ...google, ADMIT: 'tenants:T-1' }).admit).toEqual({
      kind: 'tenants',
      tenants: ['t-1'],
    });
    expect(configOf({ ...google, ADMIT: 'seed', SEED_FILE: 'people.csv' }).admit).toEqual({ kind: 'seed' });
    expect(problemsOf({ ...google, ADMIT: 'seed' })).toEqual(['ADMIT is "seed", so SEED_FILE is needed']);
  });

  test.each(['domains:', 'domains:*', 'domains:com', 'tenants:', 'ALL', ''])(
    'does not take "%s"',
    (admit) => {
      expect(problemsOf({ ...google, ADMIT: admit })).toHaveLength(1);
    },
  );
});

test('a secret is required with the providers known by name', () => {
  const env = { ...GOOD, OIDC_ISSUER: 'github', ADMIT: 'domains:example.com' };
  expect(problemsOf(env)).toEqual(['OIDC_CLIENT_SECRET is required with github']);
});

test('Asterisk comes with its gate', () => {
  const env = {
    ...GOOD,
    ASTERISK_ARI_URL: 'http://127.0.0.1:8088',
    ASTERISK_ARI_USER: 'hub',
    ASTERISK_ARI_PASSWORD: 'secret',
    ASTERISK_PROJECTION: '/var/lib/ringtag/projection.sqlite',
    GATE_URL: 'wss://calls.example.com/sip',
    GATE_SECRET: 'x'.repeat(32),
    GATE_CONTROL_URL: 'http://127.0.0.1:4105',
  };
  expect(configOf(env)).toMatchObject({
    asterisk: { projectionFile: '/var/lib/ringtag/projection.sqlite', realm: 'ringtag' },
    gate: { url: 'wss://calls.example.com/sip', controlUrl: 'http://127.0.0.1:4105' },
  });
  expect(problemsOf({ ...env, GATE_URL: 'ws://calls.example.com/sip', GATE_SECRET: 'short' })).toHaveLength(
    2,
  );
});

test('call records name the hub that wrote them, and are read where Asterisk puts its own', () => {
  const asterisk = {
    ASTERISK_ARI_URL: 'http://127.0.0.1:8088',
    ASTERISK_ARI_USER: 'ringtag',
    ASTERISK_ARI_PASSWORD: 'secret',
    ASTERISK_PROJECTION: '/var/lib/ringtag/projection.sqlite',
    GATE_URL: 'wss://calls.example.com/sip',
    GATE_SECRET: 'x'.repeat(32),
  };
  expect(configOf({ ...GOOD, ...asterisk }).asterisk?.recordsDir).toBe('/var/lib/ringtag/log');
  const elsewhere = { ...GOOD, ...asterisk, ASTERISK_RECORDS_DIR: '/var/log/asterisk' };
  expect(configOf(elsewhere).asterisk?.recordsDir).toBe('/var/log/asterisk');
  expect(configOf(GOOD).systemId).toMatch(/^[\w.-]+$/);
  expect(configOf({ ...GOOD, SYSTEM_ID: 'hub-2' }).systemId).toBe('hub-2');
  expect(problemsOf({ ...GOOD, SYSTEM_ID: 'hub 2' })).toHaveLength(1);
});

test('media flows where the Asterisk beside the projection opens its sockets, unless the operator says otherwise', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-config-'));
  const env = {
    ...GOOD,
    PUBLIC_URL: 'http://hub.localhost:4000',
    ASTERISK_ARI_URL: 'http://127.0.0.1:8088',
    ASTERISK_ARI_USER: 'ringtag',
    ASTERISK_ARI_PASSWORD: 'secret',
    ASTERISK_PROJECTION: join(dir, 'projection.sqlite'),
    GATE_URL: 'wss://calls.example.com/sip',
    GATE_SECRET: 'x'.repeat(32),
  };
  const says = (mediaAddress: unknown) =>
    writeFile(join(dir, 'ringtag-asterisk.json'), JSON.stringify({ mediaAddress }));
  const seen = (more = {}) => configOf({ ...env, ...more }).asterisk?.mediaAddress;
  expect(seen()).toBe('127.0.0.1');
  expect(seen({ PUBLIC_URL: GOOD.PUBLIC_URL })).toBeUndefined();
  await says('192.0.2.7');
  expect(seen()).toBe('192.0.2.7');
  expect(seen({ ASTERISK_MEDIA_ADDRESS: '192.0.2.8' })).toBe('192.0.2.8');
  await says(null);
  expect(seen()).toBeUndefined();
  await says('elsewhere');
  expect(problemsOf(env)).toEqual(['ASTERISK_MEDIA_ADDRESS must be an IP address']);
  await rm(dir, { recursive: true });
});

test('TURN needs both its addresses and its secret, each as coturn understands it', () => {
  const turn = { urls: ['turn:turn.example.com:3478', 'turns:[2001:db8::1]:5349?transport=tcp'] };
  const secret = 'sixteen characters and more';
  expect(configOf({ ...GOOD, TURN_URLS: turn.urls.join(', '), TURN_SECRET: secret }).turn).toEqual({
    ...turn,
    secret,
  });
  expect(configOf(GOOD).turn).toBeUndefined();
  expect(problemsOf({ ...GOOD, TURN_URLS: 'turn:turn.example.com' })).toEqual([
    'TURN_SECRET is required with TURN_URLS: the static-auth-secret of coturn',
  ]);
  expect(problemsOf({ ...GOOD, TURN_SECRET: secret })).toEqual(['TURN_URLS is required with TURN_SECRET']);
  expect(problemsOf({ ...GOOD, TURN_URLS: 'turn:a, https://b, turn:c d', TURN_SECRET: 'short' })).toEqual([
    'TURN_URLS "https://b" is not a TURN address, such as turn:turn.example.com:3478',
    'TURN_URLS "turn:c d" is not a TURN address, such as turn:turn.example.com:3478',
    'TURN_SECRET must have at least 16 characters',
  ]);
});

describe('the public', () => {
  const withFile = async (content: string, use: (path: string) => void) => {
    const dir = await mkdtemp(join(tmpdir(), 'ringtag-config-'));
    const path = join(dir, 'destinations.json');
    await writeFile(path, content);
    use(path);
    await rm(dir, { recursive: true });
  };

  test('is shut, unadministered and behind no proxy, where nothing is said', () => {
    const { destinations, administrators, trustedProxies, challenge } = configOf(GOOD).public;
    expect([destinations, administrators, trustedProxies]).toEqual([[], { emails: [] }, []]);
    expect(challenge).toEqual({ kind: 'work' });
  });

  test('destinations are read with everything else, and all that is wrong with them is told', async () => {
    const sales = {
      id: 'sales',
      texts: { en: { label: 'Sales' } },
      ring: { extension: '600' },
      origins: ['https://shop.example'],
    };
    await withFile(JSON.stringify({ destinations: [sales] }), (path) => {
      const [destination] = configOf({ ...GOOD, DESTINATIONS_FILE: path }).public.destinations;
      expect(destination).toMatchObject({ id: 'sales', capacity: 5 });
      expect(Object.isFrozen(destination?.texts)).toBe(true);
    });
    await withFile(JSON.stringify({ destinations: [{ ...sales, capacity: 0, queue: -1 }] }), (path) => {
      const problems = problemsOf({ ...GOOD, DESTINATIONS_FILE: path, PORT: 'x' });
      expect(problems.map((problem) => problem.split(':')[0])).toEqual([
        'PORT must be a number from 0 to 65535',
        'DESTINATIONS_FILE destinations.0.capacity',
        'DESTINATIONS_FILE destinations.0.queue',
      ]);
    });
  });

  test('administrators, proxies, limits and challenges are taken as written', () => {
    const { administrators, trustedProxies, limits, challenge } = configOf({
      ...GOOD,
      ADMINS: 'Alice@example.org, bruno@example.org',
      ADMIN_CLAIM: 'realm_access.roles=ringtag-admin',
      ADMIN_TOKEN: 't'.repeat(32),
      TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::1',
      PUBLIC_LIMITS: '{"atOnce":{"hub":7}}',
      PUBLIC_CHALLENGE: 'turnstile',
      PUBLIC_CHALLENGE_SITE_KEY: 'key',
      PUBLIC_CHALLENGE_SECRET: 'secret',
    }).public;
    expect(administrators).toEqual({
      emails: ['alice@example.org', 'bruno@example.org'],
      claim: { name: 'realm_access.roles', value: 'ringtag-admin' },
      token: 't'.repeat(32),
    });
    expect(trustedProxies).toEqual(['loopback', '10.0.0.0/8', '2001:db8::1']);
    expect(limits.atOnce.hub).toBe(7);
    expect(challenge).toEqual({ kind: 'turnstile', siteKey: 'key', secret: 'secret' });
  });

  test.each([
    [{ ADMINS: 'alice' }, 'ADMINS "alice" is not an e-mail address'],
    [{ ADMIN_CLAIM: 'roles' }, 'ADMIN_CLAIM must be a claim and its value'],
    [{ ADMIN_TOKEN: 'short' }, 'ADMIN_TOKEN must have at least 32 characters'],
    [{ ADMIN_TOKEN: `${'t'.repeat(32)} x` }, 'ADMIN_TOKEN must be letters'],
    [{ TRUSTED_PROXIES: '10.0.0.0/8,everybody' }, 'TRUSTED_PROXIES "everybody" is not an address'],
    [{ PUBLIC_LIMITS: '{"inWork":0}' }, 'PUBLIC_LIMITS inWork: '],
    [{ PUBLIC_CHALLENGE: 'riddle' }, 'PUBLIC_CHALLENGE must be work, turnstile or hcaptcha'],
    [{ PUBLIC_CHALLENGE: 'hcaptcha' }, 'PUBLIC_CHALLENGE_SITE_KEY is required'],
    [{ DESTINATIONS_FILE: '/nowhere.json' }, 'DESTINATIONS_FILE /nowhere.json cannot be read'],
  ])('%o is a problem', (env, sentence) => {
    expect(problemsOf({ ...GOOD, ...env }).join('\n')).toContain(sentence);
  });
});
