// Looks of what a call button unfolds into.
import { css } from 'lit';

export const visitCss = css`
  :host { display: block; inline-size: 100%; font-size: 15px; line-height: 22px; scroll-margin: 8px; }
  :host([hidden]) { display: none; }
  .card {
    background: var(--_surface); color: var(--_text); border: 1px solid var(--_line); border-radius: calc(var(--_radius) + 2px);
    padding: 16px; display: flex; flex-direction: column; gap: 12px; text-align: start;
  }
  header { display: flex; align-items: flex-start; gap: 8px; }
  h2 { flex: 1; margin: 0; font-size: 16px; line-height: 24px; font-weight: 600; min-inline-size: 0; overflow-wrap: anywhere; }
  /* Where the focus is put for screen readers; nothing can be pressed there. */
  h2:focus { outline: none; }
  p { margin: 0; overflow-wrap: anywhere; text-wrap: pretty; }
  p:empty { display: none; }
  .meta { color: var(--_muted); font-size: 13px; line-height: 18px; }
  .time { font-variant-numeric: tabular-nums; color: var(--_muted); }
  .notice { background: var(--_amber-soft); border-radius: var(--_radius); padding: 8px 12px; }
  .notice.bad { background: var(--_red-soft); }
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 44px; padding: 8px 16px;
    border-radius: var(--_radius); font-weight: 600; background: var(--_raised); text-align: center; text-wrap: balance;
    transition: background-color var(--_ease);
  }
  .button:hover { background: var(--_hover); }
  .button.primary { background: var(--_accent); color: var(--_on-accent); }
  .button.primary:hover { background: var(--_accent-hover); }
  .button.stop { background: var(--_red); color: #fff; }
  .button.stop:hover { background: var(--_red-hover); }
  .button.wide { flex: 1 1 100%; }
  /* Where they are in every state, at the foot: what comes and goes above moves none of them. */
  .controls { margin-block-start: auto; }
  .controls .button { flex: 1 1 auto; padding-inline: 10px; }
  .controls .stop { flex-basis: 100%; }
  /* As high however much is written. */
  .live { flex: 1 0 300px; --log: none; }
  .button.on, .button[aria-expanded='true'] { background: var(--_accent-soft); color: var(--_accent-text); }
  .icon {
    display: inline-flex; align-items: center; justify-content: center; inline-size: 32px; block-size: 32px; flex: none;
    border-radius: 50%; margin: -4px; margin-inline-start: 0; color: var(--_muted);
  }
  .icon:hover { background: var(--_hover); color: var(--_text); }
  label { display: flex; gap: 8px; align-items: flex-start; }
  input[type='checkbox'] { inline-size: 18px; block-size: 18px; margin: 2px 0; accent-color: var(--_accent); flex: none; }
  form, .steps { display: grid; gap: 12px; }
  .button:disabled { opacity: 0.5; cursor: default; }
  @media (forced-colors: active) {
    .button, .icon, .card, .notice { border: 1px solid ButtonText; }
    .button.on { border-width: 3px; }
  }
`;
