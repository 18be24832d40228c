// Free ports. A port that was free a moment ago can be taken; who starts Asterisk notices, because it then never boots.
import { createSocket } from 'node:dgram';
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

export function freeTcpPort(host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function freeUdpPort(host) {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind({ port: 0, address: host, exclusive: true }, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Start of a block of UDP ports below those the system hands out, whose ends are free now. */
export async function freeRtpBlock(host, size) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const start = 10_000 + 2 * Math.floor(Math.random() * ((22_000 - size) / 2));
    if ((await isUdpPortFree(start, host)) && (await isUdpPortFree(start + size - 2, host))) return start;
  }
  throw new Error(`No block of ${size} free UDP ports between 10000 and 32000.`);
}
