// Draws a person's photo: initials on a soft gradient. No picture of a real person is needed anywhere.
import { type DemoPerson, initialsOf } from '../people.ts';

/** An SVG picture of 96 × 96 whose white letters keep a contrast above 4.5:1 at every hue. */
export function photoSvg(person: DemoPerson): string {
  const { hue, name } = person;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" role="img" aria-label="${name}">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue} 42% 42%)"/><stop offset="1" stop-color="hsl(${hue + 24} 52% 28%)"/></linearGradient></defs>
<rect width="96" height="96" fill="url(#g)"/>
<text x="48" y="49" text-anchor="middle" dominant-baseline="central" font-family="system-ui,sans-serif" font-size="36" font-weight="600" letter-spacing="1" fill="#fff">${initialsOf(name)}</text>
</svg>`;
}
