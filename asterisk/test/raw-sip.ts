// A SIP client over WebSocket that says exactly what it is told to, for tests of what must be refused. It answers a
// digest challenge, acknowledges final answers of an INVITE, and knows nothing else.
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { answerChallenge } from '../../demo/src/softphone/digest.ts';

export interface RawSipOptions {
  readonly url: string;
  readonly origin?: string;
  readonly user: string;
  readonly ha1: string;
}

export interface RawRequest {
  readonly method: string;
  readonly uri: string;
  /** Default: the own address. */
  readonly from?: string;
  /** Default: the URI. */
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Without credentials, even where they are asked for. */
  readonly anonymous?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

export interface RawSip {
  /** The final answer; undefined where none came in time. */
  ask(request: RawRequest, timeoutMs?: number): Promise<RawAnswer | undefined>;
  /** Any text, as it is. */
  send(text: string): void;
  /** Everything that came. */
  readonly received: readonly string[];
  /** Close code. */
  readonly closed: Promise<number>;
  readonly isOpen: boolean;
  close(): void;
}

/** The HTTP status where the connection was refused. */
export async function openRawSip(options: RawSipOptions): Promise<RawSip> {
  const { user, ha1 } = options;
  const socket = new WebSocket(options.url, 'sip', options.origin ? { origin: options.origin } : {});
  const received: string[] = [];
  const waiting = new Map<string, (text: string) => void>();
  let challenge = '';
  socket.on('message', (data) => {
    const text = String(data);
    received.push(text);
    if (text.startsWith('SIP/2.0 ')) waiting.get(keyOf(text))?.(text);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const send = (text: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  };

  async function once(request: RawRequest & { cseq: number; callId: string }, timeoutMs: number) {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const text = write({ ...request, user, branch });
    const answer = await new Promise<RawAnswer | undefined>((resolve) => {
      const key = `${request.callId} ${request.cseq}`;
      const settle = (value: RawAnswer | undefined): void => {
        clearTimeout(timer);
        waiting.delete(key);
        resolve(value);
      };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      waiting.set(key, (heard) => {
        const status = Number(heard.slice(8, 11));
        if (status >= 200) settle({ status, text: heard });
      });
      send(text);
    });
    if (answer && request.method === 'INVITE') send(ackOf({ ...request, user, branch }, answer));
    return answer;
  }

  const authorization = ({ method, uri }: RawRequest): string =>
    `Authorization: ${answerChallenge(challenge, { user, ha1, method, uri })}`;

  return {
    async ask(request, timeoutMs = 8_000) {
      const callId = request.callId ?? randomBytes(8).toString('hex');
      const cseq = request.cseq ?? 1;
      const { headers = [], anonymous } = request;
      const known = challenge !== '' && !anonymous ? [authorization(request)] : [];
      const first = await once({ ...request, callId, cseq, headers: [...headers, ...known] }, timeoutMs);
      if (first?.status !== 401 || anonymous) return first;
      challenge = /WWW-Authenticate: *(.*)/i.exec(first.text)?.[1] ?? '';
      const proven = [...headers, authorization(request)];
      return once({ ...request, callId, cseq: cseq + 1, headers: proven }, timeoutMs);
    },
    send,
    received,
    closed: new Promise((resolve) => socket.on('close', resolve)),
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    close: () => socket.terminate(),
  };
}

type Written = RawRequest & { cseq: number; callId: string; user: string; branch: string };

function write(request: Written): string {
  const { method, uri, user, body = '', headers = [], callId, cseq, branch } = request;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WS raw.invalid;branch=${branch}`,
    'Max-Forwards: 70',
    `From: ${request.from ?? `<sip:${user}@ringtag>;tag=${user}`}`,
    `To: ${request.to ?? `<${uri}>`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:${user}@raw.invalid;transport=ws>`,
    ...headers,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** RFC 3261 §17.1.1.3 and §13.2.2.4; a refusal's goes by the INVITE's own branch. */
function ackOf(request: Written, { status, text }: RawAnswer): string {
  const to = /^To: *(.*)$/im.exec(text)?.[1];
  const branch = status < 300 ? `z9hG4bK${randomBytes(8).toString('hex')}` : request.branch;
  const { headers: _, body: __, ...kept } = request;
  return write({ ...kept, branch, method: 'ACK', ...(to === undefined ? {} : { to }) });
}

function keyOf(response: string): string {
  const callId = /^(?:Call-ID|i): *(.*)$/im.exec(response)?.[1] ?? '';
  const cseq = /^CSeq: *(\d+)/im.exec(response)?.[1] ?? '';
  return `${callId} ${cseq}`;
}

/** What a browser would offer; nobody is at its address. */
export const WEBRTC_OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=rtcp-mux',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:0 PCMU/8000',
  'a=sendrecv',
  '',
].join('\r\n');
