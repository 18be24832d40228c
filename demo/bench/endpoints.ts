// Adding one SIP endpoint among 10,000: the grant in the hub's adapter (projection on disk, one transaction), and a
// REGISTER with it at a real Asterisk right after, without any reload.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAsterisk, type RunningAsterisk, startAsterisk } from '@ringtag/asterisk';
import { createSoftphone } from '../src/softphone/index.ts';
import { type Finding, median, p95, spread } from './row.ts';
import {
  type ClockModule,
  type CredentialsModule,
  importServer,
  type LoggerModule,
  type Pbx,
  type PbxEndpoint,
  type PbxModule,
  type PbxRoute,
} from './server-parts.ts';

const PRESENT = 10_000;
const ADDED = 40;
const REALM = 'ringtag';
/** A REGISTER not answered by then counts as slow; after a few of these no more are tried, to stay in time. */
const REGISTER_PATIENCE_MS = 5_000;
const SLOW_ALLOWED = 3;

interface Account {
  readonly endpoint: PbxEndpoint;
  readonly route: PbxRoute;
}

export async function measureEndpoints(): Promise<Finding[]> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-bench-'));
  const found = await findAsterisk();
  const asterisk = found && (await startAsterisk({ dir: join(dir, 'asterisk'), asterisk: found }));
  try {
    return await measure(dir, asterisk ?? undefined);
  } finally {
    await asterisk?.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, asterisk: RunningAsterisk | undefined): Promise<Finding[]> {
  const { digestHa1 } = await importServer<CredentialsModule>('pbx/credentials.js');
  const account = (index: number): Account => {
    const endpoint = `p-bench-${index}`;
    const extension = String(20_000 + index);
    const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
    return {
      endpoint: {
        endpoint,
        kind: 'phone',
        callerName: `Person ${index}`,
        callerNumber: extension,
        auths: [{ id: `${endpoint}-1`, ha1 }],
      },
      route: { extension, personId: `u-${index}`, endpoints: [endpoint] },
    };
  };
  const pbx = await openPbx(dir, asterisk);
  try {
    const present = Array.from({ length: PRESENT }, (_, index) => account(index));
    await pbx.replaceAll(
      present.map(({ endpoint }) => endpoint),
      present.map(({ route }) => route),
    );
    const grantMs: number[] = [];
    const registerMs: number[] = [];
    for (let index = PRESENT; index < PRESENT + ADDED; index += 1) {
      const { endpoint, route } = account(index);
      const startedAt = performance.now();
      await pbx.grant(endpoint, [route]);
      grantMs.push(performance.now() - startedAt);
      const isSlow = (ms: number) => ms >= REGISTER_PATIENCE_MS;
      if (asterisk && registerMs.filter(isSlow).length < SLOW_ALLOWED)
        registerMs.push(await register(asterisk, endpoint.endpoint));
    }
    return [
      {
        row: { id: 'endpoint-add-ms', value: p95(grantMs), unit: 'ms', n: ADDED },
        notes: [
          `grant among ${PRESENT}, p95; median ${median(grantMs).toFixed(2)} ms, worst ${Math.max(...grantMs).toFixed(1)} ms`,
          asterisk ? registerNote(registerMs) : 'no Asterisk here: no REGISTER was tried',
        ],
      },
    ];
  } finally {
    await pbx.close();
  }
}

async function openPbx(dir: string, asterisk: RunningAsterisk | undefined): Promise<Pbx> {
  const [{ createAsteriskPbx }, { systemClock }, { silentLogger }] = await Promise.all([
    importServer<PbxModule>('pbx/asterisk/pbx.js'),
    importServer<ClockModule>('platform/clock.js'),
    importServer<LoggerModule>('platform/logger.js'),
  ]);
  return createAsteriskPbx({
    projectionFile: asterisk?.projection ?? join(dir, 'projection.sqlite'),
    ariUrl: asterisk?.ariUrl ?? 'http://127.0.0.1:9/ari',
    ariUser: asterisk?.ariUser ?? 'nobody',
    ariPassword: asterisk?.ariPassword ?? 'nothing',
    realm: REALM,
    mediaAddress: '127.0.0.1',
    clock: systemClock,
    logger: silentLogger,
  });
}

/** Time to the 200, at most the patience; any other answer is a failure of the benchmark. */
async function register(asterisk: RunningAsterisk, user: string): Promise<number> {
  if (asterisk.sipUdpPort === null) throw new Error('This Asterisk speaks no plain UDP');
  const server = { host: asterisk.host, port: asterisk.sipUdpPort };
  const phone = await createSoftphone({ server, user, password: 'secret' });
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<'slow'>((resolve) => {
    timer = setTimeout(() => resolve('slow'), REGISTER_PATIENCE_MS);
  });
  try {
    const startedAt = performance.now();
    const status = await Promise.race([phone.register(), impatience]);
    if (status === 'slow') return REGISTER_PATIENCE_MS;
    if (status !== 200) throw new Error(`${user} was answered ${status} right after its grant`);
    return performance.now() - startedAt;
  } finally {
    clearTimeout(timer);
    await phone.close();
  }
}

function registerNote(ms: readonly number[]): string {
  const slow = ms.filter((one) => one >= REGISTER_PATIENCE_MS).length;
  const worst =
    slow > 0
      ? `${slow} not answered within ${REGISTER_PATIENCE_MS / 1_000} s`
      : `worst ${Math.max(...ms).toFixed(0)} ms`;
  return `REGISTER with it right after, no reload, challenge included: ${spread(ms)}, ${worst} (n ${ms.length})`;
}
