// Free ports, and who holds one. A port that was free a moment ago can be taken; who starts Asterisk notices, and
// chooses again.
import { createSocket } from 'node:dgram';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

export function isTcpPortFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

export function isUdpPortFree(port, host) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** The system hands these out to whoever connects anywhere: a port among them may be taken while its owner restarts. */
const FIRST_EPHEMERAL = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').then(
  (text) => Number.parseInt(text, 10),
  () => 32_768,
);
/** Above the blocks for media. */
const FROM = 30_000;
const ATTEMPTS = 50;
/** Processes that start an Asterisk at the same time look at different ports first, and each never twice at one. */
let looked = process.pid * 8;

export function freeTcpPort(host) {
  return freePort((port) => isTcpPortFree(port, host));
}

export function freeUdpPort(host) {
  return freePort((port) => isUdpPortFree(port, host));
}

async function freePort(isFree) {
  const to = Math.min(FIRST_EPHEMERAL, 32_768);
  const from = Math.min(FROM, Math.max(1_024, to - 2_000));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    looked += 1;
    const port = from + (looked % (to - from));
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found between ${from} and ${to}.`);
}

/** Start of a block of UDP ports below those the system hands out, whose ends are free now. */
export async function freeRtpBlock(host, size) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const start = 10_000 + 2 * Math.floor(Math.random() * ((22_000 - size) / 2));
    if ((await isUdpPortFree(start, host)) && (await isUdpPortFree(start + size - 2, host))) return start;
  }
  throw new Error(`No block of ${size} free UDP ports between 10000 and 22000.`);
}

/** Whether that process listens on exactly this address and port; true where the system does not tell. */
export function holdsTcpPort(pid, port, host) {
  return holdsPort(pid, { table: 'tcp', state: '0A', port, host }).catch(() => true);
}

export function holdsUdpPort(pid, port, host) {
  return holdsPort(pid, { table: 'udp', state: '07', port, host }).catch(() => true);
}

/** Columns of proc_net_tcp(5): `sl local_address rem_address st … inode`, the address in this machine's byte order. */
async function holdsPort(pid, { table, state, port, host }) {
  const bytes = Uint8Array.from(host.split('.'), Number);
  const address = new Uint32Array(bytes.buffer)[0].toString(16).padStart(8, '0');
  const local = `${address}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
  const rows = (await readFile(`/proc/${pid}/net/${table}`, 'utf8'))
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const inodes = rows
    .filter((row) => row[1] === local && row[3] === state)
    .map((row) => `socket:[${row[9]}]`);
  const open = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  );
  return (await Promise.all(open)).some((target) => inodes.includes(target));
}
