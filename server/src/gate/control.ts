// The gate's few HTTP answers: health, numbers, and the hub's order to close an endpoint's connections. Orders are taken
// from loopback only, and only with the shared secret.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CLOSE_POLICY } from './pipe.ts';
import type { Connections } from './quotas.ts';

export interface ControlOptions {
  readonly connections: Connections;
  /** Numbers for who watches over it, as text; told to loopback alone. */
  readonly metrics: () => string;
  readonly isAuthorised: (given: string) => boolean;
  readonly log: (fields: object, message: string) => void;
}

const BODY_BYTES = 1_024;
const CloseOrder = z.strictObject({ endpoint: z.string().min(1).max(64) });

export async function handleControl(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlOptions,
): Promise<void> {
  try {
    if (isMetrics(request)) {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' });
      response.end(options.metrics());
      return;
    }
    const [status, body] = await answer(request, options);
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  } catch {
    // The request broke off; there is nobody left to answer.
    response.destroy();
  }
}

async function answer(request: IncomingMessage, options: ControlOptions): Promise<[number, object]> {
  const { connections, isAuthorised, log } = options;
  const path = request.url?.split('?')[0];
  if (path === '/healthz' && request.method === 'GET')
    return [200, { ok: true, connections: connections.count() }];
  // Browsers' own upgrade requests never come here; from outside, the path does not exist.
  if (path !== '/control/close' || !isLoopback(request)) return [404, {}];
  if (request.method !== 'POST') return [405, {}];
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!isAuthorised(given)) return [401, {}];
  const order = CloseOrder.safeParse(await readJson(request));
  if (!order.success) return [400, {}];
  const closed = connections.closeEndpoint(order.data.endpoint, CLOSE_POLICY, 'signed out');
  log({ endpoint: order.data.endpoint, closed }, 'closed connections by order of the hub');
  return [200, { closed }];
}

function isMetrics(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.url === '/metrics' && isLoopback(request);
}

/** A proxy on this machine also comes from loopback, but it says for whom. */
function isLoopback(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  const forwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !forwarded && (address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.'));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
