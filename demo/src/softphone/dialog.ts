// A SIP dialog as its identifiers and the requests made within it (RFC 3261 §12).
import { header, headersNamed, type SipMessage, tagOf, uriOf } from './message.ts';

export interface Dialog {
  readonly callId: string;
  /** Whole header values, tags included. */
  readonly local: string;
  readonly remote: string;
  /** Where requests go: the other side's Contact. */
  readonly target: string;
  readonly routes: readonly string[];
  cseq: number;
}

/** As the caller sees it, from a response with a To tag (RFC 3261 §12.1.2). */
export function dialogOfCaller(invite: SipMessage, response: SipMessage): Dialog {
  return {
    callId: header(invite, 'Call-ID') ?? '',
    local: header(invite, 'From') ?? '',
    remote: header(response, 'To') ?? '',
    target: uriOf(header(response, 'Contact')) ?? '',
    routes: headersNamed(response, 'Record-Route')
      .map(([, value]) => value)
      .reverse(),
    cseq: Number.parseInt(header(invite, 'CSeq') ?? '1', 10),
  };
}

/** As the callee sees it (RFC 3261 §12.1.1). */
export function dialogOfCallee(invite: SipMessage, localTag: string): Dialog {
  return {
    callId: header(invite, 'Call-ID') ?? '',
    local: `${header(invite, 'To') ?? ''};tag=${localTag}`,
    remote: header(invite, 'From') ?? '',
    target: uriOf(header(invite, 'Contact')) ?? '',
    routes: headersNamed(invite, 'Record-Route').map(([, value]) => value),
    cseq: 0,
  };
}

/** A request within the dialog; ACK repeats the number of its INVITE (RFC 3261 §13.2.2.4). */
export function inDialog(
  dialog: Dialog,
  method: string,
  extra: { readonly headers?: SipMessage['headers']; readonly body?: string; readonly cseq?: number } = {},
): SipMessage {
  if (extra.cseq === undefined) dialog.cseq += 1;
  return {
    start: { kind: 'request', method, uri: dialog.target },
    headers: [
      ['Max-Forwards', '70'],
      ...dialog.routes.map((route) => ['Route', route] as const),
      ['From', dialog.local],
      ['To', dialog.remote],
      ['Call-ID', dialog.callId],
      ['CSeq', `${extra.cseq ?? dialog.cseq} ${method}`],
      ...(extra.headers ?? []),
    ],
    body: extra.body ?? '',
  };
}

/** A response with the headers that every response repeats (RFC 3261 §8.2.6.2); Via is the transport's. */
export function responseTo(
  request: SipMessage,
  { status, reason, tag, headers = [], body = '' }: ResponseParts,
): SipMessage {
  const to = header(request, 'To') ?? '';
  return {
    start: { kind: 'response', status, reason },
    headers: [
      ...headersNamed(request, 'Record-Route'),
      ['From', header(request, 'From') ?? ''],
      ['To', tag === undefined || tagOf(to) !== undefined ? to : `${to};tag=${tag}`],
      ['Call-ID', header(request, 'Call-ID') ?? ''],
      ['CSeq', header(request, 'CSeq') ?? ''],
      ...headers,
    ],
    body,
  };
}

export interface ResponseParts {
  readonly status: number;
  readonly reason: string;
  readonly tag?: string;
  readonly headers?: SipMessage['headers'];
  readonly body?: string;
}
