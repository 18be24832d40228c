// Looks of what is shown of visitors: what is known of them, the chat, and what they left.
import { css } from 'lit';

export const visitsCss = css`
  .plain { margin: 0; padding: 0; list-style: none; }
  a { color: var(--_accent-text); overflow-wrap: anywhere; border-radius: 2px; }
  a:focus-visible { outline: 2px solid var(--_accent-text); outline-offset: 2px; }
  .context { margin: 0; display: grid; gap: 6px; text-align: start; }
  .context > div { display: grid; grid-template-columns: minmax(84px, 28%) minmax(0, 1fr); gap: 8px; }
  dt { color: var(--_muted); font-size: 12px; line-height: 20px; overflow-wrap: anywhere; }
  dd { margin: 0; overflow-wrap: anywhere; }
  .none, .note { margin: 0; padding: 8px 0; }
  .chat { display: flex; flex-direction: column; gap: 8px; min-block-size: 0; text-align: start; }
  .log { overflow: hidden auto; overscroll-behavior: contain; max-block-size: var(--log, 220px); border-radius: var(--_radius); outline-offset: -2px; }
  .log ol { display: flex; flex-direction: column; gap: 8px; padding: 2px; }
  .log li { display: flex; flex-direction: column; align-items: flex-start; gap: 2px; max-inline-size: 88%; }
  .log li.own { align-self: flex-end; align-items: flex-end; }
  .text { padding: 6px 10px; border-radius: var(--_radius); background: var(--_raised); white-space: pre-wrap; overflow-wrap: anywhere; }
  .own .text { background: var(--_accent-soft); }
  .coming .text { opacity: 0.7; }
  .failed .meta { color: var(--_red-text); }
  .link { color: var(--_accent-text); text-decoration: underline; font-weight: 600; padding: 4px; }
  .say { display: flex; gap: 4px; align-items: flex-end; }
  textarea {
    all: unset; box-sizing: border-box; flex: 1; min-inline-size: 0; min-block-size: 40px; max-block-size: 120px; padding: 10px 12px;
    border-radius: var(--_radius); box-shadow: inset 0 0 0 1px var(--_field-line); font: inherit; color: var(--_text);
    overflow: hidden auto; overflow-wrap: anywhere; white-space: pre-wrap; cursor: text; field-sizing: content;
  }
  textarea::placeholder { color: var(--_muted); opacity: 1; }
  textarea:focus-visible { box-shadow: inset 0 0 0 2px var(--_accent-text); }
  .send { inline-size: 40px; block-size: 40px; color: var(--_accent-text); }
  .send:dir(rtl) svg { transform: scaleX(-1); }
  @media (forced-colors: active) {
    textarea { border: 1px solid ButtonText; }
    textarea:focus-visible { outline: 2px solid Highlight; }
    .text { border: 1px solid CanvasText; }
  }
`;
