// What is known of a visitor, as a list of terms: the page, where they came from, language, place, what the page adds,
// and what there was before. Everything is text; a link leads only to pages, in a tab of its own that learns nothing.
import type { ShownContext, Visit } from '@ringtag/server/protocol';
import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber, formatWhen } from '../../i18n/format.ts';
import { place as locale } from '../../i18n/time.ts';
import { visitTexts } from '../../i18n/visits.ts';
import { labelOf, mapUrl, pageLink, pageName, plain } from '../../visits/shown-context.ts';
import { beganAtMs, type KnownVisit } from '../../visits/visits-state.ts';

type EarlierVisit = Visit['earlier'][number];

/** What else was there of a visitor is listed so far. */
const EARLIER_ROWS = 3;

/** `isBrief`: of what there was before one line. */
export function contextList(context: ShownContext, visit?: KnownVisit, isBrief = false): TemplateResult {
  const t = visitTexts();
  const known: Readonly<Record<string, string>> = t.campaign;
  const { url, title, referrer, language, place, data } = context;
  const rows = [
    row(t.earlier, visit && visit.earlier.length > 0 ? earlier(visit, isBrief) : undefined),
    row(t.page, page(url, title)),
    row(t.referrer, page(referrer)),
    row(t.language, language && html`${languageName(language)}`),
    row(t.place, place && map(place)),
    ...data.map(({ key, value }) =>
      row((Object.hasOwn(known, key) && known[key]) || labelOf(key), html`${plain(value)}`),
    ),
  ].filter((each) => each !== nothing);
  if (rows.length === 0) return html`<p class="meta none">${t.nothingSaid}</p>`;
  return html`<dl class="context" part="visit-context">${rows}</dl>`;
}

function row(term: string, value: TemplateResult | string | undefined): TemplateResult | typeof nothing {
  return value ? html`<div><dt dir="auto">${term}</dt><dd dir="auto">${value}</dd></div>` : nothing;
}

/** The title as a link, and under it where that leads: a title can say anything. */
function page(url: string | undefined, title = ''): TemplateResult | undefined {
  const link = pageLink(url);
  const words = plain(title);
  if (!link) return words || url ? html`${words || plain(url ?? '')}` : undefined;
  const name = pageName(link);
  return html`${outside(link.href, words || name)}${words ? html`<div class="meta" dir="ltr">${name}</div>` : nothing}`;
}

function map(place: NonNullable<ShownContext['place']>): TemplateResult {
  const t = visitTexts();
  const metres = new Intl.NumberFormat(locale(), { style: 'unit', unit: 'meter', maximumFractionDigits: 0 });
  const point = `${formatNumber(place.latitude, 4)}, ${formatNumber(place.longitude, 4)}`;
  return html`${outside(mapUrl(place), t.showMap)}
    <div class="meta">${point} · ${t.accuracy(metres.format(place.accuracy))}</div>`;
}

/** Never followed by itself. */
function outside(href: string, words: string): TemplateResult {
  return html`<a href=${href} target="_blank" rel="noopener noreferrer">${words}<span class="unseen">, ${visitTexts().opensInNewTab}</span></a>`;
}

/** "8 visits, last: Call · Today 18:34 · Nobody answered", and some of those before it. */
function earlier(visit: KnownVisit, isBrief: boolean): TemplateResult {
  const t = visitTexts();
  const [last, ...others] = visit.earlier.slice(0, EARLIER_ROWS).map((each) => oneEarlier(each, visit));
  return html`${t.visits(visit.earlier.length)}, ${t.last(last ?? '')}
    ${isBrief || others.length === 0 ? nothing : html`<ul class="plain">${others.map((each) => html`<li>${each}</li>`)}</ul>`}`;
}

function oneEarlier({ intent, agoMs, end, messages }: EarlierVisit, { heardAtMs }: KnownVisit): string {
  const t = visitTexts();
  const answered = end === 'hangup' || end === 'too-long' || end === 'ended-by-operator';
  return [
    t.intents[intent],
    formatWhen(beganAtMs({ heardAtMs, agoMs }), Date.now()),
    intent === 'call' && end ? (answered ? t.answered : t.ends[end]) : '',
    messages > 0 ? t.messages(messages) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `pt-BR` as "Portuguese"; as it is where it is no tag. */
function languageName(tag: string): string {
  try {
    const { language } = new Intl.Locale(tag);
    return new Intl.DisplayNames(locale(), { type: 'language' }).of(language) ?? plain(tag);
  } catch {
    return plain(tag);
  }
}
