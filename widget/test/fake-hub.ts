// A hub that is none: answers the public routes as SPEC P says, on loopback, and tells a visitor what a test wants it
// to. What pages send is read with the schemas of the wire; what does not match is refused and kept in `faults`.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Challenge,
  type DestinationCard,
  ERROR_STATUS,
  LeaveRequest,
  PUBLIC_ERROR_STATUS,
  RatingRequest,
  TicketRequest,
  VisitEndRequest,
  VisitEvent,
  VisitMessageRequest,
  VisitRequest,
} from '@ringtag/server/protocol';
import { verifyWork } from './verify-work.ts';

type Code = keyof typeof ERROR_STATUS | keyof typeof PUBLIC_ERROR_STATUS;
interface Refused {
  readonly code: Code;
  readonly [more: string]: unknown;
}

export const ALL_OFFERS = { chat: true, message: true, voice: true, callback: true };

export function cardOf(change: Partial<DestinationCard> = {}): DestinationCard {
  return {
    id: 'sales',
    lang: 'en',
    label: 'Talk to sales',
    greeting: 'We help you choose.',
    state: 'open',
    waiting: 0,
    call: true,
    offers: ALL_OFFERS,
    ...change,
  };
}

export class FakeHub {
  card: DestinationCard = cardOf();
  /** By the last part of its path, what a route refuses with, once. */
  readonly refusals = new Map<string, Refused>();
  challenge: Challenge | null = null;
  /** Whether the page's origin is one of the destination's: browsers keep answers from those that are not. */
  lists = true;
  readonly heard: { readonly route: string; readonly body: unknown }[] = [];
  readonly faults: string[] = [];
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;
  #messages: { id: string; from: 'visitor' | 'agent'; text: string; agoMs: number; name?: string }[] = [];
  #state: VisitEvent[] = [];
  url = '';
  /** Where the files of the tag are, which it hands on as a hub does. */
  files = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What visitors asked of a route, newest last. */
  asked(route: string): unknown[] {
    return this.heard.filter((one) => one.route === route).map(({ body }) => body);
  }

  /** Tells whoever listens. */
  send(event: VisitEvent): void {
    VisitEvent.parse(event);
    this.#state.push(event);
    if (event.type === 'message') this.#messages.push(event.message as never);
    for (const stream of this.#streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  get listeners(): number {
    return this.#streams.size;
  }

  /** Cuts all streams. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  ready(): VisitEvent {
    return {
      type: 'ready',
      account: {
        endpoint: 'g-1',
        realm: 'ringtag',
        ha1: '0'.repeat(32),
        gateUrl: `${this.url.replace('http', 'ws')}/sip?token=t`,
        dial: 'visit',
        iceServers: [],
      },
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (this.lists || !pathname.startsWith('/api/'))
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    response.setHeader('access-control-expose-headers', 'retry-after');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const route = pathname.split('/').at(-1) ?? '';
    if (pathname.startsWith('/api/public/destinations/'))
      return void this.#reply(response, 200, this.card, 'card');
    if (route === 'events') return void this.#stream(response);
    if (!pathname.startsWith('/api/')) return this.#file(pathname, response);
    const sent = await bodyOf(request);
    const voice = { type: request.headers['content-type'], bytes: sent.length };
    const body = route === 'voice' ? voice : JSON.parse(sent.toString() || '{}');
    this.heard.push({ route, body });
    try {
      this.#reply(response, 201, this.#route(route, body), route);
    } catch (error) {
      this.faults.push(`${route}: ${error}`);
      this.#refuse(response, { code: 'INVALID_INPUT' });
    }
  }

  /** What it answers with, after reading what was sent. */
  #route(route: string, body: unknown): unknown {
    switch (route) {
      case 'tickets': {
        const { proof } = TicketRequest.parse(body);
        if (this.challenge && !verifyWork(this.challenge, proof)) {
          this.refusals.set(route, { code: 'CHALLENGE_REQUIRED', challenge: this.challenge });
        }
        return { ticket: 'ticket-ticket-ticket', validForMs: 90_000 };
      }
      case 'visits':
        VisitRequest.parse(body);
        return { visitId: 'v-1', key: 'key-key-key-key-key' };
      case 'messages': {
        const { id, text } = VisitMessageRequest.parse(body);
        const message = { id, from: 'visitor', text, agoMs: 0 } as const;
        if (!this.refusals.has(route)) this.send({ type: 'message', message });
        return {};
      }
      case 'end':
        return VisitEndRequest.parse(body);
      case 'left':
        LeaveRequest.parse(body);
        return { leftId: 'l-1' };
      case 'rating':
        return RatingRequest.parse(body);
      default:
        return {};
    }
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const file = await fetch(this.files + pathname);
    response.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await file.arrayBuffer()));
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const snapshot: VisitEvent = {
      type: 'snapshot',
      state: this.#stateName(),
      intent: 'call',
      messages: this.#messages,
      offers: this.card.offers,
      destination: { id: this.card.id, name: this.card.label },
    };
    response.write(`data: ${JSON.stringify(snapshot)}\n\n`);
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #stateName() {
    const types = ['waiting', 'ready', 'ringing', 'talking', 'ended'] as const;
    const intent = (this.asked('tickets').at(-1) as { intent?: string } | undefined)?.intent;
    const known = this.#state
      .map(({ type }) => types.find((state) => state === type))
      .filter((state) => state !== undefined);
    return known.at(-1) ?? (intent === 'chat' ? 'open' : 'waiting');
  }

  #reply(response: ServerResponse, status: number, body: unknown, route: string): void {
    const refused = this.refusals.get(route);
    this.refusals.delete(route);
    if (refused) this.#refuse(response, refused);
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #refuse(response: ServerResponse, { retryAfterS, ...problem }: Refused): void {
    const status = { ...ERROR_STATUS, ...PUBLIC_ERROR_STATUS }[problem.code];
    if (retryAfterS !== undefined) response.setHeader('retry-after', String(retryAfterS));
    const body = { type: 'about:blank', title: problem.code, status, ...problem };
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
