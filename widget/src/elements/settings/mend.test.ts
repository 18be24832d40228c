import { describe, expect, test } from 'vitest';
import { browserOf, mendText } from './mend.ts';
import { allMendTexts, type Browser } from './mend-texts.ts';
import { allSettingsTexts } from './settings-texts.ts';

const AGENTS: readonly { browser: Browser; userAgent: string; maxTouchPoints?: number }[] = [
  {
    browser: 'chromium',
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  },
  {
    browser: 'chromium',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
  },
  {
    browser: 'chromium-mobile',
    userAgent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
  },
  { browser: 'firefox', userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' },
  {
    browser: 'firefox-mobile',
    userAgent: 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0',
  },
  {
    browser: 'safari',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  },
  {
    browser: 'ios',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  },
  {
    browser: 'ios',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    maxTouchPoints: 5,
  },
  {
    browser: 'ios-other',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1',
  },
  { browser: 'other', userAgent: 'Something/1.0' },
];

test.each(AGENTS)('knows $browser by $userAgent', ({ browser, userAgent, maxTouchPoints = 0 }) => {
  expect(browserOf({ userAgent, maxTouchPoints })).toBe(browser);
});

const CODES = ['MICROPHONE_DENIED', 'MICROPHONE_DISMISSED', 'MICROPHONE_MISSING', 'MICROPHONE_BUSY'];

describe.each(Object.entries(allMendTexts))('in %s', (_language, texts) => {
  test('every browser has its own way of allowing, and each refusal its own way of mending', () => {
    const browsers = Object.keys(texts.denied) as Browser[];
    const denied = browsers.map((browser) =>
      mendText('MICROPHONE_DENIED', { browser, framed: false }, texts),
    );
    expect(new Set(denied).size).toBe(browsers.length);
    const ways = CODES.map((code) => mendText(code, { browser: 'firefox', framed: false }, texts));
    expect(new Set(ways).size).toBe(CODES.length);
    expect(ways.join()).not.toMatch(/undefined|\s\s|^\s|\s$/);
  });

  test('a camera is called a camera', () => {
    const text = mendText('CAMERA_DENIED', { browser: 'safari', framed: false }, texts);
    expect(text).toContain(texts.camera);
    expect(text).not.toContain(texts.microphone);
  });

  test('inside another page the way out is a tab of its own', () => {
    expect(mendText('MEDIA_FORBIDDEN', { browser: 'chromium', framed: true }, texts)).toBe(texts.framed);
    expect(mendText('MEDIA_FORBIDDEN', { browser: 'chromium', framed: false }, texts)).toBe('');
    expect(mendText('HUB_UNREACHABLE', { browser: 'chromium', framed: false }, texts)).toBe('');
  });
});

test.each(['pt', 'es', 'fr'] as const)('the settings are translated to %s', (language) => {
  const { en, [language]: table } = allSettingsTexts;
  const copied = Object.entries(table).filter(
    ([key, text]) => text === '' || text === en[key as keyof typeof en],
  );
  expect(copied).toEqual([]);
});
