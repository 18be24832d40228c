import { expect, test } from 'vitest';
import { answerChallenge } from './digest.ts';
import { decodeUlaw, encodeUlaw } from './g711.ts';
import { header, parseMessage, tagOf, uriOf, writeMessage } from './message.ts';
import { readSdp } from './sdp.ts';
import { createSine, measureTone } from './tone.ts';

const throughUlaw = (samples: Int16Array): Int16Array =>
  samples.map((value) => decodeUlaw(encodeUlaw(value)));

test.each([200, 441, 1004, 2750, 3400])(
  'a tone of %d Hz is measured after the codec, loud and clean',
  (hz) => {
    const tone = measureTone(throughUlaw(createSine(hz)(3_200)));
    expect(Math.abs(tone.hz - hz)).toBeLessThanOrEqual(1);
    expect(tone.levelDb).toBeCloseTo(-9, 0);
    expect(tone.purity).toBeGreaterThan(0.95);
  },
);

test('silence has no tone, and noise no clean one', () => {
  expect(measureTone(new Int16Array(3_200))).toMatchObject({ hz: 0 });
  expect(measureTone(new Int16Array(0))).toMatchObject({ hz: 0 });
  let seed = 1;
  const noise = Int16Array.from({ length: 3_200 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed % 20_000) - 10_000;
  });
  expect(measureTone(noise).purity).toBeLessThan(0.2);
});

test('µ-law keeps every sample within its step (ITU-T G.711)', () => {
  expect([encodeUlaw(0), encodeUlaw(32_767), encodeUlaw(-32_768)]).toEqual([0xff, 0x80, 0x00]);
  for (let value = -32_000; value <= 32_000; value += 37) {
    const error = Math.abs(decodeUlaw(encodeUlaw(value)) - value);
    expect(error).toBeLessThanOrEqual(Math.max(8, Math.abs(value) / 16));
  }
});

test('a challenge is answered as in RFC 2617 §3.5 (with a nonce count of one)', () => {
  const challenge =
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"';
  const parts = { user: 'Mufasa', password: 'Circle Of Life', method: 'GET', uri: '/dir/index.html' };
  // RFC 2069 form, without qop: the well-known value of that example.
  expect(answerChallenge(challenge, parts)).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
  expect(answerChallenge(`${challenge}, qop="auth"`, parts)).toMatch(
    /qop=auth, nc=00000001, cnonce="[0-9a-f]{16}"/,
  );
});

test('a message is read with folded and compact headers, and written back', () => {
  const text =
    'SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\nt: "B" <sip:b@c>;tag=7\r\nX: one\r\n two\r\n\r\nbody';
  const message = parseMessage(text);
  expect(message?.start).toEqual({ kind: 'response', status: 200, reason: 'OK' });
  if (!message) return;
  expect([header(message, 'to'), header(message, 'X')]).toEqual(['"B" <sip:b@c>;tag=7', 'one two']);
  expect([tagOf(header(message, 'To')), uriOf(header(message, 'To'))]).toEqual(['7', 'sip:b@c']);
  expect(writeMessage(message)).toMatch(/^SIP\/2\.0 200 OK\r\nVia: .*\r\nContent-Length: 4\r\n\r\nbody$/s);
  expect(parseMessage('nonsense\r\n\r\n')).toBeUndefined();
});

test('of a description the address, port, direction and event type are read', () => {
  const sdp = [
    'v=0',
    'c=IN IP4 10.0.0.1',
    'm=audio 4000 RTP/AVP 0 96',
    'c=IN IP4 10.0.0.2',
    'a=rtpmap:96 telephone-event/8000',
    'a=sendonly',
    '',
  ].join('\r\n');
  expect(readSdp(sdp)).toEqual({ host: '10.0.0.2', port: 4000, direction: 'sendonly', eventType: 96 });
  expect(readSdp(sdp.replace('AVP 0 96', 'AVP 8 96'))).toBeUndefined();
});
