// The environment becomes one frozen Config. All problems are reported at once, each by the variable's name; a hub
// that starts has a configuration it can live with. Only `main.ts` reads process.env.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IceServer } from '@ringtag/server/protocol';
import { z } from 'zod';
import { type Admit, parseAdmit } from './auth/admit.ts';
import { type PublicConfig, readPublicConfig } from './config-public.ts';
import { type ConfigProblem, type Env, Reader, splitList } from './config-reader.ts';
import { mediaAddressBeside } from './pbx/asterisk/instance.ts';
import { LOG_LEVELS, type LogLevel } from './platform/logger.ts';
import type { TurnConfig } from './platform/turn.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Origin under which browsers reach the hub, without a slash at its end. */
  readonly publicUrl: string;
  /** Origins whose pages may use the hub; the hub's own is one of them. */
  readonly allowedOrigins: readonly string[];
  readonly oidc: OidcConfig;
  readonly admit: Admit;
  readonly seedFile?: string;
  readonly dataDir: string;
  readonly mongodbUrl?: string;
  readonly iceServers: readonly IceServer[];
  readonly turn?: TurnConfig;
  readonly asterisk?: AsteriskConfig;
  readonly gate?: GateConfig;
  readonly public: PublicConfig;
  readonly logLevel: LogLevel;
  /** Goes into every call record: which hub wrote it. */
  readonly systemId: string;
  /** Folder of the built widget. */
  readonly widgetDir: string;
}

export interface OidcConfig {
  /** Issuer URL, or a provider known by name. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

export interface AsteriskConfig {
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** SQLite file that Asterisk reads. */
  readonly projectionFile: string;
  readonly realm: string;
  /** Asterisk's log directory, where its own call records are. */
  readonly recordsDir: string;
  /**
   * Address of Asterisk's media sockets. Default: what `asterisk/run` wrote beside the projection; without that,
   * loopback where the hub itself is on a loopback name.
   */
  readonly mediaAddress?: string;
}

export interface GateConfig {
  /** WebSocket URL that browsers open. */
  readonly url: string;
  readonly secret: string;
  /** Loopback URL of the gate's control endpoint. */
  readonly controlUrl?: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Providers known by name. */
export const NAMED_PROVIDERS = ['google', 'microsoft', 'github'] as const;

/** Hosts where anybody can make an account: who may sign in must then be said. */
const PUBLIC_ISSUER_HOSTS = [
  'accounts.google.com',
  'login.microsoftonline.com',
  'login.live.com',
  'sts.windows.net',
  'github.com',
  'gitlab.com',
  'appleid.apple.com',
  'www.facebook.com',
  'www.linkedin.com',
  'login.yahoo.com',
  'id.twitch.tv',
  'discord.com',
  'slack.com',
  'login.salesforce.com',
];

/** Beside this package, seen from `server/src` and from `server/dist/src` alike. */
const WORKSPACE = import.meta.url.endsWith('.ts') ? '../..' : '../../..';
const DEFAULT_WIDGET_DIR = fileURLToPath(new URL(`${WORKSPACE}/widget/dist`, import.meta.url));

/** Reads and checks everything. `widgetDir` defaults to the folder that the workspace builds. */
export function readConfig(env: Env): ConfigResult {
  const reader = new Reader(env);
  const publicUrl = readPublicUrl(reader);
  const oidc = readOidc(reader);
  const seedFile = reader.optional('SEED_FILE');
  const mongodbUrl = readMongodbUrl(reader);
  const asterisk = readAsterisk(reader, publicUrl);
  const gate = readGate(reader, asterisk !== undefined);
  const turn = readTurn(reader);
  const config: Config = {
    port: readPort(reader),
    host: reader.optional('HOST') ?? '127.0.0.1',
    publicUrl,
    allowedOrigins: readAllowedOrigins(reader, publicUrl),
    oidc,
    admit: readAdmit(reader, oidc, seedFile),
    ...(seedFile === undefined ? {} : { seedFile }),
    dataDir: reader.optional('DATA_DIR') ?? '.ringtag',
    ...(mongodbUrl === undefined ? {} : { mongodbUrl }),
    iceServers: readIceServers(reader),
    ...(turn === undefined ? {} : { turn }),
    ...(asterisk === undefined ? {} : { asterisk }),
    ...(gate === undefined ? {} : { gate }),
    public: readPublicConfig(reader),
    logLevel: readLogLevel(reader),
    systemId: readSystemId(reader),
    widgetDir: reader.optional('WIDGET_DIR') ?? DEFAULT_WIDGET_DIR,
  };
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  return { ok: true, config: deepFreeze(config) };
}

function readPort(reader: Reader): number {
  const text = reader.optional('PORT') ?? '4000';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) reader.report('PORT', 'must be a number from 0 to 65535');
  return port;
}

