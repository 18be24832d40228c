// Looks of the ringing dialog: top end of the page, over everything, moving nothing.
import { css } from 'lit';

export const ringingCss = css`
  :host { display: contents; }
  .stack {
    position: fixed; inset: auto; inset-block-start: 16px; inset-inline-end: 16px; margin: 0; padding: 0; border: 0;
    inline-size: min(380px, calc(100vw - 32px)); background: none; color: inherit; overflow: visible;
    display: flex; flex-direction: column; gap: 12px; z-index: 2147483001;
  }
  .stack:not(:popover-open) { display: none; }
  /* An open pane reaches up to here where the page is this low: beside it, so that both can be read. */
  @media (min-width: 820px) and (max-height: 860px) {
    :host([beside-pane]) .stack { inset-inline-end: calc(var(--ringtag-launcher-inset, 20px) + 376px); }
  }
  .dialog {
    background: var(--_surface); color: var(--_text); border-radius: calc(var(--_radius) + 4px); padding: 16px;
    box-shadow: var(--_shadow); animation: arrive 160ms ease-out;
  }
  @keyframes arrive { from { opacity: 0; transform: translateY(-8px); } }
  .who { display: flex; align-items: center; gap: 12px; --face: 48px; }
  .pulse { position: relative; border-radius: 50%; }
  .pulse::after {
    content: ''; position: absolute; inset: 0; border-radius: 50%; border: 2px solid var(--_green-text);
    animation: pulse 1.6s ease-out infinite;
  }
  @keyframes pulse { from { transform: scale(1); opacity: 0.9; } to { transform: scale(1.35); opacity: 0; } }
  .names { min-inline-size: 0; flex: 1; }
  h2 { all: unset; display: block; font-size: 16px; line-height: 24px; font-weight: 600; overflow-wrap: anywhere; }
  ringtag-visit-about { margin-block-start: 12px; }
  .actions { display: flex; gap: 8px; margin-block-start: 16px; }
  .actions .button { flex: 1; min-block-size: 44px; padding: 0 12px; }
  .actions .button.with-video { flex: 0 1 auto; }
  .actions.second { margin-block-start: 8px; justify-content: flex-end; }
  .actions.second .button { flex: 0 1 auto; min-inline-size: 50%; }
  .split { flex: 1; display: flex; gap: 1px; min-inline-size: fit-content; }
  .actions .split .button:not(:last-child) { border-start-end-radius: 0; border-end-end-radius: 0; }
  .actions .split .more { border-radius: 0; border-start-end-radius: var(--_radius); border-end-end-radius: var(--_radius); flex: none; inline-size: 40px; padding: 0; }
  .more[aria-expanded='true'] svg { transform: scaleY(-1); }
  .messages { margin-block-start: 12px; min-block-size: 200px; }
  .hint { margin-block-start: 12px; text-align: center; text-wrap: balance; }
  .muted { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; margin-block-start: 12px; }
  @media (max-width: 400px) {
    .stack { inset-block-start: 8px; inset-inline-end: 8px; inline-size: calc(100vw - 16px); }
    .dialog { padding: 12px; }
    .stop:not(.more) svg, .actions:has(.with-video, + .second) .go svg, .with-video .label { display: none; }
    .split { flex: none; }
    .actions .split .more { inline-size: 32px; }
    .actions .button { padding: 4px 8px; gap: 4px; min-inline-size: 0; text-wrap: balance; }
  }
  .note { display: flex; align-items: center; gap: 12px; padding-block: 12px; }
  @media (hover: none) { .hint { display: none; } }
  @media (forced-colors: active) { .dialog { border: 1px solid CanvasText; } }
`;
