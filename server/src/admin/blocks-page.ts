// Blocked networks: who, why, until when; and the form that blocks one more, filled in where it comes from a visit.
import { relativeTime } from '../auth/devices-page.ts';
import { html, type Markup, type Page } from '../platform/page.ts';
import type { BlockRecord } from '../public-calls/block-store.ts';
import type { Look } from './page-desk.ts';
import { framed, noticeOf } from './page-shell.ts';

export interface BlocksShown {
  readonly blocks: readonly BlockRecord[];
  readonly nowMs: number;
  /** What was typed is no network, or more than anybody means to block. */
  readonly wrong?: 'none' | 'wide' | undefined;
}

/** What can be chosen, by the form's value. */
export const BLOCK_DURATIONS_MS: Readonly<Record<string, number | undefined>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  always: undefined,
};

export function blocksPage(look: Look, { blocks, nowMs, wrong }: BlocksShown): Page {
  const { texts: t, sent } = look;
  const notice = noticeOf({ blocked: t.blocked, lifted: t.lifted, gone: t.liftedBefore }, sent.done);
  const items = blocks.map((block) => item(look, block, nowMs));
  return framed(look, {
    section: 'blocks',
    notice,
    body: html`<p>${t.blocksText}</p>${form(look, wrong)}
<h2>${t.blocksInForce}</h2>${items.length === 0 ? html`<p>${t.blocksNone}</p>` : html`<ul>${items}</ul>`}`,
  });
}

function form({ texts: t, sent, hidden }: Look, why: BlocksShown['wrong']): Markup {
  const isWrong = why !== undefined;
  const words = why === 'wide' ? t.networkWide : t.networkWrong;
  const chosen = sent.for ?? 'day';
  const choices = Object.keys(BLOCK_DURATIONS_MS).map(
    (each) =>
      html`<option value="${each}"${each === chosen ? html` selected` : ''}>${t.durations[each] ?? each}</option>`,
  );
  const wrong = isWrong ? html`<p class="wrong" id="network-wrong">${words}</p>` : '';
  const marks = isWrong ? html` aria-invalid="true" autofocus` : '';
  return html`<h2>${t.blockNew}</h2><form class="fields" method="post" action="/admin/blocks">${hidden}
<div class="field"><label for="network">${t.network}</label><input id="network" name="network" required maxlength="64"
 autocomplete="off" spellcheck="false" value="${sent.network ?? ''}" aria-describedby="network-hint${isWrong ? ' network-wrong' : ''}"${marks}>
<p class="hint" id="network-hint">${t.networkHint}</p>${wrong}</div>
<div class="field"><label for="reason">${t.reason}</label><input id="reason" name="reason" maxlength="200" value="${sent.reason ?? ''}"></div>
<div class="field"><label for="for">${t.duration}</label><select id="for" name="for">${choices}</select></div>
<button class="main">${t.block}</button></form>`;
}

function item({ texts: t, locale, hidden }: Look, block: BlockRecord, nowMs: number): Markup {
  const { id, network, reason, by, createdAtMs, endsAtMs } = block;
  const end = endsAtMs === undefined ? t.endsNever : relativeTime(locale, endsAtMs - nowMs);
  const why = reason === '' ? '' : html`<p>${reason}</p>`;
  return html`<li><div><h3 id="block-${id}">${network}</h3>${why}
<dl><div><dt>${t.blockedBy}</dt><dd>${by}</dd></div><div><dt>${t.since}</dt><dd>${relativeTime(locale, createdAtMs - nowMs)}</dd></div>
<div><dt>${t.ends}</dt><dd>${end}</dd></div></dl></div>
<form method="post" action="/admin/blocks/lift">${hidden}<input type="hidden" name="block" value="${id}">
<button aria-describedby="block-${id}">${t.lift}</button></form></li>`;
}
