// What goes on now: whether far more of the public are refused than usual, and each visit with a way to end it. The
// part between `live` comes again every few seconds where scripts run; the page is whole without.
import { relativeTime } from '../auth/devices-page.ts';
import { html, type Markup, type Page } from '../platform/page.ts';
import type { RefusalSummary } from '../public-calls/admission-watch.ts';
import type { RefusedOrigin, RefusedOriginList } from '../public-calls/refused-origins.ts';
import type { VisitRecord } from '../public-calls/visit.ts';
import type { Look } from './page-desk.ts';
import { framed, noticeOf } from './page-shell.ts';

/** Pages that asked for a destination which does not list them. */
export interface UnlistedShown extends RefusedOriginList {
  readonly origins: readonly UnlistedOrigin[];
}

export interface UnlistedOrigin extends RefusedOrigin {
  /** Whether it can be listed at a press; `file`: in the operator's file alone, `insecure`: not at all. */
  readonly can: 'allow' | 'file' | 'insecure';
}

export interface OverviewShown {
  readonly visits: readonly VisitRecord[];
  readonly refusals: RefusalSummary;
  readonly unlisted: UnlistedShown;
  readonly nowMs: number;
  /** As those who answer know the destination. */
  readonly nameOf: (destinationId: string) => string;
}

export function overviewPage(look: Look, shown: OverviewShown): Page {
  const { texts: t, sent } = look;
  const { allowed, notAllowed } = t.unlisted;
  const notice = noticeOf({ ended: t.ended, gone: t.endedBefore, allowed, notAllowed }, sent.done);
  const isPart = sent.part === 'live';
  return framed(look, {
    ...{ section: 'overview', notice, isPart },
    ...(isPart ? {} : { script: REFRESH }),
    body: html`<p id="stale" class="odd" role="alert" hidden>${t.stale}</p><div id="live">${refusals(look, shown)}${unlisted(look, shown)}${visits(look, shown)}</div>`,
  });
}

function refusals(
  { texts: t, locale }: Look,
  { refusals: { lastMinute, usual, isOdd, byCode, byCodeOfHour } }: OverviewShown,
) {
  const number = new Intl.NumberFormat(locale);
  const rows = Object.entries(byCodeOfHour)
    .sort(([first, some], [second, many]) => (byCode[second] ?? 0) - (byCode[first] ?? 0) || many - some)
    .map(([code, count]) => {
      const why = t.refusedBecause[code];
      const name = why === undefined ? html`<code>${code}</code>` : html`${why} <code>${code}</code>`;
      return html`<tr><th scope="row">${name}</th><td class="number">${number.format(byCode[code] ?? 0)}</td><td class="number">${number.format(count)}</td></tr>`;
    });
  const [ten, hour] = t.refusalSpans;
  const head = html`<thead><tr><td></td><th scope="col" class="number">${ten}</th><th scope="col" class="number">${hour}</th></tr></thead>`;
  const table = html`<table><caption hidden>${t.refusals}</caption>${head}<tbody>${rows}</tbody></table>`;
  return html`${isOdd ? html`<p class="odd" role="alert">${t.odd}</p>` : ''}
<h2>${t.refusals}</h2><p>${t.refusalsText(number.format(lastMinute), number.format(usual))}</p>
${rows.length === 0 ? html`<p>${t.refusalsNone}</p>` : table}`;
}

function unlisted(look: Look, shown: OverviewShown): Markup {
  const { texts: t, locale } = look;
  const { origins, others } = shown.unlisted;
  if (origins.length === 0) return html``;
  const items = origins.map((each) => unlistedItem(look, shown, each));
  const more = new Intl.NumberFormat(locale).format(others);
  return html`<h2 id="unlisted" tabindex="-1">${t.unlisted.title}</h2><p>${t.unlisted.text}</p><ul>${items}</ul>
${others === 0 ? '' : html`<p>${t.unlisted.others(more, others)}</p>`}`;
}

