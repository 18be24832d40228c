// RTP of the test phone (RFC 3550): sends a tone as PCMU every 20 ms, keeps the last second of what it hears, and
// reads the digits of RFC 4733 events.
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { decodeUlaw, encodeUlaw } from './g711.ts';
import { createSine, measureTone, SAMPLE_RATE_HZ, type Tone } from './tone.ts';

const PACKET_MS = 20;
const PACKET_SAMPLES = (SAMPLE_RATE_HZ * PACKET_MS) / 1_000;
const PCMU = 0;
/** Our dynamic payload type for `telephone-event`. */
export const EVENT_TYPE = 101;
const DIGITS = '0123456789*#ABCD';

export interface RemoteMedia {
  readonly host: string;
  readonly port: number;
  /** What the other side calls `telephone-event`, if it does. */
  readonly eventType?: number;
}

export interface Media {
  readonly port: number;
  /** Starts to send to, and to listen. */
  start(remote: RemoteMedia): void;
  /** While held nothing is sent. */
  setSending(sending: boolean): void;
  setTone(hz: number): void;
  /** The last `forMs` (default 400) of what came in. */
  heard(forMs?: number): Tone;
  readonly packetsReceived: number;
  /** Sends digits as RFC 4733 events of 100 ms each. */
  sendDigits(digits: string): Promise<void>;
  close(): void;
}

export interface MediaOptions {
  readonly host: string;
  readonly toneHz: number;
  readonly onDigit: (digit: string) => void;
}

export async function openMedia({ host, toneHz, onDigit }: MediaOptions): Promise<Media> {
  const socket = await bind(host);
  const ssrc = randomInt(2 ** 32);
  const ring = new Int16Array(SAMPLE_RATE_HZ);
  let written = 0;
  let writtenAt = 0;
  let packetsReceived = 0;
  let lastEvent = -1;
  let sine = createSine(toneHz);
  let remote: RemoteMedia | undefined;
  let sending = true;
  let sequence = randomInt(2 ** 16);
  let timestamp = randomInt(2 ** 32);
  let pacing: NodeJS.Timeout | undefined;
  let digitsUnderWay = 0;

  function send(
    payloadType: number,
    payload: Uint8Array,
    options: { marker?: boolean; at?: number } = {},
  ): void {
    if (!remote) return;
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = payloadType | (options.marker ? 0x80 : 0);
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(options.at ?? timestamp, 4);
    packet.writeUInt32BE(ssrc, 8);
    packet.set(payload, 12);
    sequence = (sequence + 1) % 2 ** 16;
    socket.send(packet, remote.port, remote.host);
  }

  /** As many packets as the clock says are due, so that a late timer does not thin the stream out. */
  function pace(): void {
    const startedAt = performance.now();
    let sent = 0;
    pacing = setInterval(() => {
      const due = Math.floor((performance.now() - startedAt) / PACKET_MS);
      // After a long stall what is lost is lost.
      if (due - sent > 25) sent = due - 1;
      for (; sent < due; sent += 1) {
        if (sending && digitsUnderWay === 0) send(PCMU, Uint8Array.from(sine(PACKET_SAMPLES), encodeUlaw));
        timestamp = (timestamp + PACKET_SAMPLES) % 2 ** 32;
      }
    }, PACKET_MS / 2);
  }

  socket.on('message', (packet) => {
    const payload = payloadOf(packet);
    if (!payload) return;
    packetsReceived += 1;
    if (payload.type === PCMU) {
      for (const byte of payload.data) {
        ring[written % ring.length] = decodeUlaw(byte);
        written += 1;
      }
      writtenAt = performance.now();
    } else if (payload.type === EVENT_TYPE && payload.timestamp !== lastEvent) {
      // All packets of one event carry the time of its beginning (RFC 4733 §2.4.1).
      lastEvent = payload.timestamp;
      const digit = DIGITS[payload.data[0] ?? 255];
      if (digit !== undefined) onDigit(digit);
    }
  });

  return {
    port: socket.address().port,
    start(to) {
      remote = to;
      if (!pacing) pace();
    },
    setSending: (value) => {
      sending = value;
    },
    setTone: (hz) => {
      sine = createSine(hz);
    },
    heard(forMs = 400) {
      // What stopped coming is silence, not what came last; two packets may be late.
      const missingMs = Math.max(0, performance.now() - writtenAt - 2 * PACKET_MS);
      const wanted = Math.min(written, ring.length, (SAMPLE_RATE_HZ * forMs) / 1_000);
      const missing = Math.min(wanted, Math.round((SAMPLE_RATE_HZ * missingMs) / 1_000));
      const at = (i: number): number => {
        const index = written - wanted + missing + i;
        return index < written ? (ring[index % ring.length] ?? 0) : 0;
      };
      return measureTone(Int16Array.from({ length: wanted }, (_, i) => at(i)));
    },
    get packetsReceived() {
      return packetsReceived;
    },
    async sendDigits(digits) {
      const type = remote?.eventType;
      if (type === undefined) throw new Error('The other side takes no telephone events');
      digitsUnderWay += 1;
      for (const digit of digits)
        await sendEvent(send, type, { event: DIGITS.indexOf(digit), at: timestamp });
      digitsUnderWay -= 1;
    },
    close() {
      clearInterval(pacing);
      socket.close();
    },
  };
}

type Send = (type: number, payload: Uint8Array, options: { marker?: boolean; at?: number }) => void;

/** Five updates of 20 ms and the end three times (RFC 4733 §2.5.1.4), then a pause between digits. */
async function sendEvent(
  send: Send,
  type: number,
  { event, at }: { event: number; at: number },
): Promise<void> {
  for (let step = 1; step <= 7; step += 1) {
    const duration = Math.min(step, 5) * PACKET_SAMPLES;
    const isEnd = step >= 5;
    const payload = Uint8Array.from([event, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff]);
    send(type, payload, { marker: step === 1, at });
    await new Promise((resolve) => setTimeout(resolve, PACKET_MS));
  }
  await new Promise((resolve) => setTimeout(resolve, 60));
}

/** RFC 3550 §5.1, with contributing sources and header extension skipped; RTCP on the same port is ignored. */
function payloadOf(packet: Buffer): { type: number; timestamp: number; data: Buffer } | undefined {
  if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2) return undefined;
  const type = (packet[1] ?? 0) & 0x7f;
  let offset = 12 + 4 * ((packet[0] ?? 0) & 0x0f);
  if ((packet[0] ?? 0) & 0x10) offset += 4 + 4 * packet.readUInt16BE(offset + 2);
  return { type, timestamp: packet.readUInt32BE(4), data: packet.subarray(offset) };
}

function bind(host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, host, () => resolve(socket));
  });
}
