// Styles and small templates that the inner elements share: buttons, faces, notices.

import { css, html, type TemplateResult, unsafeCSS } from 'lit';
import type { NamedPeer } from '../call/phone.ts';
import { texts } from '../i18n/index.ts';
import { coreTokens } from './core-tokens.ts';
import { icons } from './icons.ts';
import { tokens } from './tokens.ts';

export const looks = [
  unsafeCSS(coreTokens + tokens),
  css`
    .button {
      display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 40px;
      padding: 4px 16px; border-radius: var(--_radius); font-weight: 600; background: var(--_raised); text-wrap: balance;
      transition: background-color var(--_ease);
    }
    .button:hover { background: var(--_hover); }
    .button.primary { background: var(--_accent); color: var(--_on-accent); }
    .button.primary:hover { background: var(--_accent-hover); }
    .button.go { background: var(--_green); color: #fff; }
    .button.go:hover { background: var(--_green-hover); }
    .button.stop { background: var(--_red); color: #fff; }
    .button.stop:hover { background: var(--_red-hover); }
    .button.quiet { background: none; color: var(--_accent-text); }
    .button.quiet:hover { background: var(--_raised); }
    .button:active { opacity: 0.85; }
    .button:disabled { opacity: 0.55; }
    .icon {
      display: inline-flex; align-items: center; justify-content: center; inline-size: 36px; block-size: 36px;
      border-radius: 50%; flex: none; color: var(--_muted); transition: background-color var(--_ease);
    }
    .icon:hover { background: var(--_hover); color: var(--_text); }
    .icon:active { opacity: 0.7; }
    .face {
      display: inline-flex; align-items: center; justify-content: center; flex: none; overflow: hidden;
      inline-size: var(--face, 36px); block-size: var(--face, 36px); border-radius: 50%; background: var(--_hover);
      color: var(--_text); font-weight: 600; font-size: calc(var(--face, 36px) * 0.36); line-height: 1;
      user-select: none; position: relative;
    }
    .face svg { inline-size: 56%; block-size: 56%; }
    .face img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; }
    .meta { font-size: 12px; line-height: 16px; color: var(--_muted); }
    .code { font-size: 12px; line-height: 16px; }
    .code summary { cursor: pointer; inline-size: fit-content; padding-block: 4px; border-radius: 4px; }
    .code code { user-select: all; }
    .presence { display: inline-flex; align-items: center; gap: 5px; flex: none; text-wrap: balance; }
    .presence::before { content: ''; inline-size: 8px; block-size: 8px; border-radius: 50%; border: 1.5px solid var(--_muted); }
    .presence.online { color: var(--_green-text); }
    .presence.online::before { background: var(--_green-text); border-color: var(--_green-text); }
    .presence.waiting { color: var(--_amber-text); }
    .presence.waiting::before { border-color: var(--_amber-text); }
    .presence.dnd { color: var(--_red-text); }
    .presence.dnd::before { border: 0; border-radius: 1px; block-size: 3px; background: var(--_red-text); }
    .clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    @media (forced-colors: active) {
      .button, .icon { border: 1px solid ButtonText; }
      .button:disabled { border-color: GrayText; color: GrayText; }
      .face { border: 1px solid CanvasText; }
      .presence::before { forced-color-adjust: none; }
    }
  `,
];

/** A refusal for the integrator; the sentence for everybody else stands before it. */
export function codeDetails(code: string): TemplateResult {
  return html`<details class="code"><summary>${texts().details}</summary><code>${code}</code></details>`;
}

/** Two letters for a person; one for a single name; `#` for a bare number. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const first = [...(words[0] ?? '')][0];
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return first === undefined ? '#' : (first + last).toLocaleUpperCase();
}

/**
 * A photo over initials, which show where there is none or the page's policy keeps it out. Visitors of public pages have
 * no name to take letters from, and get a symbol.
 */
export function face(who: Pick<NamedPeer, 'name' | 'photoUrl' | 'isVisitor'>): TemplateResult {
  const letters = who.isVisitor ? icons.globe : initials(who.name);
  if (!who.photoUrl) return html`<span class="face" aria-hidden="true">${letters}</span>`;
  const show = (hidden: boolean) => (event: Event) => {
    (event.target as HTMLElement).hidden = hidden;
  };
  return html`<span class="face" aria-hidden="true"
    >${letters}<img
      src=${who.photoUrl}
      alt=""
      loading="lazy"
      referrerpolicy="no-referrer"
      @error=${show(true)}
      @load=${show(false)}
  /></span>`;
}
