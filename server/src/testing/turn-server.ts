// For tests: a real coturn on loopback, and as much of a TURN client as asking for one relayed address needs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface TestTurnServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Whether this machine has coturn. */
export function hasTurnServer(): boolean {
  return spawnSync('turnserver', ['--version']).error === undefined;
}

/** Starts coturn with that secret; resolves once it answers. */
export async function startTurnServer(secret: string): Promise<TestTurnServer> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-turn-'));
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const port = await freeUdpPort();
    const child = await launch(port, { dir, secret });
    // It ends at once where somebody else has taken the port meanwhile.
    while (child.exitCode === null && Date.now() < deadline) {
      if (await isThere(port)) return { port, close: () => close(child, dir) };
      await setTimeout(POLL_MS);
    }
    await stop(child);
  }
  await rm(dir, { recursive: true, force: true });
  throw new Error('coturn does not answer');
}

async function launch(
  port: number,
  { dir, secret }: { readonly dir: string; readonly secret: string },
): Promise<ChildProcess> {
  const settings = {
    'listening-ip': '127.0.0.1',
    'relay-ip': '127.0.0.1',
    'listening-port': port,
    realm: 'ringtag.test',
    'static-auth-secret': secret,
    userdb: join(dir, 'turndb'),
    pidfile: join(dir, 'turnserver.pid'),
    'log-file': 'stdout',
  };
  const flags = ['use-auth-secret', 'fingerprint', 'no-tls', 'no-dtls', 'no-cli'];
  const lines = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...flags];
  const file = join(dir, 'turnserver.conf');
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return spawn('turnserver', ['-c', file], { stdio: 'ignore' });
}

async function close(child: ChildProcess, dir: string): Promise<void> {
  await stop(child);
  await rm(dir, { recursive: true, force: true });
}

function isThere(port: number): Promise<boolean> {
  return connected(port, (ask) => ask(message(ALLOCATE, [WANTED])), AGAIN_MS).then(
    () => true,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Asks for a relayed address with these credentials (RFC 8656 §7); 0 where it is given, else STUN's error code. */
export function allocate(
  port: number,
  { username, credential }: { username: string; credential: string },
): Promise<number> {
  return connected(port, async (ask) => {
    const challenge = await ask(message(ALLOCATE, [WANTED]));
    const realm = challenge.attributes.get(REALM) ?? Buffer.alloc(0);
    const nonce = challenge.attributes.get(NONCE) ?? Buffer.alloc(0);
    // RFC 8489 §9.2.2: the key of the long-term credential.
    const key = createHash('md5').update(`${username}:${realm.toString()}:${credential}`).digest();
    const parts = [WANTED, attribute(USERNAME, username), attribute(REALM, realm), attribute(NONCE, nonce)];
    const answer = await ask(sealed(message(ALLOCATE, parts), key));
    if (answer.type === ALLOCATED) return 0;
    const [, , family = 0, number = 0] = answer.attributes.get(ERROR_CODE) ?? [];
    return family * 100 + number;
  });
}

const ALLOCATE = 0x0003;
const ALLOCATED = 0x0103;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const ERROR_CODE = 0x0009;
const REALM = 0x0014;
const NONCE = 0x0015;
const REQUESTED_TRANSPORT = 0x0019;
/** A relay for UDP (protocol 17). */
const WANTED = attribute(REQUESTED_TRANSPORT, Buffer.from([17, 0, 0, 0]));
const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const SEAL_BYTES = 24;
const ANSWER_MS = 15_000;
/** RFC 8489 §6.2.1: what goes by UDP is said again. */
const AGAIN_MS = 500;
const START_MS = 25_000;
const POLL_MS = 25;

/** RFC 8489 §14: type, length, value, padded to four bytes. */
function attribute(type: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const whole = Buffer.alloc(4 + Math.ceil(bytes.length / 4) * 4);
  whole.writeUInt16BE(type, 0);
  whole.writeUInt16BE(bytes.length, 2);
  bytes.copy(whole, 4);
  return whole;
}

/** RFC 8489 §5. */
function message(type: number, attributes: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  const whole = Buffer.concat([header, ...attributes]);
  whole.writeUInt16BE(whole.length - HEADER_BYTES, 2);
  return whole;
}

/** RFC 8489 §14.5: the length that is signed already counts the signature. */
function sealed(whole: Buffer, key: Buffer): Buffer {
  whole.writeUInt16BE(whole.length - HEADER_BYTES + SEAL_BYTES, 2);
  const hmac = createHmac('sha1', key).update(whole).digest();
  return Buffer.concat([whole, attribute(MESSAGE_INTEGRITY, hmac)]);
}

/** Sends until there is an answer; rejects where there is none. */
type Ask = (request: Buffer) => Promise<Answer>;

interface Answer {
  readonly type: number;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

/** One address of a client, as long as `work` lasts: the nonce that coturn gives is good for that address only. */
async function connected<T>(
  port: number,
  work: (ask: Ask) => Promise<T>,
  patienceMs = ANSWER_MS,
): Promise<T> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  try {
    return await work(async (request) => {
      const heard = on(socket, 'message', { signal: AbortSignal.timeout(patienceMs) });
      socket.send(request);
      const again = setInterval(() => socket.send(request), AGAIN_MS);
      try {
        for await (const [bytes] of heard) if (isAnswer(bytes, request)) return parse(bytes);
      } finally {
        clearInterval(again);
      }
      throw new Error('nothing more is heard');
    });
  } finally {
    socket.close();
  }
}

/** By the transaction, so that a second answer to what was said twice is not the answer to what is said next. */
function isAnswer(bytes: Buffer, request: Buffer): boolean {
  return bytes.subarray(8, HEADER_BYTES).equals(request.subarray(8, HEADER_BYTES));
}

function parse(bytes: Buffer): Answer {
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { type: bytes.readUInt16BE(0), attributes };
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
