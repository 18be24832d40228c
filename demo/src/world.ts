// Everything the demo consists of, started in order and stopped in reverse: identity provider, telephone exchange,
// hub, sites. `main.ts` runs one for a person, the end-to-end tests one for themselves.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationInput } from '@ringtag/server/protocol';
import { type Child, startChild, waitUntil } from './child.ts';
import { ADMINISTRATOR, DESKS, destinationsText, emailOf } from './destinations.ts';
import type { IdentityProvider } from './identity-provider/provider.ts';
import { seedFileText } from './people.ts';
import type { Ports } from './ports.ts';
import { type DemoSecrets, loadSecrets } from './secrets.ts';
import { demoRoot, type Site, type SiteName, startSite } from './sites/site.ts';
import { startTelephone, type Telephone } from './telephone.ts';

export interface WorldOptions {
  readonly ports: Ports;
  /** Kept between runs: hub database, secrets, Asterisk's run directory, logs. */
  readonly dataDir: string;
  /** False: do not even look for an Asterisk. */
  readonly telephone: boolean;
  /** Where phones and media of the telephone exchange are; default: loopback. */
  readonly telephoneHost?: string;
  readonly say: (line: string) => void;
  /** A child died by itself and stays dead; not told of ends while the world stops. */
  readonly onDeath: (name: string, how: string) => void;
  /** Added to the hub's environment; tests use it. */
  readonly hubEnv?: Readonly<Record<string, string>>;
  /** Parts of the shop's desks that differ, by their names; tests use it. */
  readonly desks?: Readonly<Record<string, Partial<DestinationInput>>>;
  /** Script that starts the hub; default: the hub's own. Tests start one whose clock they can move. */
  readonly hubScript?: string;
}

export interface HubProcess {
  readonly pid: number;
  /** As a crash would end it. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A line for its standard input; the hub's own script ignores it. */
  tell(line: string): void;
}

export interface World {
  readonly hubOrigin: string;
  readonly sites: Readonly<Record<SiteName, Site>>;
  readonly identity: IdentityProvider;
  readonly telephone: Telephone | undefined;
  readonly hub: HubProcess;
  readonly dataDir: string;
  stop(): Promise<void>;
}

const SITES: readonly { name: SiteName; host: string; port: keyof Ports }[] = [
  { name: 'webmail', host: 'mail', port: 'webmail' },
  { name: 'intranet', host: 'intranet', port: 'intranet' },
  { name: 'public', host: 'shop', port: 'shop' },
];

function originsOf(ports: Ports) {
  const at = (host: string, port: number) => `http://${host}.localhost:${port}`;
  const sites = SITES.map((site) => ({ name: site.name, origin: at(site.host, ports[site.port]) }));
  const originsBut = (isShop: boolean) =>
    sites.filter(({ name }) => (name === 'public') === isShop).map(({ origin }) => origin);
  return {
    hub: at('hub', ports.hub),
    identity: at('id', ports.identity),
    gate: `ws://hub.localhost:${ports.gate}`,
    employees: originsBut(false),
    shop: originsBut(true),
  };
}

/** oidc-provider greets on stderr: storage is in memory, Node 20 is not its favourite. Both are meant so here. */
async function withoutGreeting<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

async function startProvider(ports: Ports, secrets: DemoSecrets): Promise<IdentityProvider> {
  const { hub, employees } = originsOf(ports);
  const { startIdentityProvider } = await import('./identity-provider/provider.ts');
  return startIdentityProvider({
    port: ports.identity,
    client: { id: 'ringtag-hub', secret: secrets.clientSecret, redirectUri: `${hub}/auth/callback` },
    formActions: [hub, ...employees],
    jwks: secrets.jwks,
    cookieKey: secrets.cookieKey,
  });
}

function hubEnvironment(
  options: WorldOptions,
  secrets: DemoSecrets,
  telephone: Telephone | undefined,
): Record<string, string> {
  const origins = originsOf(options.ports);
  return {
    PORT: String(options.ports.hub),
    HOST: '127.0.0.1',
    PUBLIC_URL: origins.hub,
    ALLOWED_ORIGINS: origins.employees.join(','),
    OIDC_ISSUER: origins.identity,
    OIDC_CLIENT_ID: 'ringtag-hub',
    OIDC_CLIENT_SECRET: secrets.clientSecret,
    ADMIT: 'seed',
    SEED_FILE: join(options.dataDir, 'people.json'),
    DATA_DIR: join(options.dataDir, 'hub'),
    WIDGET_DIR: join(demoRoot(), '..', 'widget', 'dist'),
    ICE_SERVERS: '[]',
    DESTINATIONS_FILE: join(options.dataDir, 'destinations.json'),
    ADMINS: emailOf(ADMINISTRATOR),
    ADMIN_TOKEN: secrets.adminToken,
    ...telephone?.hubEnv,
    ...options.hubEnv,
  };
}

