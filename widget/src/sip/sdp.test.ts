import { expect, test } from 'vitest';
import { withTelephoneVoice } from './sdp.ts';

const OFFER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 110 126',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1 cname:x',
  '',
].join('\r\n');

test('an offer for telephones has G.711 and digits, and nothing of what it no longer names', () => {
  expect(withTelephoneVoice(OFFER)).toBe(
    [
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 0 8 126',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:126 telephone-event/8000',
      'a=ssrc:1 cname:x',
      '',
    ].join('\r\n'),
  );
});
