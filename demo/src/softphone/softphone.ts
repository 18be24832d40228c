// A scripted SIP phone for tests and the demo: registers over UDP, calls and is called, plays a tone and measures
// what it hears. It is a test phone, written from the RFCs; it keeps no state and offers no TLS.
import { randomBytes } from 'node:crypto';
import { type Call, type CallEnd, IncomingCall, OutgoingCall, type SoftphoneCall, statusOf } from './call.ts';
import { responseTo } from './dialog.ts';
import { answerChallenge } from './digest.ts';
import { openMedia } from './media.ts';
import { header, methodOf, type SipMessage } from './message.ts';
import { readSdp } from './sdp.ts';
import { openTransport, type Transport } from './transactions.ts';

export type SoftphoneEvent =
  | { readonly kind: 'registration'; readonly status: number }
  | { readonly kind: 'incoming' | 'ringing' | 'answered'; readonly call: SoftphoneCall }
  | { readonly kind: 'ended'; readonly call: SoftphoneCall; readonly end: CallEnd }
  | { readonly kind: 'digit'; readonly call: SoftphoneCall | undefined; readonly digit: string };

export interface SoftphoneOptions {
  readonly server: { readonly host: string; readonly port: number };
  readonly user: string;
  readonly password: string;
  /** Address of this phone; default 127.0.0.1. */
  readonly host?: string;
  /** What it plays in calls; default 440. */
  readonly toneHz?: number;
  /** Answers incoming calls by itself after this long; default: never. */
  readonly answerAfterMs?: number;
  readonly onEvent?: (event: SoftphoneEvent) => void;
}

export interface Softphone {
  /** Final status: 200, or 401 when the password is refused, 408 for silence. Renewed at half time after a 200. */
  register(expiresS?: number): Promise<number>;
  unregister(): Promise<number>;
  /** Dials; the promise settles when the INVITE is on its way. */
  call(dialled: string, headers?: SipMessage['headers']): Promise<SoftphoneCall>;
  /** Settles with the next incoming call (or one that rings already); rejects after `timeoutMs`. */
  nextCall(timeoutMs?: number): Promise<SoftphoneCall>;
  readonly calls: readonly SoftphoneCall[];
  /** Hangs up, unregisters, closes the sockets. */
  close(): Promise<void>;
}

const REGISTER_EXPIRES_S = 120;
const DEFAULT_TONE_HZ = 440;

export async function createSoftphone(options: SoftphoneOptions): Promise<Softphone> {
  const phone = new Phone(options);
  await phone.open();
  return phone;
}

