// Leaves out of socket.io-client what the hub's socket does not use: binary messages, and kinds of addresses and of
// machines that it never meets. WebSocket and long polling stay. Made for the files of one release: fails at the first
// that differs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { withoutMembers } from './cut.mjs';

const MADE_FOR = 'aa3d126a71c2d25e';

/** By the end of a file's path, what comes in its place. */
const REPLACED = {
  // Never offered (`hub/socket.ts`).
  'engine.io-client/build/esm/transports/webtransport.js': 'export class WT {}',
  // All messages are JSON.
  'engine.io-parser/build/esm/contrib/base64-arraybuffer.js': 'export {};',
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, binary, callback) => callback(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = undefined;`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export const decodePacket = (packet) => {
      const type = PACKET_TYPES_REVERSE[packet[0]];
      if (!type) return ERROR_PACKET;
      return packet.length > 1 ? { type, data: packet.slice(1) } : { type };
    };`,
  'socket.io-parser/build/esm/is-binary.js': `
    export const isBinary = () => false;
    export const hasBinary = isBinary;`,
  'socket.io-parser/build/esm/binary.js': `
    export const deconstructPacket = undefined;
    export const reconstructPacket = undefined;`,
  // The hub's origin, and nothing but an origin.
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export const parse = (source) => {
      const { protocol, hostname, port } = new URL(source);
      return { source, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port };
    };`,
  'engine.io-client/build/esm/contrib/has-cors.js': 'export const hasCORS = true;',
  // The pauses between tries are ours: Socket.IO never tries again by itself.
  'socket.io-client/build/esm/contrib/backo2.js': `
    export class Backoff {
      attempts = 0;
      reset() {}
      setMin() {}
      setMax() {}
      setJitter() {}
    }`,
};

/** By the end of a file's path, the methods that nobody calls. */
const CUT = {
  'socket.io-client/build/esm/socket.js': `send compress volatile disconnected _addToQueue onAny prependAny offAny listenersAny
    onAnyOutgoing prependAnyOutgoing offAnyOutgoing listenersAnyOutgoing`,
  'socket.io-client/build/esm/manager.js': 'connect disconnect reconnect onreconnect',
  'socket.io-parser/build/esm/index.js': 'encodeAsBinary takeBinaryData',
  'engine.io-client/build/esm/socket.js': 'send',
};
const PATHS = [...Object.keys(REPLACED), ...Object.keys(CUT)];

const require = createRequire(import.meta.url);

/** `name/path` in the place where the package that uses it finds it. */
function fileOf(path) {
  const [name] = path.split('/');
  const client = createRequire(require.resolve('socket.io-client'));
  const main =
    name === 'engine.io-parser'
      ? createRequire(client.resolve('engine.io-client')).resolve(name)
      : client.resolve(name);
  return main.slice(0, main.lastIndexOf(`/${name}/`) + 1) + path;
}

export const slimSocketIo = {
  name: 'slim-socket-io',
  buildStart() {
    const hash = createHash('sha256');
    for (const path of PATHS) hash.update(readFileSync(fileOf(path)));
    const found = hash.digest('hex').slice(0, 16);
    if (found !== MADE_FOR) this.error(`Socket.IO is no longer the one that the build slims (${found})`);
  },
  load(id) {
    const path = PATHS.find((end) => id.replaceAll('\\', '/').endsWith(`/node_modules/${end}`));
    if (path === undefined) return null;
    if (path in CUT) return withoutMembers(readFileSync(id, 'utf8'), CUT[path].split(/\s+/), path);
    return REPLACED[path];
  },
};
