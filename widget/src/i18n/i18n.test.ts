import { ERROR_STATUS } from '@ringtag/server/protocol/errors';
import { describe, expect, it } from 'vitest';
import type { CallView, LocalErrorCode, PhoneErrorCode } from '../call/phone.ts';
import { endedTexts, errorText, language, texts, useLanguage } from './index.ts';

/** A record, so that a code missing here does not compile. */
const local: Record<LocalErrorCode, true> = {
  MICROPHONE_DENIED: true,
  MICROPHONE_MISSING: true,
  MICROPHONE_BUSY: true,
  CAMERA_DENIED: true,
  CAMERA_MISSING: true,
  CAMERA_BUSY: true,
  CAMERA_DISMISSED: true,
  MICROPHONE_DISMISSED: true,
  LOCAL_NETWORK_BLOCKED: true,
  INSECURE_PAGE: true,
  POPUP_BLOCKED: true,
  SIGN_IN_CANCELLED: true,
  HUB_UNREACHABLE: true,
  MEDIA_FAILED: true,
};
const codes = [...Object.keys(ERROR_STATUS), ...Object.keys(local)] as PhoneErrorCode[];

const call: CallView = {
  callId: 'c1',
  direction: 'out',
  via: 'room',
  phase: 'ended',
  peer: { name: 'Bruno Barros' },
  media: 'audio',
  muted: false,
  held: false,
  peerHeld: false,
  peerMuted: false,
  videoOn: false,
  peerVideoOn: false,
  offerDeskPhone: false,
};

describe('error sentences', () => {
  it.each(codes)(
    '%s has a sentence without codes, numbers or jargon, that says what happened or what to do',
    (code) => {
      const sentence = errorText(code);
      expect(sentence).toMatch(/^[A-Z].{10,110}[.]$/);
      expect(sentence).not.toMatch(/[A-Z]{3,}_|\b[45]\d\d\b|\bSIP\b|\bPBX\b|\bICE\b|\bWebRTC\b|\bhub\b/i);
    },
  );

  it('are all different, but for none', () => {
    expect(new Set(codes.map(errorText)).size).toBe(codes.length);
  });
});

describe('how a call ended, in words', () => {
  it.each([
    ['declined', 'Declined', 'Bruno Barros declined the call.'],
    ['no-answer', 'No answer', "Bruno Barros didn't answer."],
    ['busy', 'Busy', 'Bruno Barros is busy in another call.'],
    ['left', 'Call ended', 'Bruno Barros left the call.'],
  ] as const)('%s', (reason, title, sentence) => {
    expect(endedTexts({ ...call, ended: { reason } })).toEqual({ title, sentence });
  });

  it('says who missed whom by direction', () => {
    const missed = endedTexts({ ...call, direction: 'in', ended: { reason: 'no-answer' } });
    expect(missed.sentence).toBe('You missed a call from Bruno Barros.');
    const elsewhere = endedTexts({ ...call, direction: 'in', ended: { reason: 'answered-elsewhere' } });
    expect(elsewhere.sentence).toBe('Answered on another device.');
  });

  it('prefers the sentence of a code, and quotes the message of who declined', () => {
    expect(endedTexts({ ...call, ended: { reason: 'error', code: 'SELF_CALL' } }).sentence).toBe(
      errorText('SELF_CALL'),
    );
    const declined = endedTexts({ ...call, ended: { reason: 'declined', message: 'Later' } });
    expect(declined.sentence).toBe('Bruno Barros declined the call. “Later”');
  });
});

describe('the language of the page', () => {
  it('falls back to English where there is no better', () => {
    useLanguage('xx-YY');
    expect(language()).toBe('en');
    expect(texts().signIn).toBe('Sign in');
    useLanguage('en-GB');
    expect(language()).toBe('en');
  });
});

describe('accessible names that others rely on', () => {
  it('are these, in English', () => {
    const t = texts();
    expect([
      t.signIn,
      t.answer,
      t.decline,
      t.hangUp,
      t.mute,
      t.hold,
      t.resume,
      t.keypad,
      t.startVideo,
    ]).toEqual([
      'Sign in',
      'Answer',
      'Decline',
      'Hang up',
      'Mute',
      'Hold',
      'Resume',
      'Keypad',
      'Start video',
    ]);
    expect(t.callPerson('Bruno Barros')).toBe('Call Bruno Barros');
    expect(t.isCalling('Alice Almeida')).toBe('Alice Almeida is calling');
    expect([t.ringDeskPhone, t.searchPeople]).toEqual(['Ring desk phone', 'Search people']);
  });
});
