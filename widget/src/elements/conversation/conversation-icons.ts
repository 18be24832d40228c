// Icons of lucide (ISC licence), written by build/icons.mjs. They are decoration: the name is on the button.
import { html, svg, type TemplateResult } from 'lit';

const icon = (shapes: ReturnType<typeof svg>) =>
  html`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">${shapes}</svg>`;

/** Drawn at 20 px with the stroke of the stylesheet. */
export const conversationIcons = {
  send: icon(
    svg`<path d="M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z"/><path d="m21.854 2.147-10.94 10.939"/>`,
  ),
} as const satisfies Record<string, TemplateResult>;
