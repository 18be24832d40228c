// Icons of lucide (ISC licence), written by build/icons.mjs. They are decoration: the name is on the button.
import { svg, type TemplateResult } from 'lit';
import { icon } from './visitor-icons.ts';

/** Drawn at 20 px with the stroke of the stylesheet. */
export const leaveIcons = {
  send: icon(
    svg`<path d="M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z"/><path d="m21.854 2.147-10.94 10.939"/>`,
  ),
  square: icon(svg`<rect width="18" height="18" x="3" y="3" rx="2"/>`),
} as const satisfies Record<string, TemplateResult>;
