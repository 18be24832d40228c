// How a call goes: direct or by telephone, how it sounds, and the words that show whether anybody is in between.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { CallView } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';
import { icons } from '../icons.ts';

export const barsCss = css`
  .bars { display: inline-flex; align-items: flex-end; gap: 2px; block-size: 12px; padding-inline-start: 2px; color: var(--_green-text); }
  .bars.fair { color: var(--_amber-text); }
  .bars.poor { color: var(--_red-text); }
  .bars i { inline-size: 3px; block-size: 5px; border-radius: 1px; background: currentColor; }
  .bars i:nth-child(2) { block-size: 8px; }
  .bars i:nth-child(3) { block-size: 12px; }
  .fair i:nth-child(3), .poor i:nth-child(n + 2) { opacity: 0.3; }
  @media (forced-colors: active) { .bars i { background: CanvasText; forced-color-adjust: none; } }
`;

export function viaBadge(call: CallView): TemplateResult {
  const t = texts();
  const direct = call.via === 'room';
  return html`<div class="meta via" part="via" title=${direct ? t.directHint : t.byTelephoneHint}>
    ${direct ? icons.user : icons.phone}${direct ? t.direct : t.byTelephone}${qualityBars(call)}
  </div>`;
}

/** One to three bars, and the word for them. */
export function qualityBars({ quality }: CallView): TemplateResult | typeof nothing {
  if (!quality) return nothing;
  const word = texts().quality[quality.level];
  return html`<span class="bars ${quality.level}" role="img" aria-label=${word} title=${word}><i></i><i></i><i></i></span>`;
}

/** The same on both screens of a direct call with nobody in between (A9). */
export function wordsToCheck({ words }: CallView): TemplateResult | typeof nothing {
  if (!words) return nothing;
  const t = texts();
  return html`<details class="words meta">
    <summary>${t.checkWords}</summary>
    ${t.checkWordsHint}
    <div class="four" dir="ltr" translate="no">${words.map((word) => html`<b>${word}</b> `)}</div>
  </details>`;
}
