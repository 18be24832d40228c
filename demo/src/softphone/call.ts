// One call of the test phone, in or out. It answers what is asked inside its dialog and reports what happens.
import { randomBytes } from 'node:crypto';
import { type Dialog, dialogOfCallee, dialogOfCaller, inDialog, responseTo } from './dialog.ts';
import type { Media } from './media.ts';
import { header, methodOf, type SipMessage, tagOf } from './message.ts';
import { answerDirection, type LocalDescription, readSdp, writeSdp } from './sdp.ts';
import type { Tone } from './tone.ts';
import type { Transport } from './transactions.ts';

/** How a call ended. */
export interface CallEnd {
  /** `local`: hung up, cancelled or declined here. */
  readonly by: 'local' | 'remote';
  /** Final status where the call was never answered; 487 for a cancelled one. */
  readonly status?: number;
  /** The `Reason` header (RFC 3326) that came with the end. */
  readonly reason?: string;
}

export interface SoftphoneCall {
  readonly direction: 'in' | 'out';
  readonly callId: string;
  /** Incoming: `From` as received. Outgoing: what was dialled. */
  readonly peer: string;
  readonly state: 'ringing' | 'active' | 'ended';
  /** Last provisional status heard or sent. */
  readonly progress: number;
  /** Headers of the INVITE that arrived; empty for outgoing calls. */
  readonly headers: SipMessage['headers'];
  /** Settles with true when answered, false when it ended before. */
  readonly answered: Promise<boolean>;
  readonly ended: Promise<CallEnd>;
  readonly media: Media;
  /** Digits heard (RFC 4733). */
  readonly digits: string;
  /** Incoming and ringing only. */
  answer(): void;
  decline(status?: number): void;
  /** BYE, CANCEL or 603, whichever fits. */
  hangUp(): void;
  /** Re-INVITE with `sendonly` (or back); settles with the status. */
  setHeld(held: boolean): Promise<number>;
  heard(forMs?: number): Tone;
  sendDigits(digits: string): Promise<void>;
}

export interface CallContext {
  readonly transport: Transport;
  readonly media: Media;
  readonly contact: string;
  readonly onState: (call: SoftphoneCall, what: 'ringing' | 'answered' | 'ended') => void;
}

/** How often a 200 is repeated until the ACK comes (RFC 3261 §13.3.1.4). */
const SUCCESS_REPEAT_MS = 500;

/** What incoming and outgoing calls share; the phone feeds it the requests of its dialog. */
export abstract class Call implements SoftphoneCall {
  abstract readonly direction: 'in' | 'out';
  abstract readonly peer: string;
  readonly callId: string;
  readonly answered: Promise<boolean>;
  readonly ended: Promise<CallEnd>;
  readonly media: Media;
  state: 'ringing' | 'active' | 'ended' = 'ringing';
  progress = 100;
  digits = '';
  headers: SipMessage['headers'] = [];
  protected readonly context: CallContext;
  protected dialog: Dialog | undefined;
  #version = 1;
  #settleAnswered: (value: boolean) => void = () => {};
  #settleEnded: (value: CallEnd) => void = () => {};

  constructor(callId: string, context: CallContext) {
    this.callId = callId;
    this.context = context;
    this.media = context.media;
    this.answered = new Promise((resolve) => {
      this.#settleAnswered = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve;
    });
  }

  abstract answer(): void;
  abstract hangUp(): void;
  abstract decline(status?: number): void;

  /** A request with this call's Call-ID, other than the INVITE that made it. */
  handleRequest(request: SipMessage): void {
    switch (methodOf(request)) {
      case 'ACK':
        this.acknowledged(request);
        return;
      case 'BYE':
        this.respond(request, 200);
        this.finish({ by: 'remote', ...reasonOf(request) });
        return;
      case 'INVITE':
      case 'UPDATE':
        this.#renegotiate(request);
        return;
      default:
        this.respond(request, methodOf(request) === 'INFO' ? 200 : 405);
        return;
    }
  }

  heard(forMs?: number): Tone {
    return this.media.heard(forMs);
  }

  sendDigits(digits: string): Promise<void> {
    return this.media.sendDigits(digits);
  }

