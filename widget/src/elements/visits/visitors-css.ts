// Looks of the place with all visitors.
import { css } from 'lit';

export const visitorsCss = css`
  h3 { all: unset; display: block; font-weight: 600; }
  .list > h3 { font-size: 12px; line-height: 16px; color: var(--_muted); padding: 12px 8px 4px; }
  .visit { inline-size: 100%; text-align: start; }
  .visit .names > * { display: block; }
  /* Beside the other lines, whichever way it is written. */
  .last { text-align: match-parent; }
  .last:empty { display: none; }
  .count { flex: none; padding: 0 6px; border-radius: 10px; background: var(--_red); color: #fff; font-size: 12px; line-height: 18px; font-weight: 600; }
  .lefts { display: grid; gap: 8px; padding-inline: 4px; }
  .one { --log: none; flex: 1; min-block-size: 0; display: flex; flex-direction: column; gap: 8px; padding: 0 12px 12px; }
  .one .head { display: flex; align-items: center; gap: 4px; flex: none; }
  .back:dir(rtl) svg { transform: scaleX(-1); }
  .end { min-block-size: 36px; padding: 4px 12px; flex: none; }
  .about { flex: none; max-block-size: 45%; overflow: hidden auto; overscroll-behavior: contain; border-radius: 4px; }
  .about summary { cursor: pointer; padding-block: 4px; border-radius: 4px; inline-size: fit-content; }
  .chat { flex: 1; }
  .problem { color: var(--_red-text); margin: 0; }
`;
