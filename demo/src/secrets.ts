// Secrets of one installation of the demo: made at the first run, kept in the data folder, readable by its owner.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DemoSecrets {
  readonly clientSecret: string;
  readonly cookieKey: string;
  /** Signs the tokens that open sip-gate. */
  readonly gateSecret: string;
  /** Bearer of programs that administer the public part. */
  readonly adminToken: string;
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
}

function makeSecrets(): DemoSecrets {
  const secret = () => randomBytes(32).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = {
    ...privateKey.export({ format: 'jwk' }),
    kid: secret().slice(0, 12),
    use: 'sig',
    alg: 'RS256',
  };
  return {
    clientSecret: secret(),
    cookieKey: secret(),
    gateSecret: secret(),
    adminToken: secret(),
    jwks: { keys: [jwk] },
  };
}

/** Reads the secrets of `dataDir`, or makes and writes them. */
export async function loadSecrets(dataDir: string): Promise<DemoSecrets> {
  const file = join(dataDir, 'secrets.json');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const known = text ? (JSON.parse(text) as Partial<DemoSecrets>) : undefined;
  if (known?.adminToken) return known as DemoSecrets;
  // What an earlier run did not have yet is added to what it had.
  const secrets: DemoSecrets = { ...makeSecrets(), ...known };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
