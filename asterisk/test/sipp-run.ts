// Runs sipp on one scenario of this folder, quietly and bounded, in a directory of its own that goes with it.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WEBRTC_OFFER } from './raw-sip.ts';

/** Why tests with sipp are left out; undefined where there is one. Only Linux has all of 127.0.0.0/8. */
export function skipWithoutSipp(): string | undefined {
  if (process.platform === 'linux' && !spawnSync('sipp', ['-v']).error) return undefined;
  const skip = 'no sipp here (sip-tester on Debian and Ubuntu)';
  process.stdout.write(`Skipped: ${skip}\n`);
  return skip;
}

export interface SippRun {
  readonly port: number;
  /** `connections`: TCP, one for each request; what ends one fails that request alone. */
  readonly transport: 'connection' | 'connections' | 'udp';
  readonly user: string;
  /** Default: what the tests give everybody. */
  readonly password?: string;
  /** Default INVITE. */
  readonly method?: string;
  /** What is dialled, a request each. A semicolon would be sipp's own. */
  readonly uris: readonly string[];
  /** In place of what a proper request has there; sipp reads `[…]` in them. */
  readonly spoilt?: Partial<Record<SippPart, string>>;
  /** The other side speaks no SIP and may reset connections, at which sipp gives up: then it counted nothing. */
  readonly mayBeReset?: boolean;
  /** How long each answer may take; default 60 s. */
  readonly answerTimeoutMs?: number;
}

/** The parts of a scenario that change from run to run. */
export type SippPart = 'START' | 'VIA' | 'FROM' | 'HEADERS' | 'LENGTH' | 'BODY';

export interface SippResult {
  /** Requests begun. */
  readonly begun: number;
  /** Those whose scenario ran to its end. */
  readonly completed: number;
}

/** sipp wants each answer's code named: whatever refuses leads to the scenario's end. */
const REFUSALS = [
  400, 403, 404, 405, 415, 416, 420, 480, 481, 483, 484, 486, 488, 489, 500, 501, 503, 505, 603,
]
  .map((status) => `<recv response="${status}" optional="true" next="1"/>`)
  .join('\n');

const SIPP_TRANSPORT = { connection: 't1', connections: 'tn', udp: 'u1' };
/** Many at a time, as one who is in a hurry. */
const AT_A_TIME = 10;
const PER_SECOND = 1_000;
/** Guards against hanging alone. */
const KILL_AFTER_MS = 180_000;
/** Exit codes: all was as expected, or some was not; who expects what is the tests' to say. */
const USUAL = new Set<number | null>([0, 1]);
const GAVE_UP = 255;

export async function runSipp(run: SippRun): Promise<SippResult> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-sipp-'));
  try {
    await writeFile(join(dir, 'uris.csv'), `${['SEQUENTIAL', ...run.uris].join('\n')}\n`);
    await writeFile(join(dir, 'scenario.xml'), await renderScenario(run));
    const { code, complaint } = await sipp(argumentsOf(run), dir);
    if (code === GAVE_UP && run.mayBeReset) return { begun: 0, completed: 0 };
    if (!USUAL.has(code)) throw new Error(`sipp ended with ${code}: ${complaint}`);
    return readCounts(await readFile(join(dir, 'counts.csv'), 'utf8'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function renderScenario(run: SippRun): Promise<string> {
  const { method = 'INVITE', user, password = 'secret', spoilt = {} } = run;
  const parts: Record<string, string> = {
    START: `${method} [field0] SIP/2.0`,
    VIA: `Via: SIP/2.0/${run.transport === 'udp' ? 'UDP [local_ip]:[local_port]' : 'WS sipp.invalid'};rport`,
    FROM: `From: <sip:${user}@ringtag>;tag=[call_number]`,
    HEADERS: 'User-Agent: sipp',
    LENGTH: 'Content-Length: [len]',
    BODY: method === 'INVITE' ? WEBRTC_OFFER.replaceAll('\r', '') : '',
    ...spoilt,
    ...{ METHOD: method, USER: user, PASSWORD: password, REFUSALS },
  };
  const scenario = method === 'INVITE' ? 'sipp-invite.xml' : 'sipp-request.xml';
  const template = await readFile(new URL(scenario, import.meta.url), 'utf8');
  return template.replace(/@([A-Z]+)@/g, (_, name: string) => parts[name] ?? '');
}

function argumentsOf({ port, transport, uris, ...run }: SippRun): string[] {
  const address = someLoopbackAddress();
  return [
    ...[`127.0.0.1:${port}`, '-sf', 'scenario.xml', '-inf', 'uris.csv', '-m', String(uris.length)],
    ...['-t', SIPP_TRANSPORT[transport], '-max_socket', '200', '-skip_rlimit'],
    ...['-l', String(AT_A_TIME), '-r', String(PER_SECOND), '-nostdin', '-nd', '-nr', '-buff_size', '262144'],
    ...['-i', address, '-bind_local', '-mi', address, '-ci', address],
    ...['-recv_timeout', String(run.answerTimeoutMs ?? 60_000)],
    ...['-timeout', `${KILL_AFTER_MS / 1_000}s`, '-trace_stat', '-stf', 'counts.csv', '-fd', '3600'],
  ];
}

/**
 * sipp opens ports of its own, 5060 and upwards, and two that begin at once take the same ones: each has an address of
 * its own, which is not Asterisk's.
 */
function someLoopbackAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Settles when it is gone: `code` is null where it had to be killed. */
function sipp(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly complaint: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TERM: 'dumb' };
    const child = spawn('sipp', args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint = (complaint + String(chunk)).slice(-500);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, complaint });
    });
  });
}

/** Of the last line of what sipp counted. */
function readCounts(csv: string): SippResult {
  const [names = '', ...lines] = csv.trim().split('\n');
  const values = (lines.at(-1) ?? '').split(';');
  const of = (name: string): number => Number(values[names.split(';').indexOf(name)] ?? Number.NaN);
  return { begun: of('TotalCallCreated'), completed: of('SuccessfulCall(C)') };
}
