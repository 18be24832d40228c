// What stands before everything that is none of the public's: pages, files, sign-ins, employees' API and paths that are
// none. Whoever is signed in passes uncounted; who is not is counted by network, far above what employees behind one
// address need, and refused here for what a refusal of the public costs.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type AnyErrorCode, refuse } from '@ringtag/server/protocol';
import type { Client, Peer } from '../platform/client-address.ts';
import type { Errand, Knocks } from '../platform/knocks.ts';
import { peerOf, sendPreflight, sendRefused } from './admission-answer.ts';

export interface KnockOptions {
  readonly knocks: Knocks;
  readonly clientOf: (peer: Peer) => Client | undefined;
  /** Whether a page of the origin may ask there (CORS). */
  readonly mayAsk: (path: string, origin: string) => boolean;
  /** Told of each refusal. */
  readonly answered: (code: AnyErrorCode) => void;
  /** Whether the bearer is somebody's, there; asked only while a network knocks too often. */
  readonly isSignedIn: (bearer: string, origin: string | undefined) => Promise<boolean>;
}

export interface KnockDoor {
  /** What a server listens with: `inner` for all that is let through. */
  listener(inner: RequestListener): RequestListener;
  /** Counts a handshake of a socket; false where it is one too many. */
  allows(request: IncomingMessage): boolean;
  /** The request was somebody's who is signed in. */
  recognise(request: object): void;
}

const API = '/api/';
/** The widget, for pages of anybody's. */
const FILE = /^\/(?:ringtag[\w.-]*\.js|chunks\/|assets\/)/;
/** By which employees come to be known, and are let in again after a restart. */
const ENTRY = /^\/(?:admin|auth|devices|phone|socket\.io|api\/(?:sign-in|sessions))(?:[/?]|$)/;
/** Whoever watches over the process must not take a flood for its death. */
const ALIVE = '/healthz';
/** Questions that storage has to answer at the same time: made-up bearers must not become a flood of their own. */
const QUESTIONS = 16;

interface Counted {
  readonly network: string;
  readonly errand: Errand;
}

export function createKnockDoor(options: KnockOptions): KnockDoor {
  const { knocks, clientOf, mayAsk, answered, isSignedIn } = options;
  const counted = new WeakMap<object, Counted>();
  let questions = 0;

  /** The time to wait in milliseconds where it was one too many. */
  function take(request: IncomingMessage): number | undefined {
    const network = clientOf(peerOf(request))?.network;
    if (network === undefined) return undefined;
    const errand = errandOf(request.url ?? '');
    const retryAfterMs = knocks.take(network, errand);
    if (retryAfterMs === undefined) counted.set(request, { network, errand });
    return retryAfterMs;
  }

  async function isSomebody(request: IncomingMessage): Promise<boolean> {
    const { headers } = request;
    const bearer = /^Bearer ([\w-]{1,256})$/.exec(headers.authorization ?? '')?.[1];
    if (bearer === undefined || questions >= QUESTIONS) return false;
    questions += 1;
    try {
      const isKnown = await isSignedIn(bearer, headers.origin);
      const network = clientOf(peerOf(request))?.network;
      if (isKnown && network !== undefined) knocks.know(network);
      return isKnown;
    } catch {
      // Storage that is away refuses nobody: the route says so.
      return true;
    } finally {
      questions -= 1;
    }
  }

  function answerPreflight(request: IncomingMessage, response: ServerResponse, origin: string): void {
    if (mayAsk(request.url ?? '', origin)) sendPreflight(response, origin);
    else sendRefused(request, response, { refusal: refuse('ORIGIN_NOT_ALLOWED') });
  }

  function sendLimited(request: IncomingMessage, response: ServerResponse, retryAfterMs: number): void {
    answered('RATE_LIMITED');
    const { origin } = request.headers;
    const reader = origin !== undefined && mayAsk(request.url ?? '', origin) ? { reader: origin } : {};
    const refusal = refuse('RATE_LIMITED', { state: 'address', retryAfterMs });
    sendRefused(request, response, { refusal, ...reader });
  }

  return {
    listener: (inner) => (request, response) => {
      const { origin } = request.headers;
      // To answer is as cheap as to count.
      const isPreflight = request.method === 'OPTIONS' && origin !== undefined;
      if (isPreflight && request.url?.startsWith(API)) return answerPreflight(request, response, origin);
      const retryAfterMs = take(request);
      if (retryAfterMs === undefined) return inner(request, response);
      if (request.url === ALIVE) return response.end('ok');
      void isSomebody(request).then((isKnown) => {
        if (isKnown) inner(request, response);
        else sendLimited(request, response, retryAfterMs);
      });
      return undefined;
    },
    allows(request) {
      const isOne = take(request) === undefined;
      if (!isOne) answered('RATE_LIMITED');
      return isOne;
    },
    recognise(request) {
      const one = counted.get(request);
      counted.delete(request);
      if (one) knocks.forgive(one.network, one.errand);
    },
  };
}

function errandOf(url: string): Errand {
  if (FILE.test(url)) return 'file';
  return ENTRY.test(url) ? 'entry' : 'other';
}
