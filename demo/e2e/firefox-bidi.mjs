#!/usr/bin/env node
// Stands in for Firefox's own program: starts it, and passes WebDriver BiDi between it and Playwright. What this
// Firefox does not know of it yet is answered here as done, because Playwright asks for it whether it is needed or not.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

/** Colour schemes: the tests in Firefox take what the browser has. May go once the oldest Firefox here knows it. */
const UNKNOWN = new Set(['emulation.setMediaFeaturesOverride']);

/** What a command line begins with to run where this Firefox runs: in a network of its own, say. */
const within = JSON.parse(process.env.FIREFOX_WITHIN || '[]');

function start(command, options) {
  const [program, ...args] = [...within, ...command];
  return spawn(program, args, options);
}

const command = [process.env.FIREFOX_PATH || '/usr/bin/firefox-esr', ...process.argv.slice(2)];
const firefox = start(command, { stdio: ['ignore', 'inherit', 'pipe'] });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => firefox.kill(signal));
firefox.on('error', () => process.exit(127));
firefox.on('exit', (code) => process.exit(code ?? 1));

createInterface({ input: firefox.stderr }).on('line', (line) => {
  const listens = /^WebDriver BiDi listening on (ws:\S+)/.exec(line);
  if (listens) pass(listens[1]);
  else console.error(line);
});

/** Its loopback is not this one: a program in there makes the connection, and its pipes lead out. */
function connectWithin({ port }) {
  const relay = `const s = require('net').connect(${Number(port)}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`;
  const child = start([process.execPath, '-e', relay], { stdio: ['pipe', 'pipe', 'inherit'] });
  return Duplex.from({ writable: child.stdin, readable: child.stdout });
}

/** Playwright wants a window for each page, where none is ever hidden. */
function asTab(message) {
  if (process.env.FIREFOX_TABS && message.method === 'browsingContext.create') message.params.type = 'tab';
  return message;
}

function pass(to) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('listening', () =>
    console.error(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}`),
  );
  server.on('connection', (playwright, { url }) => {
    const browser = new WebSocket(to + url, {
      perMessageDeflate: false,
      ...(within.length > 0 ? { createConnection: connectWithin } : {}),
    });
    const early = [];
    browser.on('open', () => {
      for (const text of early) browser.send(text);
    });
    browser.on('message', (text) => playwright.send(String(text)));
    browser.on('error', () => playwright.close());
    browser.on('close', () => playwright.close());
    playwright.on('close', () => browser.close());
    playwright.on('message', (data) => {
      const message = asTab(JSON.parse(String(data)));
      const { id, method } = message;
      const text = JSON.stringify(message);
      if (UNKNOWN.has(method)) playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      else if (browser.readyState === WebSocket.OPEN) browser.send(text);
      else early.push(text);
    });
  });
}