function readPublicUrl(reader: Reader): string {
  const text = reader.required('PUBLIC_URL', 'is required: the address under which browsers reach the hub');
  if (text === '') return text;
  const problem = originProblem(text);
  if (problem !== undefined) reader.report('PUBLIC_URL', problem);
  return problem === undefined ? new URL(text).origin : text;
}

function readAllowedOrigins(reader: Reader, publicUrl: string): readonly string[] {
  const origins = new Set([publicUrl]);
  for (const text of splitList(reader.optional('ALLOWED_ORIGINS'))) {
    const problem = originProblem(text);
    if (problem === undefined) origins.add(new URL(text).origin);
    else reader.report('ALLOWED_ORIGINS', `"${text}" ${problem}`);
  }
  return [...origins];
}

/** An origin is a scheme, a host and perhaps a port. Pages get microphones only in secure contexts: hence https. */
function originProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not an address, such as https://calls.example.com';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    return `must be an origin alone: ${url.origin}`;
  }
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
    return 'must be https (http is for localhost only)';
  }
  return undefined;
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1';
}

function readOidc(reader: Reader): OidcConfig {
  const issuer = reader.required('OIDC_ISSUER', 'is required: an issuer URL, or google, microsoft or github');
  const clientId = reader.required('OIDC_CLIENT_ID');
  const clientSecret = reader.optional('OIDC_CLIENT_SECRET');
  if (isNamedProvider(issuer)) {
    if (clientSecret === undefined) reader.report('OIDC_CLIENT_SECRET', `is required with ${issuer}`);
  } else if (issuer !== '') {
    const problem = issuerProblem(issuer);
    if (problem !== undefined) reader.report('OIDC_ISSUER', problem);
  }
  return { issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
}

/** OpenID Connect Discovery §3: https, no query, no fragment; a path is fine. */
function issuerProblem(issuer: string): string | undefined {
  if (!URL.canParse(issuer)) return 'must be a URL, or google, microsoft or github';
  const url = new URL(issuer);
  if (url.search !== '' || url.hash !== '') return 'must not have a query or fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackName(url.hostname)))
    return undefined;
  return 'must be https (http is for localhost only)';
}

function isNamedProvider(issuer: string): boolean {
  return NAMED_PROVIDERS.some((name) => name === issuer);
}

function readAdmit(reader: Reader, { issuer }: OidcConfig, seedFile: string | undefined): Admit {
  const text = reader.optional('ADMIT');
  const isPublic = isPublicIssuer(issuer);
  if (text === undefined) {
    if (isPublic) {
      const why = 'anybody has an account there: say domains:…, tenants:… or seed';
      reader.report('ADMIT', `is required with ${issuer}; ${why}`);
    }
    return { kind: 'all' };
  }
  const admit = parseAdmit(text);
  if (typeof admit === 'string') {
    reader.report('ADMIT', admit);
    return { kind: 'seed' };
  }
  if (admit.kind === 'all' && isPublic) reader.report('ADMIT', `cannot be "all" with ${issuer}`);
  if (admit.kind === 'seed' && seedFile === undefined)
    reader.report('ADMIT', 'is "seed", so SEED_FILE is needed');
  return admit;
}

function isPublicIssuer(issuer: string): boolean {
  if (isNamedProvider(issuer)) return true;
  if (!URL.canParse(issuer)) return false;
  const { hostname } = new URL(issuer);
  return PUBLIC_ISSUER_HOSTS.includes(hostname);
}

function readMongodbUrl(reader: Reader): string | undefined {
  const url = reader.optional('MONGODB_URL');
  if (url !== undefined && !/^mongodb(\+srv)?:\/\//.test(url)) {
    reader.report('MONGODB_URL', 'must begin with mongodb:// or mongodb+srv://');
  }
  return url;
}

function readIceServers(reader: Reader): readonly IceServer[] {
  const text = reader.optional('ICE_SERVERS');
  if (text === undefined) return [];
  try {
    const parsed = z.array(IceServer).safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: the same sentence says what it should be.
  }
  reader.report('ICE_SERVERS', 'must be a JSON array such as [{"urls":"stun:stun.example.com"}]');
  return [];
}

/** RFC 7065 §3.1. */
const TURN_URI = /^turns?:(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i;

function readTurn(reader: Reader): TurnConfig | undefined {
  const urls = splitList(reader.optional('TURN_URLS'));
  const secret = reader.optional('TURN_SECRET');
  if (urls.length === 0) {
    if (secret !== undefined) reader.report('TURN_URLS', 'is required with TURN_SECRET');
    return undefined;
  }
  for (const url of urls) {
    if (!TURN_URI.test(url)) {
      reader.report('TURN_URLS', `"${url}" is not a TURN address, such as turn:turn.example.com:3478`);
    }
  }
  if (secret === undefined) {
    reader.report('TURN_SECRET', 'is required with TURN_URLS: the static-auth-secret of coturn');
  } else if (secret.length < 16) reader.report('TURN_SECRET', 'must have at least 16 characters');
  return { urls, secret: secret ?? '' };
}

function readAsterisk(reader: Reader, publicUrl: string): AsteriskConfig | undefined {
  const ariUrl = reader.optional('ASTERISK_ARI_URL');
  if (ariUrl === undefined) return undefined;
  if (!/^https?:\/\//.test(ariUrl) || !URL.canParse(ariUrl)) {
    reader.report('ASTERISK_ARI_URL', 'must be an http or https address, such as http://127.0.0.1:8088');
  }
  const why = 'is required with ASTERISK_ARI_URL';
  const projectionFile = reader.required('ASTERISK_PROJECTION', why);
  const mediaAddress = readMediaAddress(reader, projectionFile, publicUrl);
  return {
    ariUrl,
    ariUser: reader.required('ASTERISK_ARI_USER', why),
    ariPassword: reader.required('ASTERISK_ARI_PASSWORD', why),
    projectionFile,
    // Where `asterisk/run` puts both.
    recordsDir: reader.optional('ASTERISK_RECORDS_DIR') ?? join(dirname(projectionFile), 'log'),
    realm: reader.optional('ASTERISK_REALM') ?? 'ringtag',
    ...(mediaAddress === undefined ? {} : { mediaAddress }),
  };
}

function readMediaAddress(reader: Reader, projectionFile: string, publicUrl: string): string | undefined {
  const isLocal = URL.canParse(publicUrl) && isLoopbackName(new URL(publicUrl).hostname);
  const told = mediaAddressBeside(projectionFile);
  const otherwise = told === undefined && isLocal ? '127.0.0.1' : (told ?? undefined);
  const address = reader.optional('ASTERISK_MEDIA_ADDRESS') ?? otherwise;
  if (address !== undefined && isIP(address) === 0) {
    reader.report('ASTERISK_MEDIA_ADDRESS', 'must be an IP address');
  }
  return address;
}

function readGate(reader: Reader, isNeeded: boolean): GateConfig | undefined {
  const url = reader.optional('GATE_URL');
  const secret = reader.optional('GATE_SECRET');
  const controlUrl = reader.optional('GATE_CONTROL_URL');
  if (!isNeeded && url === undefined) return undefined;
  if (url === undefined) reader.report('GATE_URL', 'is required with ASTERISK_ARI_URL');
  else if (!/^wss?:\/\//.test(url) || !URL.canParse(url))
    reader.report('GATE_URL', 'must begin with wss:// or ws://');
  else if (url.startsWith('ws:') && !isLoopbackName(new URL(url).hostname)) {
    reader.report('GATE_URL', 'must be wss (ws is for localhost only)');
  }
  if (secret === undefined) reader.report('GATE_SECRET', 'is required with GATE_URL');
  else if (secret.length < 32) reader.report('GATE_SECRET', 'must have at least 32 characters');
  if (controlUrl !== undefined && !URL.canParse(controlUrl)) {
    reader.report('GATE_CONTROL_URL', 'is not an address, such as http://127.0.0.1:4105');
  }
  return { url: url ?? '', secret: secret ?? '', ...(controlUrl === undefined ? {} : { controlUrl }) };
}

function readSystemId(reader: Reader): string {
  const id =
    reader.optional('SYSTEM_ID') ??
    (hostname()
      .replace(/[^\w.-]/g, '-')
      .slice(0, 64) ||
      'ringtag');
  if (!/^[\w.-]{1,64}$/.test(id)) {
    reader.report('SYSTEM_ID', 'must be 1 to 64 letters, digits, dots, dashes or underscores');
  }
  return id;
}

function readLogLevel(reader: Reader): LogLevel {
  const text = reader.optional('LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((name) => name === text);
  if (level === undefined) reader.report('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`);
  return level ?? 'info';
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
