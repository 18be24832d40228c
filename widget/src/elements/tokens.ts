// The design tokens of every element: colours for both schemes, type, spacing, motion. Plain text, because the
// loader's elements share it and know no Lit. Public: `--ringtag-accent`, `--ringtag-font`, `--ringtag-radius`,
// `--ringtag-scheme`; names that begin with `--_` are ours and may change. What stands on the accent is black or white
// by its luminance (WCAG 2.2, 1.4.3), so that any accent stays readable.

/** Goes into each shadow root. `light-dark()` follows the element's own colour scheme, so one page can have both. */
export const tokens = /* css */ `
:host {
  all: initial;
  font-family: var(--ringtag-font, inherit);
  color-scheme: var(--ringtag-scheme, var(--_page-scheme, light dark));
  --_accent: var(--ringtag-accent, light-dark(#2f5bd7, #3f6ae6));
  --_on-accent: color(from var(--_accent) xyz-d65
    calc(0.9505 * clamp(0, (0.18 - y) * 1000, 1)) clamp(0, (0.18 - y) * 1000, 1) calc(1.089 * clamp(0, (0.18 - y) * 1000, 1)));
  --_accent-hover: color-mix(in oklab, var(--_accent) 88%, color(from var(--_accent) xyz-d65
    calc(0.9505 * clamp(0, (y - 0.18) * 1000, 1)) clamp(0, (y - 0.18) * 1000, 1) calc(1.089 * clamp(0, (y - 0.18) * 1000, 1))));
  --_accent-text: light-dark(
    oklch(from var(--_accent) min(l, 0.5) c h), oklch(from var(--_accent) max(l, 0.78) min(c, 0.12) h));
  --_accent-soft: color-mix(in oklab, var(--_accent) 12%, var(--_surface));
  --_surface: light-dark(#ffffff, #1b1c1f);
  --_raised: light-dark(#f4f5f7, #26282c);
  --_hover: light-dark(#eceef1, #303338);
  --_line: light-dark(#e2e5e9, #34373c);
  --_field-line: light-dark(#858c96, #7b828c);
  --_text: light-dark(#16181d, #f2f3f5);
  --_muted: light-dark(#596069, #a3a9b3);
  --_green: light-dark(#17773d, #257d46);
  --_green-hover: light-dark(#115f30, #1e6a3a);
  --_green-text: light-dark(#17773d, #5fd08a);
  --_red: light-dark(#c62b2b, #cf3a3a);
  --_red-hover: light-dark(#a82222, #b62f2f);
  --_red-text: light-dark(#b42323, #ff8f88);
  --_red-soft: light-dark(#fdeeed, #3a2324);
  --_amber-text: light-dark(#8a5300, #f0b35a);
  --_amber-soft: light-dark(#fff5e2, #3a2f1d);
  --_radius: var(--ringtag-radius, 10px);
  --_shadow: 0 0 0 1px light-dark(rgb(15 20 30 / 8%), rgb(255 255 255 / 10%)), 0 2px 6px rgb(15 20 30 / 8%),
    0 12px 32px rgb(15 20 30 / 18%);
  --_ease: 150ms ease-out;
  color: var(--_text);
  font-size: 14px;
  line-height: 20px;
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.unseen {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
button { font: inherit; color: inherit; margin: 0; padding: 0; border: 0; background: none; cursor: pointer; }
button:disabled { cursor: default; }
svg { display: block; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--_accent-text); outline-offset: 2px; }
@supports not (color: oklch(from red l c h)) {
  :host { --_on-accent: #fff; --_accent-hover: var(--_accent); --_accent-text: var(--_accent); }
}
`;
