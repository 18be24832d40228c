// Looks of the call card. Every part has its place in every state, so that nothing moves under the finger.
import { css } from 'lit';

export const callCardCss = css`
  :host { display: block; block-size: 100%; outline: none; container-type: size; }
  .card { outline-offset: -2px; display: flex; flex-direction: column; block-size: 100%; min-block-size: 0; }
  .top {
    flex: 1; min-block-size: 0; display: flex; flex-direction: column; align-items: center; gap: 2px;
    padding: 12px 16px 4px; text-align: center; overflow: hidden auto;
  }
  .top > * { flex-shrink: 0; }
  .who { --face: 72px; display: contents; }
  .card:has(.strip) .who { --face: 40px; }
  .card:has(.words, .sentence, .news:not(:empty)) .top > .who { --face: 56px; }
  .card:has(.pair, .words[open]) .top > .who, .card:has(.words[open]) .news:empty { display: none; }
  .card:has(ringtag-visit-about) .top > .who { --face: 40px; }
  .top > ringtag-visit-about { inline-size: 100%; flex: 1 1 0; min-block-size: 160px; }
  .card:has(ringtag-visit-about) :is(.line .via, .news:empty) { display: none; }
  .top > .who > .face { margin-block-end: 8px; }
  .top:not(:has(.line)) { padding-block-start: clamp(4px, 4cqb, 28px); }
  .line { display: flex; align-items: center; gap: 8px; inline-size: 100%; min-block-size: 28px; flex: none; }
  .line h2 { flex: 1; text-align: start; min-inline-size: 40%; font-size: 14px; line-height: 20px; }
  .line .via { margin: 0; }
  .line .warn { white-space: normal; text-align: end; text-wrap: balance; line-height: 20px; }
  .line:has(.warn) .via { display: none; }
  h2 {
    all: unset; display: block; font-size: 16px; line-height: 24px; font-weight: 600; max-inline-size: 100%;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  }
  .status { min-block-size: 24px; line-height: 24px; color: var(--_muted); font-variant-numeric: tabular-nums; text-wrap: balance; }
  .status.time { color: var(--_text); font-size: 16px; }
  .status.warn { color: var(--_amber-text); font-weight: 600; }
  .status.bad { color: var(--_red-text); font-weight: 600; }
  .via {
    display: inline-flex; gap: 6px; align-items: center; padding: 2px 8px; border-radius: 10px; background: var(--_raised);
    margin-block: 6px; flex: none;
  }
  .via svg { inline-size: 12px; block-size: 12px; }
  ringtag-keypad { margin-block-start: auto; margin-block-end: auto; }
  .news { min-block-size: 20px; text-wrap: balance; }
  .words { max-inline-size: 40ch; text-wrap: balance; }
  .words summary { cursor: pointer; padding-block: 4px; border-radius: 4px; }
  .four { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 12px; margin-block: 4px; font-size: 14px; line-height: 20px; color: var(--_text); }
  .strip { display: flex; align-items: center; gap: 10px; padding: 8px 12px; background: var(--_raised); flex: none; }
  .strip .names { flex: 1; min-inline-size: 0; }
  .strip .button { min-block-size: 40px; padding: 0 12px; background: var(--_surface); flex: none; }
  .strip .primary { background: var(--_accent); }
  .strip .primary[aria-disabled='true'] { opacity: 0.55; }
  .pair { padding-block-start: 0; }
  .pair .button { flex: 1 1 0; min-inline-size: 0; }
  .sentence { max-inline-size: 30ch; text-wrap: balance; }
  .video { position: relative; inline-size: 100%; flex: 1; min-block-size: 120px; border-radius: var(--_radius); overflow: hidden; background: #000; }
  .video video { inline-size: 100%; block-size: 100%; object-fit: cover; position: absolute; inset: 0; }
  .video .who { position: absolute; inset: 0; display: grid; place-items: center; }
  .video .self {
    inset: auto; inset-block-end: 8px; inset-inline-end: 8px; inline-size: 96px; block-size: 72px; border-radius: 8px;
    box-shadow: 0 0 0 1px rgb(255 255 255 / 40%); transform: scaleX(-1);
  }
  .pip { position: absolute; inset-block-start: 8px; inset-inline-end: 8px; background: rgb(0 0 0 / 60%); color: #fff; }
  .pip:hover { background: #000; color: #fff; }
  .controls, .bottom { inline-size: 100%; max-inline-size: 480px; margin-inline: auto; flex: none; }
  .controls { display: grid; grid: auto / auto-flow minmax(0, 1fr); padding: 0 4px; position: relative; }
  .control {
    display: flex; flex-direction: column; align-items: center; gap: 6px; padding: 6px 0; font-size: 11px;
    line-height: 16px; color: var(--_text); border-radius: var(--_radius); min-inline-size: 0;
  }
  .controls > .blank { position: absolute; z-index: 2; inset-inline: 8px; inset-block-end: 100%; padding: 16px; text-align: center; background: var(--_surface); border-radius: var(--_radius); box-shadow: var(--_shadow); }
  .control .clip { max-inline-size: 100%; }
  .control .disc {
    display: inline-flex; align-items: center; justify-content: center; inline-size: 48px; block-size: 48px;
    border-radius: 50%; background: var(--_raised); transition: background-color var(--_ease);
  }
  /* Where there is little room, words come before the face. */
  @container (max-height: 380px) { .card:has(.news:not(:empty), .sentence) .top > .who { display: none; } }
  @container (max-width: 350px) {
    .control { font-size: 10px; letter-spacing: -0.01em; }
    .control .disc { inline-size: 44px; block-size: 44px; margin-block: 2px; }
  }
  .control:not([aria-disabled='true']):hover .disc { background: var(--_hover); }
  .control:not([aria-disabled='true']):active .disc { opacity: 0.7; }
  .control.on .disc { background: var(--_accent-soft); color: var(--_accent-text); }
  .control[aria-disabled='true'] { color: var(--_muted); }
  .control[aria-disabled='true'] .disc { opacity: 0.6; }
  .controls[inert] { display: none; }
  .offer { margin-block-start: auto; }
  .bottom { padding: 8px 16px 16px; display: flex; gap: 8px; }
  .bottom .button { flex: 1; min-block-size: 48px; border-radius: 24px; }
  @media (forced-colors: active) {
    .control .disc, .via, .strip { border: 1px solid ButtonText; }
    .control.on .disc { border-width: 3px; }
  }
`;
