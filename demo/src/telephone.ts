// The demo's telephone exchange: Asterisk and sip-gate, where an Asterisk can be had. Without one everything but
// telephone calls works, and one line says so.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installAsterisk, type RunningAsterisk, startAsterisk } from '@ringtag/asterisk';
import { type Child, startChild, waitUntil } from './child.ts';
import { type KeptChild, keepRunning } from './keep-running.ts';
import { demoRoot } from './sites/site.ts';

export interface Telephone {
  /** Environment that the hub needs to use it. */
  readonly hubEnv: Readonly<Record<string, string>>;
  readonly version: string;
  readonly asterisk: RunningAsterisk;
  /** The one that runs now: it is started again when it dies. */
  readonly gate: Child;
  stop(): Promise<void>;
}

export interface TelephoneOptions {
  readonly dataDir: string;
  readonly gatePort: number;
  readonly gateSecret: string;
  /** Address for phones and media; default: loopback. Plain UDP is open there as well. */
  readonly host?: string;
  readonly say: (line: string) => void;
  readonly onDeath: (name: string, how: string) => void;
}

/** Starts Asterisk, then sip-gate before it; `undefined` where no Asterisk can be had. */
export async function startTelephone(options: TelephoneOptions): Promise<Telephone | undefined> {
  const { say } = options;
  const found = await installAsterisk({ log: say }).catch((cause: unknown) => {
    say(`No telephone calls: ${cause instanceof Error ? cause.message : String(cause)}`);
    return undefined;
  });
  if (!found) return undefined;
  const asterisk = await startAsterisk({
    dir: join(options.dataDir, 'asterisk'),
    asterisk: found,
    ...(options.host === undefined ? {} : { host: options.host, plainUdp: true }),
  });
  say(`Asterisk ${asterisk.version} runs`);
  const gate = await keepGate(options, asterisk).catch(async (cause: unknown) => {
    await asterisk.stop();
    throw cause;
  });
  const mediaAddress = options.host ?? asterisk.mediaAddress;
  let stopping = false;
  void asterisk.exited.then((code) => stopping || options.onDeath('telephone exchange', `exit code ${code}`));
  return {
    version: asterisk.version,
    asterisk,
    get gate() {
      return gate.child;
    },
    hubEnv: {
      ASTERISK_ARI_URL: asterisk.ariUrl,
      ASTERISK_ARI_USER: asterisk.ariUser,
      ASTERISK_ARI_PASSWORD: asterisk.ariPassword,
      ASTERISK_PROJECTION: asterisk.projection,
      ASTERISK_REALM: asterisk.realm,
      ...(mediaAddress === null ? {} : { ASTERISK_MEDIA_ADDRESS: mediaAddress }),
      GATE_URL: `ws://hub.localhost:${options.gatePort}/sip`,
      GATE_SECRET: options.gateSecret,
      GATE_CONTROL_URL: `http://127.0.0.1:${options.gatePort}`,
    },
    async stop() {
      stopping = true;
      await gate.stop();
      await asterisk.stop();
    },
  };
}

/** Browsers telephone through it alone, so the demo does not stay without. */
function keepGate(options: TelephoneOptions, asterisk: RunningAsterisk): Promise<KeptChild> {
  const name = 'door to the telephone exchange (sip-gate)';
  return keepRunning({
    start: (onDeath) => startGate(options, asterisk, onDeath),
    onRestart: (how) => options.say(`The ${name} stopped by itself (${how}) and is started again`),
    onGivenUp: (how) => options.onDeath(name, how),
  });
}

async function startGate(
  options: TelephoneOptions,
  asterisk: RunningAsterisk,
  onDeath: (how: string) => void,
): Promise<Child> {
  const gate = await startChild({
    name: 'sip-gate',
    command: process.execPath,
    args: [join(demoRoot(), '..', 'server', 'dist', 'src', 'gate', 'main.js')],
    env: {
      GATE_PORT: String(options.gatePort),
      GATE_SECRET: options.gateSecret,
      ASTERISK_WS_URL: asterisk.wsUrl,
    },
    logFile: join(options.dataDir, 'logs', 'sip-gate.log'),
    onDeath,
  });
  await waitUntil({
    what: 'sip-gate',
    timeoutMs: 10_000,
    gone: () => gate.exited,
    check: () =>
      fetch(`http://127.0.0.1:${options.gatePort}/healthz`).then(
        (response) => response.ok,
        () => false,
      ),
  }).catch(async (cause: unknown) => {
    await gate.stop();
    throw cause;
  });
  return gate;
}

/** Password of a desk phone, as the hub made it; `undefined` until it has. */
export async function deskPhonePassword(dataDir: string, endpoint: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, 'hub', 'desk-phones.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Record<string, string>)[endpoint];
}
