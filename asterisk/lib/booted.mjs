// Waits for Asterisk's own word that everything is loaded: the AMI event FullyBooted, which also comes at once
// to a client that logs in later.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 40;

/** Settles when booted; rejects when `signal` aborts (timeout, or the process ended). */
export async function untilFullyBooted({ port, user, password, signal }) {
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
