// SIP messages as text (RFC 3261 §7): parsed and written for the test phone. Only what it needs; it is no proxy.

export interface SipMessage {
  /** Request: method and URI. Response: status and reason. */
  readonly start:
    | { readonly kind: 'request'; readonly method: string; readonly uri: string }
    | { readonly kind: 'response'; readonly status: number; readonly reason: string };
  /** In order, names as written; compact forms are expanded. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** RFC 3261 §7.3.3. */
const COMPACT: Record<string, string> = {
  i: 'Call-ID',
  m: 'Contact',
  l: 'Content-Length',
  c: 'Content-Type',
  f: 'From',
  s: 'Subject',
  k: 'Supported',
  t: 'To',
  v: 'Via',
};

export function parseMessage(text: string): SipMessage | undefined {
  const split = text.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const [first = '', ...lines] = text
    .slice(0, split)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    return [COMPACT[name.toLowerCase()] ?? name, line.slice(colon + 1).trim()];
  });
  const body = text.slice(split + 4);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (response) {
    return {
      start: { kind: 'response', status: Number(response[1]), reason: response[2] ?? '' },
      headers,
      body,
    };
  }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first);
  if (!request) return undefined;
  return { start: { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '' }, headers, body };
}

export function writeMessage({ start, headers, body }: SipMessage): string {
  const first =
    start.kind === 'request'
      ? `${start.method} ${start.uri} SIP/2.0`
      : `SIP/2.0 ${start.status} ${start.reason}`;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [first, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

export function header(message: SipMessage, name: string): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

export function headersNamed(message: SipMessage, name: string): (readonly [string, string])[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase());
}

/** `<sip:a@b>;tag=c` → `c` */
export function tagOf(value: string | undefined): string | undefined {
  return /;\s*tag=([^;\s]+)/i.exec(value ?? '')?.[1];
}

/** The URI of a name-addr or addr-spec (RFC 3261 §20.10). */
export function uriOf(value: string | undefined): string | undefined {
  return /<([^>]+)>/.exec(value ?? '')?.[1] ?? /^\s*([^\s;]+)/.exec(value ?? '')?.[1];
}

/** Transaction id: the branch of the topmost Via (RFC 3261 §17.1.3). */
export function branchOf(message: SipMessage): string | undefined {
  return /;\s*branch=([^;\s]+)/i.exec(header(message, 'Via') ?? '')?.[1];
}

export function methodOf(message: SipMessage): string {
  if (message.start.kind === 'request') return message.start.method;
  return (header(message, 'CSeq') ?? '').split(/\s+/)[1] ?? '';
}
