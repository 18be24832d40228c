// The two commands, and what holds when one side goes away: the hub, Asterisk, or who started it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AsteriskInfo, findAsterisk, startAsterisk } from '../index.mjs';
import { isRecentEnough, parseVersion } from '../lib/find.mjs';
import { fill } from '../lib/render.mjs';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const found = await findAsterisk();
const RUN = fileURLToPath(new URL('../run', import.meta.url));
const INSTALL = fileURLToPath(new URL('../install', import.meta.url));

const dirs: string[] = [];
async function freshDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-run-'));
  dirs.push(dir);
  return dir;
}

afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

describe.skipIf(!found)(`asterisk/run${found ? '' : ' (no Asterisk 22.2 or later here)'}`, () => {
  it('prints one line, writes all that the hub needs, and stops on SIGTERM', async () => {
    const dir = await freshDir();
    const child = spawn(RUN, ['--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await firstLine(child);
    expect(line).toMatch(/^Asterisk 22\..* phones at 127\.0\.0\.1:\d+ \(UDP\), 127\.0\.0\.1:\d+ \(TLS\)/);
    const info = await readInfo(dir);
    expect(await ariStatus(info)).toBe(200);
    expect(await ariStatus({ ...info, ariPassword: 'wrong' })).toBe(401);
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect(isAlive(info.pid)).toBe(false);
    await expect(ariStatus(info)).rejects.toThrow();
  });

  it('does not outlive the process that started it, even one that was killed', async () => {
    const dir = await freshDir();
    const child = spawn(RUN, ['--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    await firstLine(child);
    const { pid } = await readInfo(dir);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 15_000 });
  });

  it('keeps its files to itself and its secrets out of the templates', async () => {
    const dir = await freshDir();
    const asterisk = await startAsterisk({ dir });
    try {
      for (const name of await readdir(join(dir, 'etc'))) {
        expect([name, (await stat(join(dir, 'etc', name))).mode & 0o777]).toEqual([name, 0o600]);
        expect(await readFile(join(dir, 'etc', name), 'utf8')).not.toMatch(/@[A-Z_]+@/);
      }
      const open = await readdir(dir);
      for (const name of open) expect([name, (await stat(join(dir, name))).mode & 0o077]).toEqual([name, 0]);
    } finally {
      await asterisk.stop();
    }
  });

  it('two run side by side, each on its own ports; a restart keeps ports and password', async () => {
    const dir = await freshDir();
    const [first, second] = await Promise.all([
      startAsterisk({ dir }),
      startAsterisk({ dir: await freshDir() }),
    ]);
    expect(first.sipUdpPort).not.toBe(second.sipUdpPort);
    expect(first.ariUrl).not.toBe(second.ariUrl);
    await Promise.all([first.stop(), second.stop()]);
    const again = await startAsterisk({ dir });
    await again.stop();
    const { ariUrl, ariPassword, sipUdpPort, sipTlsPort } = first;
    expect(again).toMatchObject({ ariUrl, ariPassword, sipUdpPort, sipTlsPort });
  });

  it('phones get TLS with a certificate of its address; plain UDP beyond loopback only when told so', async () => {
    const dir = await freshDir();
    const asterisk = await startAsterisk({ dir, plainUdp: false });
    expect(asterisk.sipUdpPort).toBeNull();
    const certificate = await readFile(asterisk.tlsCertificate, 'utf8');
    const answer = await optionsOverTls(asterisk, certificate);
    await asterisk.stop();
    expect(answer).toMatch(/^SIP\/2\.0 (200|401|404) /);
  });

  it('a wished port that is taken is named', async () => {
    const first = await startAsterisk({ dir: await freshDir() });
    const port = first.sipUdpPort ?? 0;
    const attempt = startAsterisk({ dir: await freshDir(), sipUdpPort: port });
    await expect(attempt).rejects.toThrow(`Port ${port}/udp on 127.0.0.1 is in use`);
    await first.stop();
  });

  it('chosen ports are none that the system hands out, and a restart waits for its own instead of taking others', async () => {
    const dir = await freshDir();
    const first = await startAsterisk({ dir });
    const httpPort = Number(new URL(first.ariUrl).port);
    const handedOut = Number.parseInt(await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    for (const port of [httpPort, first.sipTlsPort, first.sipUdpPort, first.rtpEnd])
      expect(port).toBeLessThan(handedOut);
    await first.stop();
    const squatter = createServer().listen(httpPort, '127.0.0.1');
    await once(squatter, 'listening');
    const restart = startAsterisk({ dir });
    const aSecond = new Promise((resolve) => setTimeout(resolve, 1_000, 'waits'));
    expect(await Promise.race([aSecond, restart])).toBe('waits');
    squatter.close();
    const again = await restart;
    await again.stop();
    const { ariUrl, sipTlsPort, sipUdpPort, rtpStart } = first;
    expect(again).toMatchObject({ ariUrl, sipTlsPort, sipUdpPort, rtpStart });
  });

  it('Asterisk goes on without the hub, and the hub finds it again after it was away', async () => {
    const dir = await freshDir();
    let asterisk = await startAsterisk({ dir });
    let pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
    await grantPhone(pbx, { endpoint: 'p-alice', extension: '1001' });
    const alice = await openPhone(asterisk, 'p-alice');
    const call = await alice.call('601');
    expect(await call.answered).toBe(true);
    // The hub goes: the call, new registrations and new calls do not care.
    await pbx.close();
    expect(await alice.register()).toBe(200);
    const another = await alice.call('600');
    expect(await another.answered).toBe(true);
    await vi.waitFor(() => expect(call.heard().hz).toBe(1004), { timeout: 15_000 });
    // The hub is back and sees what happened meanwhile.
    pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
    expect([pbx.isInCall('p-alice'), pbx.isRegistered('p-alice')]).toEqual([true, false]);
    await grantPhone(pbx, { endpoint: 'p-alice', extension: '1001' });
    // Asterisk asks a new address within 5 s whether it is there; until then its list says offline.
    await until(pbx, () => pbx.isRegistered('p-alice'));
    await pbx.replaceAll([], []);
    expect(await alice.register()).toBe(401);
    // Asterisk goes and comes back.
    await asterisk.stop();
    await until(pbx, () => !pbx.available);
    asterisk = await startAsterisk({ dir });
    await until(pbx, () => pbx.available);
    expect(pbx.isInCall('p-alice')).toBe(false);
    await Promise.all([alice.close(), pbx.close(), asterisk.stop()]);
  });
});

describe('asterisk/install', () => {
  it('where none can be had it says so in one sentence and exits with 3', async () => {
    const child = spawn(process.execPath, [INSTALL], {
      // No Asterisk on this PATH, no tree in this cache, and no way to make one.
      env: { PATH: '/nowhere', XDG_CACHE_HOME: await freshDir() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    expect(await exitOf(child)).toBe(3);
    expect(complaint).toMatch(/^[A-Z].*\.\n$/);
  });

  it.each([
    ['Asterisk 22.10.1~dfsg+~cs6.17.60671434-1', true],
    ['Asterisk 22.2.0', true],
    ['Asterisk certified/22.8-cert1', true],
    ['Asterisk 23.0.0', true],
    ['Asterisk 22.1.9', false],
    ['Asterisk 20.11.0', false],
    ['something else', false],
  ])('takes 22.2 and later: %s', (text, isGood) => {
    expect(isRecentEnough(parseVersion(text))).toBe(isGood);
  });
});

describe('templates', () => {
  it('a placeholder without a value is a fault, and a value cannot add a line', () => {
    expect(() => fill('a = @MISSING@', {}, 'x.conf')).toThrow('@MISSING@');
    expect(() => fill('a = @HOST@', { HOST: 'b\n[other]' }, 'x.conf')).toThrow('line break');
  });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk) => resolve(String(chunk).split('\n')[0] ?? ''));
    child.once('exit', (code) => reject(new Error(`It ended with ${code}`)));
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

async function readInfo(dir: string): Promise<AsteriskInfo> {
  return JSON.parse(await readFile(join(dir, 'ringtag-asterisk.json'), 'utf8'));
}

async function ariStatus({ ariUrl, ariUser, ariPassword }: AsteriskInfo): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}`;
  return (await fetch(`${ariUrl}/asterisk/info`, { headers: { authorization } })).status;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** OPTIONS over TLS, trusting only the certificate that was made. */
function optionsOverTls({ host, sipTlsPort }: AsteriskInfo, certificate: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port: sipTlsPort, ca: certificate }, () => {
      const lines = [
        `OPTIONS sip:${host} SIP/2.0`,
        `Via: SIP/2.0/TLS ${host}:${socket.localPort};branch=z9hG4bKtls`,
        'Max-Forwards: 70',
        `From: <sip:nobody@${host}>;tag=1`,
        `To: <sip:${host}>`,
        'Call-ID: tls',
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data));
    });
    socket.once('error', reject);
  });
}
