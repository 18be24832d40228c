// One running Asterisk: ports and secrets chosen, configuration rendered, process started and watched. Secrets and
// ports are kept in the instance's directory, so a restart changes nothing for the hub and the phones.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { PortTakenError, sizeOfLog, untilServing } from './booted.mjs';
import { findAsterisk } from './find.mjs';
import { freeRtpBlock, freeTcpPort, freeUdpPort, isTcpPortFree, isUdpPortFree } from './ports.mjs';
import { layOut, moduleLines, renderConfiguration, renderPart } from './render.mjs';
import { makeSelfSigned } from './self-signed.mjs';

const STOP_TIMEOUT_MS = 5_000;
const PORT_FREE_MS = 15_000;
const SETTINGS = 'settings.json';
const RTP_BLOCK = 400;
/** Boots that may fail on a port that was free when it was chosen. */
const PORT_CHOICES = 3;

/**
 * Asterisk dies with the process that started it, even with one that was killed: its end of the pipe closes. A signal
 * that comes while it boots may be lost on it.
 */
const LEASH = `exec 3<&0
"$@" </dev/null 3<&- & pid=$!
trap 'kill -TERM $pid 2>/dev/null' TERM INT HUP
{ cat <&3 >/dev/null; for second in 1 2 3 4 5; do kill -TERM $pid 2>/dev/null || exit; sleep 1; done; kill -KILL $pid; } & leash=$!
wait $pid; code=$?
while kill -0 $pid 2>/dev/null; do wait $pid; code=$?; done
kill $leash 2>/dev/null
exit $code`;

export async function startAsterisk(options) {
  const { log = () => {} } = options;
  const asterisk = options.asterisk ?? (await findAsterisk());
  if (!asterisk) throw new Error('There is no Asterisk 22.2 or later: run asterisk/install.');
  const dir = resolve(options.dir);
  await layOut(dir, asterisk.dataDir);
  const { settings, child, exited } = await bootOnFreePorts(asterisk, { ...options, dir });
  const stop = () => stopProcess(child, exited);
  const info = describe(asterisk, settings, child.pid);
  await writeSecret(join(dir, 'ringtag-asterisk.json'), `${JSON.stringify(info, null, 2)}\n`);
  log(
    `Asterisk ${asterisk.version}: phones at ${addresses(settings)}, ARI ${info.ariUrl}, ${dir}/ringtag-asterisk.json`,
  );
  return { ...info, exited, stop };
}

/**
 * A port that was free when it was chosen may be somebody else's when Asterisk binds it: others are chosen then, save
 * where it was wished or is that of the last run. Those are awaited or named as for a first choice.
 */
async function bootOnFreePorts(asterisk, options) {
  const { log = () => {} } = options;
  for (let choice = 1; ; choice += 1) {
    const settings = await settle(options);
    try {
      return { settings, ...(await boot(asterisk, settings)) };
    } catch (cause) {
      if (choice === PORT_CHOICES || !(cause.cause instanceof PortTakenError)) throw cause;
      log(`${cause.message}; choosing ports again.`);
    }
  }
}

async function boot(asterisk, settings) {
  const { dir } = settings;
  await render(asterisk, settings);
  const logSize = await sizeOfLog(dir);
  const child = launch(asterisk, dir);
  const exited = new Promise((done) => child.on('exit', (code) => done(code)));
  try {
    await untilServing(settings, { exited, logSize });
    await keep(settings);
  } catch (cause) {
    await stopProcess(child, exited);
    throw new Error(`Asterisk did not start: ${await lastComplaint(dir, cause)}`, { cause });
  }
  return { child, exited };
}

/** For the next run in this directory, which hub and phones expect where this one was. Only what could be bound. */
async function keep({ dir, sipUdpPort, sipTlsPort, httpPort, rtpStart, rtpEnd, ariPassword }) {
  const kept = { sipUdpPort: sipUdpPort ?? undefined, sipTlsPort, httpPort, rtpStart, rtpEnd, ariPassword };
  await writeSecret(join(dir, SETTINGS), JSON.stringify(kept));
}

