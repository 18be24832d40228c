// The floor: Socket.IO with nothing around it. Two sockets that name the same pair get each other's messages, each
// acknowledged as the hub does. It also serves a page with one button, for the same between two browsers.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { answerGauge } from './child-gauge.mjs';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Bare relay</title><link rel="icon" href="data:,">
<button type="button">Ring</button><div id="place"></div>
<script src="/socket.io/socket.io.js"></script>
<script>
const socket = io({ transports: ['websocket'], auth: { pair: 'pages' } });
socket.on('connect', () => { document.title = 'connected'; });
socket.on('room:signal', () => {
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'alertdialog');
  dialog.textContent = 'Somebody is calling';
  document.getElementById('place').replaceChildren(dialog);
});
document.querySelector('button').addEventListener('click', () => {
  socket.emit('room:signal', { from: 'a' }, () => {});
});
</script>`;

const server = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(PAGE);
});
const pairs = new Map();
const io = new Server(server, {
  serveClient: true,
  perMessageDeflate: false,
  pingInterval: 2_500,
  pingTimeout: 3_000,
});
io.on('connection', (socket) => {
  const { pair } = socket.handshake.auth;
  if (pair === undefined) return;
  const sockets = pairs.get(pair) ?? [];
  pairs.set(pair, [...sockets, socket]);
  socket.on('room:signal', (message, acknowledge) => {
    for (const other of pairs.get(pair)) if (other !== socket) other.emit('room:signal', message);
    acknowledge?.({ ok: true });
  });
  socket.on('disconnect', () => {
    pairs.set(
      pair,
      pairs.get(pair).filter((other) => other !== socket),
    );
  });
});
server.listen(0, '127.0.0.1', () => answerGauge(server.address().port));
