// Looks of the settings: one column of sections, each with its picker, that fits 300 px.
import { css } from 'lit';

export const settingsCss = css`
  :host { display: block; overflow: hidden auto; overscroll-behavior: contain; }
  .settings { display: flex; flex-direction: column; gap: 20px; padding: 8px 16px 20px; }
  section { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; }
  h3, label { all: unset; display: block; font-weight: 600; }
  select {
    font: inherit; color: var(--_text); background: var(--_surface); inline-size: 100%; min-inline-size: 0; block-size: 40px;
    padding-inline: 10px; border: 1px solid var(--_field-line); border-radius: var(--_radius); text-overflow: ellipsis;
  }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .actions .button { flex: 1 1 auto; padding-block: 4px; text-align: center; }
  meter {
    appearance: none; display: block; inline-size: 100%; block-size: 8px; border: 0; border-radius: 4px; overflow: hidden;
    background: var(--_hover);
  }
  meter::-webkit-meter-inner-element { display: block; block-size: 8px; }
  meter::-webkit-meter-bar { block-size: 8px; border: 0; border-radius: 4px; background: var(--_hover); }
  meter::-webkit-meter-optimum-value { background: var(--_green-text); transition: inline-size 60ms linear; }
  meter::-moz-meter-bar { background: var(--_green-text); }
  .problem { padding: 8px 12px; border-radius: var(--_radius); background: var(--_red-soft); }
  video {
    inline-size: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: var(--_radius); background: #000;
    transform: scaleX(-1);
  }
  @media (forced-colors: active) { .problem { border: 1px solid CanvasText; } select { border-color: ButtonBorder; } }
`;