/** Everything that is chosen, or kept from the last run: ports, secrets, certificate. */
async function settle(options) {
  const { dir, host = '127.0.0.1' } = options;
  if (isIP(host) !== 4) throw new Error(`"${host}" is no IPv4 address to listen on.`);
  const loopback = host.startsWith('127.');
  const kept = JSON.parse(await readFile(join(dir, SETTINGS), 'utf8').catch(() => '{}'));
  const plainUdp = options.plainUdp ?? loopback;
  return {
    dir,
    host,
    loopback,
    realm: options.realm ?? 'ringtag',
    projection: join(dir, 'projection.sqlite'),
    sipUdpPort: plainUdp ? await udpPort(options.sipUdpPort, kept.sipUdpPort, host) : null,
    sipTlsPort: await tcpPort(options.sipTlsPort, kept.sipTlsPort, host),
    httpPort: await tcpPort(options.httpPort, kept.httpPort, '127.0.0.1'),
    amiPort: await freeTcpPort('127.0.0.1'),
    ...(await rtpBlock(options, kept, host)),
    ariUser: 'ringtag',
    ariPassword: kept.ariPassword ?? secret(),
    amiUser: 'boot',
    amiPassword: secret(),
    ...(await certificate(options)),
  };
}

async function tcpPort(wished, kept, host) {
  const isFree = (port) => isTcpPortFree(port, host);
  return (await keepPort({ wished, kept, isFree, what: `tcp on ${host}` })) ?? freeTcpPort(host);
}

async function udpPort(wished, kept, host) {
  const isFree = (port) => isUdpPortFree(port, host);
  return (await keepPort({ wished, kept, isFree, what: `udp on ${host}` })) ?? freeUdpPort(host);
}