  async setHeld(held: boolean): Promise<number> {
    const { dialog } = this;
    if (!dialog || this.state !== 'active') throw new Error('There is no active call to hold');
    const invite = inDialog(dialog, 'INVITE', {
      headers: [['Contact', this.context.contact], SDP_TYPE],
      body: this.describe(held ? 'sendonly' : 'sendrecv'),
    });
    const status = await new Promise<number>((resolve) => {
      const { branch } = this.context.transport.request(invite, (response) => {
        if (response === 'timeout') return resolve(408);
        const answer = statusOf(response);
        if (answer < 200) return;
        this.acknowledge(response, answer < 300 ? undefined : branch);
        resolve(answer);
      });
    });
    // Who holds sends nothing: silence, not the tone, is what the other side should hear.
    if (status < 300) this.media.setSending(!held);
    return status;
  }

  /** ACK; for a refusal with the INVITE's own branch (RFC 3261 §17.1.1.3). */
  protected acknowledge(response: SipMessage, branch?: string): void {
    const cseq = Number.parseInt(header(response, 'CSeq') ?? '1', 10);
    if (this.dialog) this.context.transport.send(inDialog(this.dialog, 'ACK', { cseq }), branch);
  }

  /** A 200 that came again because our ACK was lost. */
  repeatedSuccess(response: SipMessage): void {
    this.acknowledge(response);
  }

  protected acknowledged(_: SipMessage): void {}

  protected respond(request: SipMessage, status: number, reason = ''): void {
    this.context.transport.respond(request, responseTo(request, { status, reason }));
  }

  protected describe(direction: LocalDescription['direction']): string {
    const description = {
      host: this.context.transport.host,
      port: this.media.port,
      version: this.#version,
      direction,
    };
    this.#version += 1;
    return writeSdp(description);
  }

  /** Media as the other side described it; false where we share no codec. */
  protected listenTo(sdp: string): boolean {
    const remote = readSdp(sdp);
    if (!remote) return false;
    this.media.start(remote);
    this.media.setSending(remote.direction === 'sendrecv' || remote.direction === 'recvonly');
    return true;
  }

  protected ring(status: number): void {
    this.progress = status;
    this.context.onState(this, 'ringing');
  }

  protected begin(): void {
    if (this.state !== 'ringing') return;
    this.state = 'active';
    this.#settleAnswered(true);
    this.context.onState(this, 'answered');
  }

  protected finish(end: CallEnd): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.media.close();
    this.#settleAnswered(false);
    this.#settleEnded(end);
    this.context.onState(this, 'ended');
  }

  protected bye(): void {
    if (this.dialog) this.context.transport.request(inDialog(this.dialog, 'BYE'), () => {});
    this.finish({ by: 'local' });
  }

  #renegotiate(request: SipMessage): void {
    const offered = readSdp(request.body);
    if (!offered) {
      this.respond(request, request.body === '' ? 200 : 488);
      return;
    }
    this.listenTo(request.body);
    const response = responseTo(request, {
      status: 200,
      reason: 'OK',
      headers: [['Contact', this.context.contact], SDP_TYPE],
      body: this.describe(answerDirection(offered.direction)),
    });
    this.context.transport.respond(request, response);
  }
}

const SDP_TYPE = ['Content-Type', 'application/sdp'] as const;

export function statusOf(response: SipMessage): number {
  return response.start.kind === 'response' ? response.start.status : 0;
}

function reasonOf(message: SipMessage): { reason?: string } {
  const reason = message.headers
    .filter(([name]) => name.toLowerCase() === 'reason')
    .map(([, value]) => value);
  return reason.length === 0 ? {} : { reason: reason.join(', ') };
}

/** A call that came in: rings at once, answers when told to. */
export class IncomingCall extends Call {
  readonly direction = 'in';
  readonly peer: string;
  readonly #invite: SipMessage;
  readonly #tag = randomBytes(5).toString('hex');
  #repeating: NodeJS.Timeout | undefined;

