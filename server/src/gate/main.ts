// Starts sip-gate from its environment; the only reader of process.env in this folder. Stops on SIGTERM and SIGINT,
// and with its parent where RINGTAG_STOP_WITH_PARENT=1 says so.
import { readFileSync } from 'node:fs';
import { createLogger } from '../platform/logger.ts';
import { createGate, type GateOptions } from './gate.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** All problems at once, by the variable's name. */
function readOptions(env: Env): GateOptions | readonly string[] {
  const problems: string[] = [];
  const number = (name: string, fallback: number): number => {
    const value = Number(env[name] || fallback);
    if (!Number.isInteger(value) || value < 0) problems.push(`${name} must be a number`);
    return value;
  };
  const asteriskUrl = env.ASTERISK_WS_URL ?? '';
  if (!/^wss?:\/\//.test(asteriskUrl)) problems.push('ASTERISK_WS_URL must be the ws:// address of Asterisk');
  const secret = env.GATE_SECRET ?? '';
  if (secret.length < 32) problems.push('GATE_SECRET must have at least 32 characters');
  const { GATE_TLS_CERT: cert, GATE_TLS_KEY: key } = env;
  if ((cert === undefined) !== (key === undefined))
    problems.push('GATE_TLS_CERT and GATE_TLS_KEY go together');
  const options = {
    asteriskUrl,
    secret,
    host: env.GATE_HOST || '127.0.0.1',
    port: number('GATE_PORT', 4005),
    quotas: {
      employees: number('GATE_MAX_EMPLOYEES', 2_000),
      guests: number('GATE_MAX_GUESTS', 200),
      guestsPerNetwork: number('GATE_MAX_GUESTS_PER_NETWORK', 20),
      pending: number('GATE_MAX_PENDING', 2_000),
      pendingPerNetwork: number('GATE_MAX_PENDING_PER_NETWORK', 100),
      refusalsPerNetwork: number('GATE_MAX_REFUSALS_PER_NETWORK', 120),
    },
    trustedProxies: (env.TRUSTED_PROXIES ?? '').split(/[\s,]+/).filter((proxy) => proxy !== ''),
  };
  if (problems.length > 0) return problems;
  if (cert === undefined || key === undefined) return options;
  return { ...options, tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } };
}

const options = readOptions(process.env);
if (!('secret' in options)) {
  for (const problem of options) process.stderr.write(`${problem}\n`);
  process.exit(1);
}
const logger = createLogger().child({ part: 'gate' });
const gate = await createGate({ ...options, log: (fields, message) => logger.info(fields, message) });
logger.info({ port: gate.port }, 'sip-gate is listening');
if (process.send) process.send({ port: gate.port });

const stop = (): void => void gate.close().then(() => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
if (process.env.RINGTAG_STOP_WITH_PARENT === '1') process.stdin.on('end', stop).resume();