/** Hub and phones know the port of the last run, so no other one is taken in its place. */
async function keepPort({ wished, kept, isFree, what }) {
  const port = wished ?? kept;
  if (!port) return undefined;
  // Who held it in the last run, or looks for us there, may need a moment to let go.
  const deadline = Date.now() + (port === kept ? PORT_FREE_MS : 0);
  while (!(await isFree(port))) {
    if (Date.now() >= deadline)
      throw new Error(`Port ${port}/${what} is in use: ${wished ? '' : 'free it, or '}choose another.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return port;
}

async function rtpBlock(options, kept, host) {
  if (options.rtpStart && options.rtpEnd) return { rtpStart: options.rtpStart, rtpEnd: options.rtpEnd };
  const isFree = (port) => isUdpPortFree(port, host);
  const start =
    (await keepPort({ kept: kept.rtpStart, isFree, what: `udp on ${host}` })) ??
    (await freeRtpBlock(host, RTP_BLOCK));
  return { rtpStart: start, rtpEnd: start + RTP_BLOCK - 1 };
}

async function certificate({ dir, host = '127.0.0.1', tlsCertificate, tlsPrivateKey }) {
  if (tlsCertificate && tlsPrivateKey)
    return { tlsCertificate: resolve(tlsCertificate), tlsPrivateKey: resolve(tlsPrivateKey) };
  const paths = { tlsCertificate: join(dir, 'tls/sip.crt'), tlsPrivateKey: join(dir, 'tls/sip.key') };
  const there = await readFile(paths.tlsPrivateKey).then(
    () => true,
    () => false,
  );
  if (!there) {
    const made = makeSelfSigned(host);
    await writeSecret(paths.tlsCertificate, made.certificate);
    await writeSecret(paths.tlsPrivateKey, made.privateKey);
  }
  return paths;
}

async function render(asterisk, settings) {
  const values = {
    DIR: settings.dir,
    MODULES: asterisk.modulesDir,
    MODULE_LINES: await moduleLines(asterisk.modulesDir),
    SYSTEM_NAME: 'ringtag',
    REALM: settings.realm,
    HOST: settings.host,
    SIP_TLS_PORT: settings.sipTlsPort,
    SIP_UDP_PORT: settings.sipUdpPort ?? '',
    TLS_CERTIFICATE: settings.tlsCertificate,
    TLS_PRIVATE_KEY: settings.tlsPrivateKey,
    PROJECTION: settings.projection,
    RTP_START: settings.rtpStart,
    RTP_END: settings.rtpEnd,
    ICE_HOST_CANDIDATES: iceHostCandidates(settings),
    HTTP_PORT: settings.httpPort,
    ARI_USER: settings.ariUser,
    ARI_PASSWORD: settings.ariPassword,
    AMI_PORT: settings.amiPort,
    AMI_USER: settings.amiUser,
    AMI_PASSWORD: settings.amiPassword,
  };
  values.UDP_TRANSPORT = settings.sipUdpPort === null ? '' : await renderPart('pjsip-udp.conf', values);
  await renderConfiguration(settings.dir, values);
}

/** Asterisk never offers a loopback address by itself: on one machine, its others are mapped to it. */
function iceHostCandidates({ loopback, host }) {
  if (!loopback) return '';
  const own = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address && !address.internal && !address.address.startsWith('fe80'));
  return ['[ice_host_candidates]', ...own.map((address) => `${address.address} => ${host}`)].join('\n');
}

function launch(asterisk, dir) {
  const [program, ...args] = asterisk.command;
  const output = openSync(join(dir, 'log', 'output'), 'w', 0o600);
  const child = spawn(
    '/bin/sh',
    ['-c', `umask 077\n${LEASH}`, 'asterisk', program, ...args, '-f', '-C', join(dir, 'etc/asterisk.conf')],
    {
      cwd: dir,
      // Its own group: Ctrl-C in a terminal reaches whoever started us, and that stops Asterisk in order.
      detached: true,
      stdio: ['pipe', output, output],
      env: {
        PATH: process.env.PATH ?? '',
        LANG: 'C.UTF-8',
        HOME: dir,
        ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
      },
    },
  );
  closeSync(output);
  child.stdin.on('error', () => {});
  return child;
}

async function stopProcess(child, exited) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => {
    // The whole group of the leash, which is ours alone.
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Gone by itself meanwhile.
    }
  }, STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

async function lastComplaint(dir, cause) {
  const text = await readFile(join(dir, 'log/messages'), 'utf8').catch(() => '');
  const output = await readFile(join(dir, 'log/output'), 'utf8').catch(() => '');
  const lines = `${output}\n${text}`.split('\n').filter((line) => /ERROR|Unable|cannot/i.test(line));
  return [cause.message, ...lines.slice(-3)].join('; ');
}

function describe(asterisk, settings, pid) {
  const { dir, host, realm, projection, sipUdpPort, sipTlsPort, tlsCertificate, rtpStart, rtpEnd } = settings;
  return {
    version: asterisk.version,
    pid,
    dir,
    ariUrl: `http://127.0.0.1:${settings.httpPort}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    projection,
    realm,
    wsUrl: `ws://127.0.0.1:${settings.httpPort}/ws`,
    host,
    sipUdpPort,
    sipTlsPort,
    tlsCertificate,
    rtpStart,
    rtpEnd,
    // Sockets for media open where phones find SIP, and nowhere else.
    mediaAddress: host === '0.0.0.0' ? null : host,
    cdrFile: join(dir, 'log/cdr-custom/Master.csv'),
    celFile: join(dir, 'log/cel-custom/Master.csv'),
  };
}

function addresses({ host, sipUdpPort, sipTlsPort }) {
  const tls = `${host}:${sipTlsPort} (TLS)`;
  return sipUdpPort === null ? tls : `${host}:${sipUdpPort} (UDP), ${tls}`;
}

const secret = () => randomBytes(24).toString('base64url');

async function writeSecret(file, text) {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
