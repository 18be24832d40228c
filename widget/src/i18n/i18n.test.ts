import { ERROR_STATUS } from '@ringtag/server/protocol/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallView, LocalErrorCode, PhoneErrorCode } from '../call/phone.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { endedTexts, errorText, language, locale, named, texts, useLanguage } from './index.ts';
import { launcherTexts } from './launcher.ts';
import { pt } from './pt.ts';

/** A record, so that a code missing here does not compile. */
const local: Record<LocalErrorCode, true> = {
  MICROPHONE_DENIED: true,
  MICROPHONE_MISSING: true,
  MICROPHONE_BUSY: true,
  CAMERA_DENIED: true,
  CAMERA_MISSING: true,
  CAMERA_BUSY: true,
  MEDIA_FORBIDDEN: true,
  TAB_HIDDEN: true,
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

const allTexts = { en, pt, es, fr };
const languages = Object.keys(allTexts);

afterEach(() => useLanguage('en'));

describe.each(languages)('error sentences in %s', (tag) => {
  it.each(codes)(
    '%s has a sentence without codes, numbers or jargon, that says what happened or what to do',
    async (code) => {
      await useLanguage(tag);
      const sentence = errorText(code);
      expect(sentence).toMatch(/^\p{Lu}.{10,110}[.]$/u);
      expect(sentence).not.toMatch(/[A-Z]{3,}_|\b[45]\d\d\b|\bSIP\b|\bPBX\b|\bICE\b|\bWebRTC\b|\bhub\b/i);
    },
  );

  it('are all different, but for none', async () => {
    await useLanguage(tag);
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
  it.each([
    ['en-GB', 'en', 'Sign in'],
    ['pt-BR', 'pt', 'Entrar'],
    ['pt_PT', 'pt', 'Entrar'],
    ['ES', 'es', 'Iniciar sesión'],
    ['fr-CA', 'fr', 'Se connecter'],
    ['xx-YY', 'en', 'Sign in'],
    ['constructor', 'en', 'Sign in'],
    ['', 'en', 'Sign in'],
  ])('%s is spoken to in %s', async (tag, spoken, signIn) => {
    await useLanguage(tag);
    expect(language()).toBe(spoken);
    expect(texts().signIn).toBe(signIn);
  });

  it('falls back to English where the texts cannot be fetched', async () => {
    await useLanguage('es');
    vi.doMock('./fr.ts', () => {
      throw new Error('no network');
    });
    await useLanguage('fr');
    vi.doUnmock('./fr.ts');
    expect([language(), locale(), texts().signIn]).toEqual(['en', 'en', 'Sign in']);
  });

  it.each([
    ['pt-PT', 'pt', 'Abrir Ringtag'],
    ['fr', 'fr', 'Ouvrir Ringtag'],
    ['frr', 'en', 'Open Ringtag'],
    ['', 'en', 'Open Ringtag'],
  ])('%s is what the launcher says in %s', (tag, spoken, open) => {
    expect(launcherTexts(tag).slice(0, 2)).toEqual([spoken, open]);
  });

  it('is known to launcher and panes alike', async () => {
    for (const tag of languages) {
      await useLanguage(tag);
      expect(launcherTexts(tag)[0]).toBe(language());
    }
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

it('the extension that plays back what it hears has a name in words, others stay as they are', async () => {
  expect(named({ name: '600', number: '600' }).name).toBe('Echo test');
  await useLanguage('fr');
  expect(named({ name: '600', number: '600' }).name).toBe('Test d’écho');
  expect(named({ name: 'Bruno', number: '1002' })).toEqual({ name: 'Bruno', number: '1002' });
  await useLanguage('en');
});
