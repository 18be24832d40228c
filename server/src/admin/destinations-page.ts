// All destinations, each as it is now: opened or closed by hand here, tried with a call, and put into a page by the
// lines that it shows.
import type { DestinationRating, OpensAt } from '@ringtag/server/protocol';
import { html, type Markup, type Page } from '../platform/page.ts';
import type { Known } from '../public-calls/answerers.ts';
import type { ManagedDestination } from '../public-calls/destinations.ts';
import { nameOf } from '../public-calls/visit-view.ts';
import type { Look } from './page-desk.ts';
import { framed, noticeOf } from './page-shell.ts';

export interface DestinationNow extends ManagedDestination, Known {
  readonly isOpen: boolean;
  readonly opensAt?: OpensAt;
  readonly waiting: number;
  readonly talking: number;
  /** Of the last 30 days; undefined where nobody rated it. */
  readonly rating: DestinationRating | undefined;
}

export interface DestinationsShown {
  readonly all: readonly DestinationNow[];
  readonly ownOrigin: string;
}

export function destinationsPage(look: Look, { all, ownOrigin }: DestinationsShown): Page {
  const { texts: t, sent, href } = look;
  const items = all.map((each) => item(look, each, ownOrigin));
  return framed(look, {
    section: 'destinations',
    notice: noticeOf(t.destinationNotices, sent.done),
    script: COPY,
    body: html`<p><a class="act" href="${href('/admin/destinations/edit')}">${t.newDestination}</a></p>
${items.length === 0 ? html`<p>${t.destinationsNone}</p>` : html`<ul>${items}</ul>`}`,
  });
}

function item(look: Look, now: DestinationNow, ownOrigin: string): Markup {
  const { texts: t, href } = look;
  const { destination, from } = now;
  const { id } = destination;
  const row = (name: string, value: string | number) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const about = html` aria-describedby="d-${id}"`;
  const edit =
    from === 'file'
      ? html`<p>${t.ofFile}</p>`
      : html`<a class="act"${about} href="${href('/admin/destinations/edit', { id })}">${t.change}</a>`;
  return html`<li class="wide"><div><h2 id="d-${id}">${nameOf(destination, id)} <code>${id}</code></h2>
<p>${stateOf(look, now)}</p>${warning(look, now)}<dl>${row(t.talkingNow, `${now.talking} / ${destination.capacity}`)}${row(t.waitingNow, `${now.waiting} / ${destination.queue}`)}${now.rating ? row(t.rated, ratingOf(look, now.rating)) : ''}</dl></div>
${opening(look, now)}<div class="acts">${edit}<a class="act"${about} href="${href('/admin/destinations/test', { id })}">${t.testCall}</a></div>
<details><summary>${t.snippet}</summary><div><p>${t.snippetText(destination.origins.join(', '))}</p>
<pre tabindex="0">${snippetOf(ownOrigin, id)}</pre><button type="button" class="copy" data-copied="${t.copied}" hidden>${t.copy}</button></div></details></li>`;
}

/** A typing error never rings, and nothing else would say so. */
function warning({ texts: t, locale }: Look, { isAnybodys, unknown }: Known): Markup | string {
  const addresses = new Intl.ListFormat(locale, { type: 'unit' }).format(unknown);
  const said = [
    ...(isAnybodys ? [] : [t.ringsNobody]),
    ...(addresses === '' ? [] : [t.nobodyHas(addresses)]),
  ];
  return said.length === 0 ? '' : html`<p class="odd">${said.join(' ')}</p>`;
}

function ratingOf({ texts: t, locale }: Look, { mean, count }: DestinationRating): string {
  const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return t.ratedText(shown.format(mean), shown.format(count));
}

function stateOf({ texts: t }: Look, { opening, isOpen, opensAt }: DestinationNow): string {
  const state = isOpen ? t.isOpen : t.isClosed;
  if (opening !== 'by-hours') return `${state} · ${t.byHand}`;
  return opensAt === undefined
    ? state
    : `${state} · ${t.opensAt(`${opensAt.date} ${opensAt.time}`, opensAt.timeZone)}`;
}

function opening({ texts: t, hidden }: Look, { destination: { id }, opening: now }: DestinationNow): Markup {
  const buttons = (['by-hours', 'open', 'closed'] as const).map(
    (each) =>
      html`<button name="opening" value="${each}" aria-pressed="${String(each === now)}">${t.openings[each]}</button>`,
  );
  return html`<div class="acts"><form method="post" action="/admin/destinations/opening" role="group" aria-labelledby="d-${id}">${hidden}
<input type="hidden" name="id" value="${id}">${buttons}</form></div>`;
}

/** What an integrator puts into a page. */
export function snippetOf(ownOrigin: string, id: string): string {
  return `<script type="module" src="${ownOrigin}/ringtag.js" async></script>\n<ringtag-call to="${id}"></ringtag-call>`;
}

/** A visitor's own element on the hub's own page. */
export function testCallPage(
  look: Look,
  shown: { id: string; name: string; connects: readonly string[] },
): Page {
  const { texts: t, locale, href } = look;
  const { id, name, connects } = shown;
  return framed(look, {
    section: 'destinations',
    title: t.testCallOf(name),
    body: html`<p>${t.testCallText}</p><ringtag-call to="${id}" lang="${locale}" data-context-test="${t.testCall}">${t.testCallAway}</ringtag-call>
<p><a href="${href('/admin/destinations')}">${t.sections.destinations}</a></p>`,
    module: { path: '/ringtag.js', connects, images: ["'self'"], policyName: 'ringtag' },
  });
}

const COPY = `
for (const button of document.querySelectorAll('.copy')) {
  button.hidden = false;
  button.onclick = async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = button.dataset.copied;
  };
}
`;
