// What a visitor's browser may say through the gate: one whole SIP message a frame, of a few methods, with well-known
// headers, from its own address, and in its session descriptions no address of the operator's network. Asterisk refuses
// most of the rest itself, but takes a call over for whoever knows its dialog (RFC 3891), and works hard at rubbish.

import { withoutForeignAddresses } from './guest-sdp.ts';
import type { FrameCheck, FrameVerdict } from './pipe.ts';

/** All that a call needs (RFC 3261, 3262, 3311, 6086). */
const METHODS = new Set(['INVITE', 'ACK', 'BYE', 'CANCEL', 'INFO', 'PRACK', 'UPDATE']);

/** What JsSIP and answers of browsers carry; above all no `Replaces`, `Refer-To`, `Join`. */
const HEADERS = new Set(
  `accept accept-encoding accept-language alert-info allow allow-events authorization call-id contact content-disposition
   content-length content-type cseq date expires from max-forwards min-se proxy-authorization rack
   reason record-route require retry-after route rseq server session-expires supported timestamp to unsupported
   user-agent via warning www-authenticate
   c f i k l m t v x`.split(/\s+/),
);

/** What is in the body of a message of a call: descriptions, and digits of the keypad. No parts of parts. */
const SESSION = 'application/sdp';
const BODIES = new Set([SESSION, 'application/dtmf-relay', 'application/dtmf']);

const HEAD_BYTES = 8 * 1024;
const HEAD_LINES = 60;
/** A frame of these alone keeps a connection alive (RFC 7118 §6, RFC 5626 §3.5.1). */
const KEEP_ALIVE = /^(?:\r\n){1,2}$/;
/** Control characters but the tab. */
const CONTROL = /[^\P{Cc}\t]/u;

const LENGTHS = new Set(['content-length', 'l']);
/** What an answer repeats, in long and short. */
const ECHOED = new Set(['via', 'v', 'from', 'f', 'to', 't', 'call-id', 'i', 'cseq']);

/** Far more than a call with a fast finger on the keypad. */
const FRAMES = 200;
const FRAMES_IN_MS = 10_000;

/** Who speaks on a connection. */
export interface Guest {
  readonly endpoint: string;
  /** Its true addresses, where the gate knows any; first the one that it connects from. */
  readonly addresses: readonly string[];
}

export interface FrameCheckOptions extends Guest {
  readonly now: () => number;
  readonly onBarred: (reason: string) => void;
}

/** For one connection: what becomes of its next frame. */
export function createFrameCheck({ now, onBarred, ...guest }: FrameCheckOptions): FrameCheck {
  let count = 0;
  let sinceMs = now();
  return (frame) => {
    if (now() - sinceMs >= FRAMES_IN_MS) [count, sinceMs] = [0, now()];
    count += 1;
    const reason = count > FRAMES ? 'too many messages' : refusalOfGuestFrame(frame, guest.endpoint);
    const verdict: FrameVerdict = reason === undefined ? readSession(frame, guest) : { kind: 'bar' };
    if (verdict.kind === 'bar') onBarred(reason ?? 'no session description');
    return verdict;
  };
}

/** Why the frame may not pass; undefined where it may. */
export function refusalOfGuestFrame(frame: string, endpoint: string): string | undefined {
  if (KEEP_ALIVE.test(frame)) return undefined;
  const end = frame.indexOf('\r\n\r\n');
  if (end < 0 || end > HEAD_BYTES) return 'no whole head of a usual size';
  const [start = '', ...lines] = frame.slice(0, end).split('\r\n');
  if (lines.length > HEAD_LINES) return 'too many headers';
  // Bare line breaks and folded lines are read differently by different readers.
  if ([start, ...lines].some((line) => CONTROL.test(line) || /^[ \t]/.test(line))) return 'broken lines';
  const headers = lines.map(readHeader);
  if (headers.some(({ name }) => !HEADERS.has(name) && !name.startsWith('x-'))) return 'a foreign header';
  const body = frame.slice(end + 4);
  return (
    refusalOfStart(start) ??
    refusalOfLength(headers, body) ??
    refusalOfBody(headers, body) ??
    refusalOfSender(start, headers, endpoint)
  );
}

