// Carries SIP messages between a browser's WebSocket and Asterisk's, whole frames in order, and slows the sender
// down when the other side does not keep up. Text frames only (RFC 7118 §5.1: SIP here is UTF-8 text).
import { WebSocket } from 'ws';

/** Above this much unsent data the other side is paused, below a quarter of it resumed. */
const HIGH_WATER_BYTES = 256 * 1024;
const RESUME_CHECK_MS = 20;

/** WebSocket close codes, RFC 6455 §7.4.1. */
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_POLICY = 1008;
export const CLOSE_BROKEN = 1011;

/** A frame of the browser passes (perhaps changed), is answered here, or ends its connection. */
export type FrameVerdict =
  | { readonly kind: 'pass' | 'answer'; readonly frame: string }
  | { readonly kind: 'bar' };
export type FrameCheck = (frame: string) => FrameVerdict;

/** Joins two sockets of which `upstream` may still be connecting; the end of one is the end of the other. */
export function joinSockets(client: WebSocket, upstream: WebSocket, check?: FrameCheck): void {
  const early: string[] = [];
  carry(client, (text) => {
    if (client.readyState !== WebSocket.OPEN) return;
    const verdict = check?.(text) ?? { kind: 'pass', frame: text };
    if (verdict.kind === 'bar') client.close(CLOSE_POLICY, 'not for visitors');
    else if (verdict.kind === 'answer') send(client, upstream, verdict.frame);
    else if (upstream.readyState === WebSocket.CONNECTING) early.push(verdict.frame);
    else send(upstream, client, verdict.frame);
  });
  carry(upstream, (text) => send(client, upstream, text));
  upstream.on('open', () => {
    for (const text of early.splice(0)) send(upstream, client, text);
  });
  client.on('close', () => end(upstream));
  upstream.on('close', () => client.close(CLOSE_GOING_AWAY, 'PBX connection ended'));
  // What went wrong (a frame too large, say) closes the socket with the right code by itself.
  client.on('error', () => {});
  upstream.on('error', () => client.close(CLOSE_BROKEN, 'PBX not reachable'));
}

function carry(from: WebSocket, deliver: (text: string) => void): void {
  from.on('message', (data, isBinary) => {
    if (isBinary) from.close(CLOSE_POLICY, 'text frames only');
    else deliver(String(data));
  });
}

function send(to: WebSocket, from: WebSocket, text: string): void {
  if (to.readyState !== WebSocket.OPEN) return;
  to.send(text);
  if (to.bufferedAmount <= HIGH_WATER_BYTES || from.isPaused) return;
  from.pause();
  const timer = setInterval(() => {
    if (to.readyState === WebSocket.OPEN && to.bufferedAmount > HIGH_WATER_BYTES / 4) return;
    clearInterval(timer);
    from.resume();
  }, RESUME_CHECK_MS);
}

function end(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
  else socket.close(CLOSE_GOING_AWAY);
}
