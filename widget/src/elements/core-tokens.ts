// The design tokens that the elements of the loader share; everything else comes with `tokens.ts`. Plain text, because
// they know no Lit. Public: `--ringtag-accent`, `--ringtag-font`, `--ringtag-radius`, `--ringtag-scheme`; names that
// begin with `--_` are ours and may change. What stands on the accent is black or white by its luminance (WCAG 2.2,
// 1.4.3), so that any accent stays readable.

/** Goes into each shadow root. `light-dark()` follows the element's own colour scheme, so one page can have both. */
export const coreTokens = /* css */ `
:host {
  all: initial;
  font-family: var(--ringtag-font, inherit);
  color-scheme: var(--ringtag-scheme, var(--_page-scheme, light dark));
  --_accent: var(--ringtag-accent, light-dark(#2f5bd7, #3f6ae6));
  --_on-accent: color(from var(--_accent) xyz-d65
    calc(0.9505 * clamp(0, (0.18 - y) * 1000, 1)) clamp(0, (0.18 - y) * 1000, 1) calc(1.089 * clamp(0, (0.18 - y) * 1000, 1)));
  --_accent-text: light-dark(
    oklch(from var(--_accent) min(l, 0.5) c h), oklch(from var(--_accent) max(l, 0.78) min(c, 0.12) h));
  --_surface: light-dark(#ffffff, #1b1c1f);
  --_text: light-dark(#16181d, #f2f3f5);
  --_radius: var(--ringtag-radius, 10px);
  color: var(--_text);
  font-size: 14px;
  line-height: 20px;
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: inherit; color: inherit; margin: 0; padding: 0; border: 0; background: none; cursor: pointer; }
svg { display: block; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--_accent-text); outline-offset: 2px; }
@supports not (color: oklch(from red l c h)) {
  :host { --_on-accent: #fff; --_accent-text: var(--_accent); }
}
`;