/** A session description passes with the addresses that a visitor may name; one that is none is answered with 488. */
function readSession(frame: string, { addresses }: Guest): FrameVerdict {
  const end = frame.indexOf('\r\n\r\n');
  const body = frame.slice(end + 4);
  const [start = '', ...lines] = frame.slice(0, end).split('\r\n');
  const headers = lines.map(readHeader);
  if (body === '' || bodyOf(headers) !== SESSION) return { kind: 'pass', frame };
  const session = withoutForeignAddresses(body, addresses);
  if (session !== undefined) {
    const length = `Content-Length: ${Buffer.byteLength(session)}`;
    const head = lines.map((line, index) => (LENGTHS.has(headers[index]?.name ?? '') ? length : line));
    return { kind: 'pass', frame: [start, ...head, '', session].join('\r\n') };
  }
  // Of an answer or an acknowledgement nobody waits for word.
  if (/^(?:SIP|ACK )/.test(start)) return { kind: 'bar' };
  return { kind: 'answer', frame: notAcceptable(lines) };
}

/** RFC 3261 §8.2.6 and §21.4.26. */
function notAcceptable(lines: readonly string[]): string {
  const copied = lines.flatMap((line) => {
    const { name } = readHeader(line);
    if (!ECHOED.has(name)) return [];
    return /^(?:to|t)$/.test(name) && !/;\s*tag=/i.test(line) ? [`${line};tag=gate`] : [line];
  });
  return ['SIP/2.0 488 Not Acceptable Here', ...copied, 'Content-Length: 0', '', ''].join('\r\n');
}

interface Header {
  readonly name: string;
  readonly value: string;
}

function readHeader(line: string): Header {
  const colon = line.indexOf(':');
  return {
    name: line.slice(0, Math.max(0, colon)).trim().toLowerCase(),
    value: line.slice(colon + 1).trim(),
  };
}

function refusalOfStart(start: string): string | undefined {
  if (/^SIP\/2\.0 \d{3}(?: |$)/.test(start)) return undefined;
  const method = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(start)?.[1];
  return method !== undefined && METHODS.has(method) ? undefined : 'a foreign method';
}

/** A second message behind the first would not be looked at here. */
function refusalOfLength(headers: readonly Header[], body: string): string | undefined {
  const lengths = headers.filter(({ name }) => LENGTHS.has(name));
  const [length] = lengths;
  const isExact = lengths.length === 1 && length?.value === String(Buffer.byteLength(body));
  return isExact ? undefined : 'more or less than one message';
}

/** Of one type that is written in the usual way; undefined otherwise. */
function bodyOf(headers: readonly Header[]): string | undefined {
  const types = headers.filter(({ name }) => name === 'content-type' || name === 'c');
  return types.length === 1 ? types[0]?.value.split(';')[0]?.trim().toLowerCase() : undefined;
}

function refusalOfBody(headers: readonly Header[], body: string): string | undefined {
  return body === '' || BODIES.has(bodyOf(headers) ?? '') ? undefined : 'a foreign body';
}

function refusalOfSender(start: string, headers: readonly Header[], endpoint: string): string | undefined {
  if (start.startsWith('SIP/')) return undefined;
  const senders = headers.filter(({ name }) => name === 'from' || name === 'f');
  const value = senders.length === 1 ? senders[0]?.value : undefined;
  // No two parts that match the same blanks: thousands of them would keep the gate from everybody else.
  const user = /^(?:"[^"\\<>]*"[ \t]*|[\w .~\t-]*)<sips?:([\w.-]+)@[^<>@]*>(?:;[^<>"]*)?$/.exec(
    value ?? '',
  )?.[1];
  return user === endpoint ? undefined : 'another’s name';
}
