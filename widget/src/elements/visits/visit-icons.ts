// Icons of lucide (ISC licence), written by build/icons.mjs. They are decoration: the name is on the button.
import { svg, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';

/** Drawn at 20 px with the stroke of the stylesheet. */
export const visitIcons = {
  check: icon(svg`<path d="M20 6 9 17l-5-5"/>`),
  messageSquare: icon(
    svg`<path d="M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z"/>`,
  ),
} as const satisfies Record<string, TemplateResult>;