  constructor(invite: SipMessage, context: CallContext) {
    super(header(invite, 'Call-ID') ?? '', context);
    this.#invite = invite;
    this.peer = header(invite, 'From') ?? '';
    this.headers = invite.headers;
    this.dialog = dialogOfCallee(invite, this.#tag);
    this.#answerInvite(180, 'Ringing');
    this.ring(180);
  }

  answer(): void {
    if (this.state !== 'ringing') return;
    if (!this.listenTo(this.#invite.body)) {
      this.decline(488);
      return;
    }
    const body = this.describe(answerDirection(readSdp(this.#invite.body)?.direction ?? 'sendrecv'));
    this.#answerInvite(200, 'OK', body);
    this.#repeating = setInterval(() => this.#answerInvite(200, 'OK', body), SUCCESS_REPEAT_MS);
    this.begin();
  }

  decline(status = 603): void {
    if (this.state !== 'ringing') return;
    this.#answerInvite(status, status === 486 ? 'Busy Here' : 'Decline');
    this.finish({ by: 'local', status });
  }

  hangUp(): void {
    clearInterval(this.#repeating);
    if (this.state === 'ringing') this.decline();
    else if (this.state === 'active') this.bye();
  }

  /** CANCEL: 200 for itself, 487 for the INVITE (RFC 3261 §9.2). */
  cancelled(cancel: SipMessage): void {
    this.respond(cancel, 200, 'OK');
    if (this.state !== 'ringing') return;
    this.#answerInvite(487, 'Request Terminated');
    this.finish({ by: 'remote', status: 487, ...reasonOf(cancel) });
  }

  protected override acknowledged(): void {
    clearInterval(this.#repeating);
  }

  protected override finish(end: CallEnd): void {
    clearInterval(this.#repeating);
    super.finish(end);
  }

  #answerInvite(status: number, reason: string, body = ''): void {
    const headers: SipMessage['headers'] = [
      ['Contact', this.context.contact],
      ['Allow', 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE'],
      ...(body === '' ? [] : [SDP_TYPE]),
    ];
    const response = responseTo(this.#invite, { status, reason, tag: this.#tag, headers, body });
    this.context.transport.respond(this.#invite, response);
  }
}

/** A call going out. The phone sends its INVITE and answers challenges; this reacts to the responses. */
export class OutgoingCall extends Call {
  readonly direction = 'out';
  readonly peer: string;
  #invite: SipMessage | undefined;
  #branch = '';
  #cancelling = false;

  constructor(options: { readonly callId: string; readonly dialled: string }, context: CallContext) {
    super(options.callId, context);
    this.peer = options.dialled;
  }

  answer(): void {}

  decline(): void {
    this.hangUp();
  }

  /** The first offer. */
  offer(): string {
    return this.describe('sendrecv');
  }

  sent(invite: SipMessage, branch: string): void {
    this.#invite = invite;
    this.#branch = branch;
  }

  handleResponse(response: SipMessage): void {
    const invite = this.#invite;
    if (!invite) return;
    const status = statusOf(response);
    if (tagOf(header(response, 'To')) !== undefined) this.dialog = dialogOfCaller(invite, response);
    if (status < 200) {
      this.#progressed(status, response);
      return;
    }
    this.acknowledge(response, status < 300 ? undefined : this.#branch);
    if (status >= 300) {
      this.finish({ by: this.#cancelling ? 'local' : 'remote', status, ...reasonOf(response) });
      return;
    }
    this.listenTo(response.body);
    this.begin();
    // Answered while we were cancelling: the call exists, so it is ended (RFC 3261 §9.1).
    if (this.#cancelling) this.bye();
  }

  timedOut(): void {
    this.finish({ by: 'remote', status: 408 });
  }

  hangUp(): void {
    if (this.state === 'active') {
      this.bye();
      return;
    }
    if (this.state === 'ended' || this.#cancelling) return;
    this.#cancelling = true;
    if (this.progress > 100) this.#cancel();
  }

  /** Only after a provisional answer may a CANCEL be sent (RFC 3261 §9.1). */
  #progressed(status: number, response: SipMessage): void {
    if (this.#cancelling) {
      this.#cancel();
      return;
    }
    if (response.body !== '') this.listenTo(response.body);
    if (status > 100) this.ring(status);
  }

  #cancel(): void {
    const invite = this.#invite;
    if (invite?.start.kind !== 'request') return;
    const headers = invite.headers.filter(([name]) => /^(from|to|call-id|max-forwards|route)$/i.test(name));
    const cseq = Number.parseInt(header(invite, 'CSeq') ?? '1', 10);
    const cancel: SipMessage = {
      start: { kind: 'request', method: 'CANCEL', uri: invite.start.uri },
      headers: [...headers, ['CSeq', `${cseq} CANCEL`]],
      body: '',
    };
    this.context.transport.send(cancel, this.#branch);
  }
}