function unlistedItem(
  { texts: t, locale, hidden }: Look,
  { nowMs, nameOf }: OverviewShown,
  { origin, destinationId, count, lastAtMs, can }: UnlistedOrigin,
): Markup {
  const id = `${destinationId}-${origin}`;
  const asked = t.unlisted.asked(nameOf(destinationId), new Intl.NumberFormat(locale).format(count), count);
  const press = html`<form method="post" action="/admin/origins/allow">${hidden}<input type="hidden" name="origin" value="${origin}">
<input type="hidden" name="destination" value="${destinationId}"><button id="allow-${id}" aria-describedby="unlisted-${id}">${t.unlisted.allow}</button></form>`;
  const why = can === 'file' ? t.ofFile : t.unlisted.insecure;
  return html`<li><div><h3 id="unlisted-${id}">${origin}</h3><p>${asked} · ${relativeTime(locale, lastAtMs - nowMs)}</p>
${can === 'allow' ? '' : html`<p>${why}</p>`}</div>${can === 'allow' ? html`<div class="acts">${press}</div>` : ''}</li>`;
}

function visits(look: Look, shown: OverviewShown): Markup {
  const { texts: t } = look;
  const items = shown.visits.map((record) => item(look, shown, record));
  return html`<h2 id="visits" tabindex="-1">${t.visits(shown.visits.length)}</h2>
${items.length === 0 ? html`<p>${t.visitsNone}</p>` : html`<ul>${items}</ul>`}`;
}

function item(
  { texts: t, href, hidden }: Look,
  { nowMs, nameOf }: OverviewShown,
  record: VisitRecord,
): Markup {
  const { id, destinationId, source, context, agent, stage } = record;
  const sinceMs = stage.state === 'talking' ? stage.sinceMs : record.createdAtMs;
  const row = (name: string, value: string | Markup | undefined) =>
    value === undefined || value === '' ? '' : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const network = source.network === source.address ? '' : ` (${source.network})`;
  const page = context.url === undefined ? source.origin : context.url;
  return html`<li><div><h3 id="visit-${id}">${nameOf(destinationId)}</h3>
<p>${t.visitStates[stage.state]} · ${clockOf(nowMs - sinceMs)}</p>
<dl>${row(t.answeredBy, agent?.name)}${row(t.address, `${source.address}${network}`)}${row(t.page, page)}${row(t.pageTitle, context.title)}</dl></div>
<div class="acts"><form method="post" action="/admin/visits/end">${hidden}<input type="hidden" name="visit" value="${id}">
<button class="bad" id="end-${id}" aria-describedby="visit-${id}">${t.end}</button></form>
<a class="act" id="block-${id}" aria-describedby="visit-${id}" href="${href('/admin/blocks', { network: source.network })}">${t.blockThis}</a></div></li>`;
}

/** `4:05`, `1:02:09`. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/**
 * A document by XMLHttpRequest, not text made into markup: Trusted Types let it through, and no script of it runs.
 * Whoever is on a button stays on it; where the button is gone, on the list's heading. While somebody aims at a button,
 * nothing moves: another visitor's would come to lie there.
 */
const REFRESH = `
const live = () => document.getElementById('live');
let movedMs = -Infinity;
document.addEventListener('pointermove', () => movedMs = performance.now());
const aims = () => performance.now() - movedMs < 10000 && live().querySelector('.acts:hover') !== null;
function refresh() {
  const request = new XMLHttpRequest();
  request.open('GET', '/admin?part=live&lang=' + document.documentElement.lang);
  request.responseType = 'document';
  request.timeout = 10000;
  request.onloadend = () => {
    const next = request.status === 200 ? request.response?.getElementById('live') : null;
    document.getElementById('stale').hidden = Boolean(next);
    if (!next) return void setTimeout(refresh, 10000);
    if (aims()) return void setTimeout(refresh, 2000);
    const held = live().contains(document.activeElement) ? document.activeElement.id : '';
    live().replaceWith(document.importNode(next, true));
    if (held) (document.getElementById(held) ?? document.getElementById('visits')).focus();
    setTimeout(refresh, 5000);
  };
  request.send();
}
setTimeout(refresh, 5000);
`;
