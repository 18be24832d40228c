// What stands on a call button and beneath it before anybody presses it, in four languages: every page pays for all.
import type { DestinationCard } from '@ringtag/server/protocol';
import { primaryOf } from './launcher.ts';

/** `$` is the number, the time, or the length of time. */
type CallTexts = readonly [
  lang: string,
  call: string,
  open: string,
  opens: string,
  closed: string,
  busy: string,
  before: string,
  about: string,
  leave: string,
];

const english: CallTexts = [
  'en',
  'Call',
  'Open now',
  'Opens $',
  'Closed',
  'Nobody is free now',
  '$ before you',
  'about $',
  'leave a message',
];
const others: readonly CallTexts[] = [
  [
    'pt',
    'Ligar',
    'Aberto agora',
    'Abre $',
    'Fechado',
    'Ninguém está livre agora',
    '$ à sua frente',
    'cerca de $',
    'deixe uma mensagem',
  ],
  [
    'es',
    'Llamar',
    'Abierto ahora',
    'Abre el $',
    'Cerrado',
    'Nadie está libre ahora',
    '$ antes que usted',
    'unos $',
    'deje un mensaje',
  ],
  [
    'fr',
    'Appeler',
    'Ouvert',
    'Ouvre $',
    'Fermé',
    'Personne n’est libre',
    '$ avant vous',
    'environ $',
    'laissez un message',
  ],
];

const WEEK_MS = 6 * 24 * 3_600_000;

export function callTexts(tag: string): CallTexts {
  return others.find(([lang]) => lang === primaryOf(tag)) ?? english;
}

/** "2 before you, about 3 minutes"; without a time where there is none to tell honestly. */
export function queueText(tag: string, ahead: number, waitMs?: number): string {
  const [lang, , , , , , before, about] = callTexts(tag);
  const text = ahead > 0 ? before.replace('$', String(ahead)) : '';
  if (waitMs === undefined) return text;
  const unit = { style: 'unit', unit: 'minute', unitDisplay: 'long' } as const;
  const time = new Intl.NumberFormat(lang, unit).format(Math.ceil(waitMs / 60_000));
  return (text && `${text}, `) + about.replace('$', time);
}

/** The line beneath the button. */
export function stateText(tag: string, card: DestinationCard): string {
  const { state, notice, opensAt, offers, waiting, waitMs, taken } = card;
  const [lang, , open, opens, closed, busy, , , leave] = callTexts(tag);
  if (notice) return notice;
  if (state === 'open') return waiting > 0 ? queueText(tag, waiting, waitMs) : taken ? busy : open;
  const text = state !== 'closed' ? busy : opensAt ? opens.replace('$', opening(lang, opensAt)) : closed;
  return offers.message ? `${text}, ${leave}` : text;
}

/** In the destination's civil time, which is named where the visitor's is another: clocks of visitors are not trusted. */
function opening(
  lang: string,
  { date, time, timeZone, inMs }: NonNullable<DestinationCard['opensAt']>,
): string {
  const day = inMs > WEEK_MS ? ({ day: 'numeric', month: 'long' } as const) : ({ weekday: 'long' } as const);
  const format = new Intl.DateTimeFormat(lang, {
    ...day,
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
  });
  const isElsewhere = new Intl.DateTimeFormat().resolvedOptions().timeZone !== timeZone;
  const place = isElsewhere ? ` (${timeZone.replace(/.*\//, '').replaceAll('_', ' ')})` : '';
  return format.format(new Date(`${date}T${time}Z`)) + place;
}
