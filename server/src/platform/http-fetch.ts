// Requests from the hub to identity providers. A fetch of its own for one reason: `*.localhost` is loopback by
// RFC 6761 §6.3, browsers know it, Node's look-up does not. It follows no redirects and reads no endless bodies.
import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

const TIMEOUT_MS = 10_000;
const BODY_BYTES = 1024 * 1024;

export interface HttpFetchInit {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
  /** Default 10 s, from the first byte sent to the last one read. */
  readonly timeoutMs?: number;
}

/** The part of `fetch` that the hub needs. Rejects on network faults, time-outs and bodies over 1 MiB. */
export type HttpFetch = (url: string | URL, init?: HttpFetchInit) => Promise<Response>;

/** Looks `*.localhost` up as 127.0.0.1 and leaves every other name to the system. */
export const lookup: LookupFunction = (hostname, options, callback) => {
  if (!/(^|\.)localhost$/i.test(hostname)) {
    systemLookup(hostname, options, callback);
  } else if (options.all) {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};

export const httpFetch: HttpFetch = (input, init = {}) => {
  const url = new URL(input);
  const headers = new Headers(init.headers ?? {});
  const body = init.body?.toString();
  if (init.body instanceof URLSearchParams && !headers.has('Content-Type')) {
    headers.set('Content-Type', 'application/x-www-form-urlencoded');
  }
  const timeout = AbortSignal.timeout(init.timeoutMs ?? TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = request(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(headers),
      lookup,
      signal,
      // A connection of its own: a kept one may have been closed at the other end just now, and a POST of a one-use
      // code cannot be tried again.
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > BODY_BYTES) outgoing.destroy(new Error('the answer is larger than 1 MiB'));
        else chunks.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('end', () => {
        const status = incoming.statusCode ?? 502;
        const isBodyless = status === 204 || status === 304;
        const received = new Headers();
        for (const [name, values] of Object.entries(incoming.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        resolve(new Response(isBodyless ? null : Buffer.concat(chunks), { status, headers: received }));
      });
    });
    outgoing.end(body);
  });
};
