import type { DestinationCard } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { callTexts, queueText, stateText } from './call-texts.ts';

const offers = { chat: true, message: true, voice: true, callback: true };
const open: DestinationCard = {
  id: 'sales',
  lang: 'en',
  label: 'Talk to sales',
  state: 'open',
  waiting: 0,
  call: true,
  offers,
};
const { timeZone: here } = new Intl.DateTimeFormat().resolvedOptions();
const opensAt = { date: '2026-11-23', time: '09:00', timeZone: here, inMs: 3_600_000 };
/** Times are written with blanks that do not break. */
const plain = (text: string) => text.replace(/\s/g, ' ');

describe('the line beneath a call button', () => {
  it.each([
    ['en', 'Open now', 'Opens Monday 9:00 AM, leave a message'],
    ['pt-BR', 'Aberto agora', 'Abre segunda-feira, 09:00, deixe uma mensagem'],
    ['es', 'Abierto ahora', 'Abre el lunes, 9:00, deje un mensaje'],
    ['fr_CA', 'Ouvert', 'Ouvre lundi 09:00, laissez un message'],
  ])('says in %s whether it is open, and when it will be', (lang, now, later) => {
    expect(stateText(lang, open)).toBe(now);
    expect(plain(stateText(lang, { ...open, state: 'closed', opensAt }))).toBe(later);
  });

  it('names the place whose clock it goes by where the visitor is elsewhere, and the day where it is far', () => {
    const there = { ...opensAt, timeZone: 'America/Argentina/Buenos_Aires', inMs: 30 * 24 * 3_600_000 };
    expect(plain(stateText('en', { ...open, state: 'closed', opensAt: there }))).toBe(
      'Opens November 23 at 9:00 AM (Buenos Aires), leave a message',
    );
  });

  it('says no time that nobody knows', () => {
    expect(queueText('en', 2)).toBe('2 before you');
    expect(queueText('en', 0, 61_000)).toBe('about 2 minutes');
    expect(queueText('pt', 1, 20_000)).toBe('1 à sua frente, cerca de 1 minuto');
    expect(stateText('en', { ...open, waiting: 2, waitMs: 170_000 })).toBe('2 before you, about 3 minutes');
    expect(stateText('en', { ...open, state: 'closed', offers: { ...offers, message: false } })).toBe(
      'Closed',
    );
  });

  it('says before anybody calls that everybody is in a call', () => {
    expect(stateText('en', { ...open, taken: true })).toBe('Nobody is free now');
    expect(stateText('en', { ...open, taken: true, waiting: 1 })).toBe('1 before you');
  });

  it('is the operator’s own words where there are some', () => {
    expect(stateText('en', { ...open, state: 'busy', notice: 'Back in an hour' })).toBe('Back in an hour');
    expect(stateText('en', { ...open, state: 'unavailable' })).toBe('Nobody is free now, leave a message');
  });

  it('is there in four languages, each in its own words', () => {
    const tables = ['en', 'pt', 'es', 'fr'].map((lang) => callTexts(lang));
    expect(tables.map(([lang]) => lang)).toEqual(['en', 'pt', 'es', 'fr']);
    for (const index of tables[0]?.keys() ?? []) {
      expect.soft(new Set(tables.map((table) => table[index])).size, `text ${index}`).toBe(4);
    }
    expect(callTexts('de')[0]).toBe('en');
  });
});
