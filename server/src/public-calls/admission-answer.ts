// Answers before any framework does, in the same words: refusals as `platform/edge.ts` writes them, with the headers
// that `app.ts` gives every answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AnyErrorCode,
  ERROR_STATUS,
  limits,
  type Problem,
  PUBLIC_ERROR_STATUS,
} from '@ringtag/server/protocol';
import type { Peer } from '../platform/client-address.ts';
import { foreignDetail, preflightHeaders } from '../platform/cross-origin.ts';
import type { RefusedWish } from './ticket-service.ts';

const STATUS = { ...ERROR_STATUS, ...PUBLIC_ERROR_STATUS };

/** Who asks, as the socket and the headers say. */
export function peerOf({ socket, headers }: IncomingMessage): Peer {
  const { remoteAddress, remotePort } = socket;
  const said = headers['x-forwarded-for'];
  return {
    ...{ address: remoteAddress, port: remotePort, forwarded: headers.forwarded },
    xForwardedFor: Array.isArray(said) ? said.join(',') : said,
  };
}

/** A body that is not worth reading only to keep the connection. */
export function isLong(request: IncomingMessage): boolean {
  const isUnknown = request.headers['transfer-encoding'] !== undefined;
  return isUnknown || !(saidBytes(request) <= limits.HTTP_BODY_BYTES);
}

export function saidBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** `reader`: the origin whose page may read it. */
export function sendRefused(
  request: IncomingMessage,
  response: ServerResponse,
  { refusal: { ok: _, code, retryAfterMs, ...rest }, reader, ...extra }: RefusedWish & { reader?: string },
): void {
  const status = STATUS[code];
  const problem: Problem<AnyErrorCode> = {
    type: 'about:blank',
    title: code,
    status,
    code,
    ...(code === 'ORIGIN_NOT_ALLOWED' ? { detail: foreignDetail(request.headers.origin) } : {}),
    ...rest,
    ...extra,
  };
  response.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Origin',
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) }),
    ...(reader === undefined
      ? {}
      : { 'Access-Control-Allow-Origin': reader, 'Access-Control-Expose-Headers': 'Retry-After' }),
    ...(isLong(request) ? { Connection: 'close' } : {}),
  });
  response.end(JSON.stringify(problem));
}

/** A preflight of an origin that may ask. */
export function sendPreflight(response: ServerResponse, origin: string): void {
  response.writeHead(204, { ...preflightHeaders(origin), 'X-Content-Type-Options': 'nosniff' });
  response.end();
}