/** The hub as a child process that can be killed and started again on the same data. */
async function startHub(options: WorldOptions, env: Record<string, string>): Promise<HubProcess> {
  let child: Child | undefined;
  const start = async () => {
    const started = await startChild({
      name: 'hub',
      command: process.execPath,
      args: [options.hubScript ?? join(demoRoot(), '..', 'server', 'dist', 'src', 'main.js')],
      env,
      logFile: join(options.dataDir, 'logs', 'hub.log'),
      onDeath: (how) => options.onDeath('hub', how),
    });
    child = started;
    await waitUntil({
      what: 'The hub',
      timeoutMs: 20_000,
      gone: () => started.exited,
      check: () =>
        fetch(`http://127.0.0.1:${options.ports.hub}/healthz`).then(
          (response) => response.ok,
          () => false,
        ),
    });
  };
  await start();
  return {
    get pid() {
      return child?.pid ?? 0;
    },
    start,
    kill: async () => child?.kill(),
    stop: async () => child?.stop(),
    tell: (line) => child?.tell(line),
  };
}

/** Opens or closes both desks by hand, as an administrator's program does. */
async function openDesks(ports: Ports, token: string, form: URLSearchParams): Promise<boolean> {
  const answers = await Promise.all(
    DESKS.map((desk) =>
      fetch(`http://127.0.0.1:${ports.hub}/api/admin/destinations/${desk}/opening`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ opening: form.get('opening') }),
      }),
    ),
  ).catch(() => []);
  return answers.length > 0 && answers.every(({ ok }) => ok);
}

async function startSites(ports: Ports, { adminToken }: DemoSecrets): Promise<Record<SiteName, Site>> {
  const origins = originsOf(ports);
  const started = await Promise.all(
    SITES.map((site) =>
      startSite({
        name: site.name,
        host: site.host,
        port: ports[site.port],
        hubOrigin: origins.hub,
        gateOrigins: [origins.gate],
        photoOrigin: origins.identity,
        ...(site.name === 'public'
          ? { onPost: { '/opening': (form: URLSearchParams) => openDesks(ports, adminToken, form) } }
          : {}),
      }),
    ),
  );
  return Object.fromEntries(SITES.map((site, index) => [site.name, started[index]])) as Record<
    SiteName,
    Site
  >;
}

/** Starts it all; when a part fails, what had started is stopped again and the error goes on. */
export async function startWorld(asked: WorldOptions): Promise<World> {
  let isStopping = false;
  const options: WorldOptions = {
    ...asked,
    onDeath: (name, how) => isStopping || asked.onDeath(name, how),
  };
  const { ports, dataDir, say } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    isStopping = true;
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    await mkdir(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    const secrets = await loadSecrets(dataDir);
    const origins = originsOf(ports);
    await writeFile(join(dataDir, 'people.json'), seedFileText(origins.identity), { mode: 0o600 });
    const desks = destinationsText(origins.shop, options.desks);
    await writeFile(join(dataDir, 'destinations.json'), desks, { mode: 0o600 });

    say('Starting the identity provider');
    const identity = await withoutGreeting(() => startProvider(ports, secrets));
    stops.push(() => identity.close());

    const telephone = options.telephone
      ? await startTelephone({
          dataDir,
          gatePort: ports.gate,
          gateSecret: secrets.gateSecret,
          ...(options.telephoneHost === undefined ? {} : { host: options.telephoneHost }),
          say,
          onDeath: options.onDeath,
        })
      : undefined;
    if (telephone) stops.push(() => telephone.stop());

    say('Starting the hub');
    const hub = await startHub(options, hubEnvironment(options, secrets, telephone));
    stops.push(() => hub.stop());

    say('Starting the sites');
    const sites = await startSites(ports, secrets);
    stops.push(async () => {
      await Promise.all(Object.values(sites).map((site) => site.close()));
    });
    return { hubOrigin: origins.hub, sites, identity, telephone, hub, dataDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
