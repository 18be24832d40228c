import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { parse, write } from './sdp-transform.js';

interface Sdp {
  direction?: string;
  media: { type: string; direction?: string }[];
}
const original = createRequire(import.meta.url)('sdp-transform') as {
  parse: (sdp: string) => Sdp;
  write: (sdp: Sdp) => string;
};

const SESSION = 'v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n';
const AUDIO =
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=mid:0\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n';
const VIDEO =
  'm=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\n';
const SILENT = 'm=audio 9 RTP/SAVP 0\r\nc=IN IP4 0.0.0.0\r\n';

const DESCRIPTIONS = [
  SESSION + AUDIO,
  SESSION + AUDIO + VIDEO,
  SESSION + SILENT,
  `${SESSION}a=sendonly\r\n${SILENT}${VIDEO}`,
  SESSION,
  (SESSION + AUDIO).replaceAll('\r\n', '\n'),
];

describe.each(DESCRIPTIONS)('the description %#', (sdp) => {
  test('has the kinds and directions that the original package reads', () => {
    const kinds = ({ direction, media }: Sdp) => [direction, media.map((one) => [one.type, one.direction])];
    expect(kinds(parse(sdp) as Sdp)).toEqual(kinds(original.parse(sdp)));
  });

  test('says the same in all lines but the direction after it was held', () => {
    const held = (read: (sdp: string) => Sdp, written: (sdp: Sdp) => string) => {
      const session = read(sdp);
      for (const media of session.media) media.direction = 'inactive';
      return original.parse(written(session));
    };
    expect(held(parse as never, write as never)).toEqual(held(original.parse, original.write));
  });
});
