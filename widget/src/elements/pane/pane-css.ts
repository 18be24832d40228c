// Looks of the pane: header, the search that is always there, one body, and the tabs.
import { css } from 'lit';

export const paneCss = css`
  :host { display: block; background: var(--_surface); overflow: hidden; position: relative; }
  .pane { display: flex; flex-direction: column; block-size: 100%; min-block-size: 0; }
  header { display: flex; align-items: center; gap: 2px; padding: 8px; min-block-size: 56px; position: relative; flex: none; }
  header .me { display: flex; align-items: center; gap: 10px; padding: 2px 8px; border-radius: var(--_radius); text-align: start; }
  header .me:hover { background: var(--_raised); }
  header .names { min-inline-size: 0; }
  header .name { font-weight: 600; }
  header .me, header .title { min-inline-size: 0; margin-inline-end: auto; }
  header .title { all: unset; font-weight: 600; padding-inline: 8px; flex: 1; min-inline-size: 0; }
  header .me svg { inline-size: 16px; block-size: 16px; color: var(--_muted); }
  header > .blank { position: absolute; z-index: 2; inset-inline: 8px; inset-block-start: 100%; background: var(--_surface); border-radius: var(--_radius); box-shadow: var(--_shadow); }
  .back:dir(rtl) { transform: scaleX(-1); }
  ringtag-people, ringtag-recent, ringtag-visitors, ringtag-transfer, ringtag-settings { flex: 1; min-block-size: 0; }
  ringtag-settings { overflow: hidden auto; }
  ringtag-people[compact] { flex: none; }
  ringtag-sign-in, ringtag-call-card, .loading { flex: 1; min-block-size: 0; }
  ringtag-call-bar { border-block-start: 1px solid var(--_line); }
  .notice { display: flex; align-items: center; gap: 10px; margin: 0 12px 8px; padding: 8px; padding-inline-start: 12px; border-radius: var(--_radius); background: var(--_red-soft); color: var(--_text); flex: none; }
  .notice svg { color: var(--_red-text); }
  .notice.mild { background: var(--_amber-soft); }
  .notice.mild svg { color: var(--_amber-text); }
  .notice .words { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
  .notice .button { min-block-size: 32px; padding: 0 12px; background: var(--_surface); flex: none; }
  .loading { padding: 12px 16px; }
  .tabs { display: flex; border-block-start: 1px solid var(--_line); flex: none; }
  .tab { flex: 1; block-size: 44px; color: var(--_muted); font-weight: 600; position: relative; border-radius: 6px; outline-offset: -3px; }
  .tab:hover { color: var(--_text); }
  .tab[aria-selected='true'] { color: var(--_accent-text); }
  .tab[aria-selected='true']::before { content: ''; position: absolute; inset-block-start: -1px; inset-inline: 25%; block-size: 2px; background: currentColor; }
  .tab .count { margin-inline-start: 6px; padding: 0 6px; border-radius: 10px; background: var(--_red); color: #fff; font-size: 12px; line-height: 18px; display: inline-block; }
  @media (forced-colors: active) { .tab[aria-selected='true']::before { background: Highlight; } .notice { border: 1px solid CanvasText; } }
`;