class Phone implements Softphone {
  readonly #options: SoftphoneOptions;
  readonly #calls = new Map<string, Call>();
  readonly #waiting = new Set<(call: SoftphoneCall) => void>();
  readonly #registrationId = randomBytes(8).toString('hex');
  readonly #tag = randomBytes(5).toString('hex');
  #transport: Transport | undefined;
  #registerCseq = 0;
  #registered = false;
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: SoftphoneOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#transport = await openTransport({
      host: this.#options.host ?? '127.0.0.1',
      server: this.#options.server,
      onRequest: (request) => void this.#handleRequest(request),
      onRepeatedSuccess: (response) => this.#callOf(response)?.repeatedSuccess(response),
    });
  }

  get calls(): readonly SoftphoneCall[] {
    return [...this.#calls.values()];
  }

  async register(expiresS = REGISTER_EXPIRES_S): Promise<number> {
    clearTimeout(this.#renewal);
    const response = await this.#authenticated((authorization) =>
      this.#registerRequest(expiresS, authorization),
    );
    const status = response === 'timeout' ? 408 : statusOf(response);
    this.#registered = status === 200 && expiresS > 0;
    if (this.#registered)
      this.#renewal = setTimeout(() => void this.register(expiresS), (expiresS * 1_000) / 2);
    this.#emit({ kind: 'registration', status });
    return status;
  }

  unregister(): Promise<number> {
    return this.register(0);
  }

  async call(dialled: string, headers: SipMessage['headers'] = []): Promise<SoftphoneCall> {
    const call = new OutgoingCall(
      { callId: randomBytes(8).toString('hex'), dialled },
      await this.#contextOfCall(),
    );
    this.#calls.set(call.callId, call);
    this.#invite(call, { headers, body: call.offer(), cseq: 1 });
    return call;
  }

  nextCall(timeoutMs = 10_000): Promise<SoftphoneCall> {
    const ringing = this.calls.find((call) => call.direction === 'in' && call.state === 'ringing');
    if (ringing) return Promise.resolve(ringing);
    return new Promise((resolve, reject) => {
      const hear = (call: SoftphoneCall): void => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(call);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(hear);
        reject(new Error(`No call came to ${this.#options.user} within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.add(hear);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#renewal);
    for (const call of this.#calls.values()) call.hangUp();
    if (this.#registered)
      await Promise.race([this.unregister(), new Promise((done) => setTimeout(done, 500))]);
    clearTimeout(this.#renewal);
    this.#transport?.close();
    this.#transport = undefined;
  }

  #emit(event: SoftphoneEvent): void {
    this.#options.onEvent?.(event);
  }

  #open(): Transport {
    if (!this.#transport) throw new Error('This phone is closed');
    return this.#transport;
  }

  #contact(): string {
    const { host, port } = this.#open();
    return `<sip:${this.#options.user}@${host}:${port}>`;
  }

  #uri(user?: string): string {
    const { host, port } = this.#options.server;
    return user === undefined ? `sip:${host}:${port}` : `sip:${user}@${host}:${port}`;
  }

  #registerRequest(expiresS: number, authorization: readonly (readonly [string, string])[]): SipMessage {
    this.#registerCseq += 1;
    const own = `<${this.#uri(this.#options.user)}>`;
    return {
      start: { kind: 'request', method: 'REGISTER', uri: this.#uri() },
      headers: [
        ['Max-Forwards', '70'],
        ['From', `${own};tag=${this.#tag}`],
        ['To', own],
        ['Call-ID', this.#registrationId],
        ['CSeq', `${this.#registerCseq} REGISTER`],
        ['Contact', this.#contact()],
        ['Expires', String(expiresS)],
        ...authorization,
      ],
      body: '',
    };
  }

  /** Sends, and once more with credentials if challenged (RFC 3261 §22.2). */
  async #authenticated(
    make: (authorization: readonly (readonly [string, string])[]) => SipMessage,
  ): Promise<SipMessage | 'timeout'> {
    const first = await this.#final(make([]));
    const authorization =
      first === 'timeout' ? undefined : this.#authorization(first, 'REGISTER', this.#uri());
    return authorization ? this.#final(make([authorization])) : first;
  }

  #final(request: SipMessage): Promise<SipMessage | 'timeout'> {
    return new Promise((resolve) => {
      this.#open().request(request, (response) => {
        if (response === 'timeout' || statusOf(response) >= 200) resolve(response);
      });
    });
  }

  #authorization(response: SipMessage, method: string, uri: string): readonly [string, string] | undefined {
    const { user, password } = this.#options;
    const status = statusOf(response);
    if (status !== 401 && status !== 407) return undefined;
    const challenge = header(response, status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate');
    if (challenge === undefined) return undefined;
    const name = status === 401 ? 'Authorization' : 'Proxy-Authorization';
    return [name, answerChallenge(challenge, { user, password, method, uri })];
  }

  #invite(call: OutgoingCall, { headers, body, cseq }: InviteParts): void {
    const uri = this.#uri(call.peer);
    const invite: SipMessage = {
      start: { kind: 'request', method: 'INVITE', uri },
      headers: [
        ['Max-Forwards', '70'],
        ['From', `<${this.#uri(this.#options.user)}>;tag=${this.#tag}`],
        ['To', `<${uri}>`],
        ['Call-ID', call.callId],
        ['CSeq', `${cseq} INVITE`],
        ['Contact', this.#contact()],
        ['Allow', 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE'],
        ['Content-Type', 'application/sdp'],
        ...headers,
      ],
      body,
    };
    const { branch } = this.#open().request(invite, (response) => {
      if (response === 'timeout') return call.timedOut();
      const authorization = cseq === 1 ? this.#authorization(response, 'INVITE', uri) : undefined;
      if (!authorization) return call.handleResponse(response);
      this.#open().send(ackOfRefusal(invite, response), branch);
      return this.#invite(call, { headers: [...headers, authorization], body, cseq: cseq + 1 });
    });
    call.sent(invite, branch);
  }

  #callOf(message: SipMessage): Call | undefined {
    return this.#calls.get(header(message, 'Call-ID') ?? '');
  }

  async #handleRequest(request: SipMessage): Promise<void> {
    const method = methodOf(request);
    const call = this.#callOf(request);
    if (call) {
      if (method === 'CANCEL' && call instanceof IncomingCall) call.cancelled(request);
      else call.handleRequest(request);
    } else if (method === 'INVITE') await this.#ring(request);
    else if (method === 'OPTIONS' || method === 'NOTIFY') this.#respond(request, 200, 'OK');
    else if (method !== 'ACK') this.#respond(request, 481, 'Call/Transaction Does Not Exist');
  }

  #respond(request: SipMessage, status: number, reason: string): void {
    this.#transport?.respond(request, responseTo(request, { status, reason, tag: this.#tag }));
  }

  async #ring(invite: SipMessage): Promise<void> {
    if (!readSdp(invite.body)) return this.#respond(invite, 488, 'Not Acceptable Here');
    const context = await this.#contextOfCall();
    const call = new IncomingCall(invite, context);
    this.#calls.set(call.callId, call);
    this.#emit({ kind: 'incoming', call });
    for (const hear of [...this.#waiting]) hear(call);
    if (this.#options.answerAfterMs !== undefined)
      setTimeout(() => call.answer(), this.#options.answerAfterMs);
  }

  async #contextOfCall() {
    const transport = this.#open();
    let owner: Call | undefined;
    const media = await openMedia({
      host: transport.host,
      toneHz: this.#options.toneHz ?? DEFAULT_TONE_HZ,
      onDigit: (digit) => {
        if (owner) owner.digits += digit;
        this.#emit({ kind: 'digit', call: owner, digit });
      },
    });
    return {
      transport,
      media,
      contact: this.#contact(),
      onState: (call: SoftphoneCall, what: 'ringing' | 'answered' | 'ended') => {
        owner = call as Call;
        if (what !== 'ended') return this.#emit({ kind: what, call });
        this.#calls.delete(call.callId);
        void call.ended.then((end) => this.#emit({ kind: 'ended', call, end }));
      },
    };
  }
}

interface InviteParts {
  readonly headers: SipMessage['headers'];
  readonly body: string;
  readonly cseq: number;
}

/** ACK of a challenge: the INVITE's own headers, the To of the response (RFC 3261 §17.1.1.3). */
function ackOfRefusal(invite: SipMessage, response: SipMessage): SipMessage {
  const cseq = Number.parseInt(header(invite, 'CSeq') ?? '1', 10);
  const kept = invite.headers.filter(([name]) => /^(max-forwards|from|call-id|route)$/i.test(name));
  return {
    start: { kind: 'request', method: 'ACK', uri: invite.start.kind === 'request' ? invite.start.uri : '' },
    headers: [...kept, ['To', header(response, 'To') ?? ''], ['CSeq', `${cseq} ACK`]],
    body: '',
  };
}
