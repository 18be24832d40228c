// The built server's parts that benchmarks drive directly, with the shapes that are used of them. A benchmark looks at
// the hub from outside where it can; these are for what has no outside.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { demoRoot } from '../src/sites/site.ts';

export function serverFile(path: string): string {
  return join(demoRoot(), '..', 'server', 'dist', 'src', path);
}

/** Imports a file of the built server, such as `pbx/asterisk/pbx.js`. */
export async function importServer<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(serverFile(path)).href)) as T;
}

export interface PbxEndpoint {
  readonly endpoint: string;
  readonly kind: 'device' | 'phone';
  readonly callerName: string;
  readonly callerNumber: string;
  readonly auths: readonly { readonly id: string; readonly ha1: string }[];
}

export interface PbxRoute {
  readonly extension: string;
  readonly personId: string;
  readonly endpoints: readonly string[];
}

export interface Pbx {
  replaceAll(endpoints: readonly PbxEndpoint[], routes: readonly PbxRoute[]): Promise<void>;
  grant(endpoint: PbxEndpoint, routes: readonly PbxRoute[]): Promise<void>;
  close(): Promise<void>;
}

export interface PbxModule {
  createAsteriskPbx(options: Readonly<Record<string, unknown>>): Pbx;
}
export interface ClockModule {
  readonly systemClock: unknown;
}
export interface LoggerModule {
  readonly silentLogger: unknown;
}
export interface CredentialsModule {
  digestHa1(account: { user: string; realm: string; password: string }): string;
}
