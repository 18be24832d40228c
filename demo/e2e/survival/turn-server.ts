// A TURN server for networks that let nothing else through: coturn, sharing a secret with the hub.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 3478;
const READY_MS = 10_000;

export interface TurnServer {
  readonly port: number;
  /** For the hub's environment. */
  readonly hubEnv: Readonly<Record<string, string>>;
  /** What it has said so far. */
  readonly log: () => string;
  close(): Promise<void>;
}

/** `undefined` where there is no coturn on this machine. Listens and relays at `host` only. */
export async function startTurnServer(host: string): Promise<TurnServer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ringtag-turn-'));
  const secret = randomBytes(24).toString('hex');
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--fingerprint', '--verbose', '--log-file=stdout'],
      ...[`--listening-ip=${host}`, `--relay-ip=${host}`, `--listening-port=${PORT}`],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=ringtag'],
      ...[`--userdb=${join(folder, 'turndb')}`, `--pidfile=${join(folder, 'pid')}`],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += String(text)));
  const close = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const missing = await Promise.race([
    once(child, 'error').then(() => true),
    once(child, 'spawn').then(() => false),
  ]);
  if (missing) {
    await close();
    return undefined;
  }
  const deadline = Date.now() + READY_MS;
  while (!log.includes('UDP listener opened on') && child.exitCode === null && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!log.includes('UDP listener opened on')) {
    await close();
    throw new Error(`coturn did not start:\n${log}`);
  }
  return {
    port: PORT,
    hubEnv: { TURN_URLS: `turn:${host}:${PORT}?transport=udp`, TURN_SECRET: secret },
    log: () => log,
    close,
  };
}
