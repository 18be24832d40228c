// Waits until Asterisk serves: its own word that everything is loaded (the AMI event FullyBooted, which also comes at
// once to a client that logs in later), the modules it needs, and its ports, each in its own hands.
import { open, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { holdsTcpPort, holdsUdpPort } from './ports.mjs';

const BOOT_TIMEOUT_MS = 120_000;
const RETRY_MS = 40;
const LOOK_AT_LOG_MS = 200;

/** Somebody took a port between its choice and Asterisk's bind: another choice may do. */
export class PortTakenError extends Error {
  code = 'PORT_TAKEN';
}

/**
 * Settles when phones and hub can come; rejects when the process ended, after two minutes, or with a
 * `PortTakenError`. `logSize` is how much of `log/messages` is of earlier runs.
 */
export async function untilServing(settings, { exited, logSize }) {
  const aborter = new AbortController();
  const { signal } = aborter;
  const abort = (reason) => aborter.abort(reason);
  const timer = setTimeout(() => abort(new Error('it was not ready within two minutes')), BOOT_TIMEOUT_MS);
  void exited.then((code) => abort(new Error(`it ended with ${code}`)));
  const watched = watchForTakenPorts(settings.dir, { logSize, signal, abort });
  const { amiPort: port, amiUser: user, amiPassword: password } = settings;
  try {
    await untilFullyBooted({ port, user, password, signal });
    await refuseHalfLoaded(settings, signal);
    await refuseDeaf(settings);
  } catch (cause) {
    throw signal.aborted ? signal.reason : cause;
  } finally {
    clearTimeout(timer);
    abort();
    await watched;
  }
}

/** Bytes that Asterisk has logged in this directory so far. */
export async function sizeOfLog(dir) {
  return stat(join(dir, 'log/messages')).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Without its AMI Asterisk never says that it booted, so what it logged is looked at meanwhile. */
async function watchForTakenPorts(dir, { logSize, signal, abort }) {
  while (!signal.aborted) {
    const complaint = /^.*Address already in use.*$/m.exec(await readLog(dir, logSize).catch(() => ''));
    if (complaint) abort(new PortTakenError(complaint[0]));
    await wait(LOOK_AT_LOG_MS, undefined, { signal }).catch(() => {});
  }
}

async function readLog(dir, from) {
  const file = await open(join(dir, 'log/messages'));
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    await file.read(bytes, 0, bytes.length, from);
    return bytes.toString();
  } finally {
    await file.close();
  }
}

/** Asterisk boots even where a module it needs did not load; without chan_pjsip it would be deaf. */
async function refuseHalfLoaded({ httpPort, ariUser, ariPassword }, signal) {
  const authorization = `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}`;
  for (const path of [
    'asterisk/modules/chan_pjsip.so',
    'asterisk/modules/res_config_sqlite3.so',
    'channels',
  ]) {
    const url = `http://127.0.0.1:${httpPort}/ari/${path}`;
    const response = await fetch(url, { headers: { authorization }, signal });
    if (!response.ok) throw new Error(`${path} is not there (${response.status})`);
    await response.arrayBuffer();
  }
}

/** Asterisk boots without a word where its port for TLS is somebody else's. */
async function refuseDeaf({ dir, host, sipTlsPort, sipUdpPort }) {
  const pid = Number.parseInt(await readFile(join(dir, 'run/asterisk.pid'), 'utf8'), 10);
  if (!(await holdsTcpPort(pid, sipTlsPort, host)))
    throw new PortTakenError(`port ${sipTlsPort}/tcp is not its own`);
  if (sipUdpPort !== null && !(await holdsUdpPort(pid, sipUdpPort, host)))
    throw new PortTakenError(`port ${sipUdpPort}/udp is not its own`);
}

/** Settles when booted; rejects when `signal` aborts (timeout, or the process ended). */
async function untilFullyBooted({ port, user, password, signal }) {
  while (!signal.aborted) {
    if (await loginAndListen({ port, user, password, signal })) return;
    await wait(RETRY_MS, undefined, { signal }).catch(() => {});
  }
  throw signal.reason;
}

/** True after FullyBooted; false when the connection failed or closed before. */
function loginAndListen({ port, user, password, signal }) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const abort = () => socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    let heard = '';
    let booted = false;
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      socket.write(`Action: Login\r\nUsername: ${user}\r\nSecret: ${password}\r\nEvents: system\r\n\r\n`);
    });
    socket.on('data', (text) => {
      heard += text;
      if (!/^Event: FullyBooted/m.test(heard)) return;
      booted = true;
      socket.end('Action: Logoff\r\n\r\n');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      signal.removeEventListener('abort', abort);
      resolve(booted);
    });
  });
}
