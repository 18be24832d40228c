// Looks of the search box and of the list of people.
import { css } from 'lit';

export const peopleCss = css`
  :host { display: flex; flex-direction: column; min-block-size: 0; }
  .search { position: relative; padding: 4px 12px 8px; }
  .search svg { position: absolute; inset-inline-start: 22px; inset-block-start: 14px; inline-size: 18px; block-size: 18px; color: var(--_muted); pointer-events: none; }
  input {
    all: unset; box-sizing: border-box; inline-size: 100%; block-size: 40px; padding-inline: 36px 12px; cursor: text;
    border-radius: var(--_radius); background: var(--_raised); font: inherit; color: var(--_text);
    box-shadow: inset 0 0 0 1px transparent; transition: background-color var(--_ease);
  }
  input::placeholder { color: var(--_muted); opacity: 1; }
  input::-webkit-search-cancel-button { display: none; }
  input:focus-visible { outline: none; box-shadow: inset 0 0 0 2px var(--_accent-text); background: var(--_surface); }
  .list { flex: 1; min-block-size: 0; overflow: hidden auto; padding: 0 8px 8px; overscroll-behavior: contain; margin: 0; list-style: none; }
  .row {
    display: flex; align-items: center; gap: 12px; padding: 8px; border-radius: var(--_radius);
    min-block-size: 56px; position: relative;
  }
  .row:hover, .row:focus-within { background: var(--_raised); }
  .row:hover .face, .row:focus-within .face { background: var(--_hover); }
  .face { background: var(--_raised); }
  .names { flex: 1; min-inline-size: 0; }
  .you { padding-inline-end: 10px; }
  .name { font-weight: 600; }
  .second { display: flex; gap: 6px; }
  .row .icon.call { color: var(--_accent-text); }
  .row .icon.call:hover, .row .icon.call:focus-visible { background: var(--_accent); color: var(--_on-accent); }
  .row .more { display: none; }
  .row:hover .more, .row:focus-within .more { display: inline-flex; }
  @media (hover: none) { .row .more { display: inline-flex; } }
  .blank { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; padding: 24px; text-align: center; }
  .blank svg { inline-size: 32px; block-size: 32px; color: var(--_muted); margin-block-end: 8px; stroke-width: 1.5; }
  .blank strong { font-weight: 600; overflow-wrap: anywhere; }
  .blank .body { color: var(--_muted); max-inline-size: 30ch; text-wrap: balance; }
  .blank .button { margin-block-start: 12px; }
  .bone { background: var(--_raised); border-radius: 6px; animation: breathe 1.4s ease-in-out infinite alternate; }
  .bone.round { inline-size: 36px; block-size: 36px; border-radius: 50%; flex: none; }
  .bone.line { block-size: 12px; inline-size: var(--w, 60%); margin-block: 4px; }
  .bone.short { --w: 38%; }
  @keyframes breathe { from { opacity: 1; } to { opacity: 0.5; } }
  @media (forced-colors: active) {
    input:focus-visible { outline: 2px solid Highlight; } input { border: 1px solid ButtonText; } }
`;
