// "Your devices" as a page: works without a script, says times as "3 days ago", which needs no time zone.
import { html, type Markup, type Page } from '../platform/page.ts';
import type { DeviceView } from './devices.ts';
import { MARK } from './pages.ts';
import type { PageTexts } from './texts.ts';

export interface DevicesShown {
  readonly personName: string;
  readonly devices: readonly DeviceView[];
  readonly formToken: string;
  readonly ownOrigin: string;
  /** BCP 47 tag for times. */
  readonly locale: string;
  /** What has just happened. */
  readonly notice?: string;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "in 12 days", "3 minutes ago", "now". Less than a minute is now. */
export function relativeTime(locale: string, ms: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, unitMs] of UNITS) {
    const count = ms / unitMs;
    // What is past has gone by in full; 29 days and 23 hours to come are 30 days.
    if (Math.abs(count) >= 1) return format.format(count < 0 ? Math.trunc(count) : Math.round(count), unit);
  }
  return format.format(0, 'second');
}

export function devicesPage(t: PageTexts, shown: DevicesShown): Page {
  const { devices, personName } = shown;
  const notice = shown.notice === undefined ? '' : html`<p class="notice" role="status">${shown.notice}</p>`;
  const list =
    devices.length === 0
      ? html`<p>${t.devicesNone}</p>`
      : html`<ul>${devices.map((device, index) => item(t, shown, { device, index }))}</ul>`;
  const hasOthers = devices.some(({ isHere }) => !isHere) && devices.length > 1;
  return {
    lang: shown.locale,
    title: t.devicesTitle,
    layout: 'list',
    body: html`<main>${MARK}<h1>${t.devicesTitle}</h1><p>${t.devicesText('', personName)}</p>
${notice}${list}${hasOthers ? elsewhere(t, shown) : ''}</main>`,
  };
}

function item(
  t: PageTexts,
  { formToken, locale, ownOrigin }: DevicesShown,
  { device, index }: { device: DeviceView; index: number },
): Markup {
  const site = device.origin === ownOrigin ? t.ownWindow : new URL(device.origin).host;
  const badge = device.isHere ? html`<span class="badge">${t.thisBrowser}</span>` : '';
  const row = (label: string, ms: number): Markup =>
    html`<div><dt>${label}</dt><dd>${relativeTime(locale, ms)}</dd></div>`;
  return html`<li><div><h2 id="device-${index}">${device.name}</h2><p>${site}</p>${badge}
<dl>${row(t.lastSeen, -device.lastSeenAgoMs)}${row(t.signedIn, -device.signedInForMs)}${row(t.endsByItself, device.endsInMs)}</dl></div>
<form method="post" action="/devices/end">${tokenField(formToken, locale)}
<input type="hidden" name="session" value="${device.sessionId}">
<button aria-describedby="device-${index}">${t.signOut}</button></form></li>`;
}

function elsewhere(t: PageTexts, { formToken, locale }: DevicesShown): Markup {
  return html`<form method="post" action="/devices/end-elsewhere">${tokenField(formToken, locale)}
<button aria-describedby="elsewhere">${t.signOutElsewhere}</button></form><p id="elsewhere">${t.signOutElsewhereText}</p>`;
}

function tokenField(formToken: string, locale: string): Markup {
  return html`<input type="hidden" name="token" value="${formToken}"><input type="hidden" name="lang" value="${locale}">`;
}

/** Who sent a form after their visit was over. */
export function visitOverPage(t: PageTexts, again: string): Page {
  return {
    lang: t.lang,
    title: t.visitOver,
    body: html`<main>${MARK}<h1>${t.visitOver}</h1><p role="alert">${t.visitOverText}</p>
<p><a href="${again}">${t.visitAgain}</a></p></main>`,
  };
}
