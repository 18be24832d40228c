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
  .link { color: var(--_accent-text); text-decoration: underline; font-weight: 600; padding: 4px; }
`;
