// The design tokens of every inner element: colours for both schemes, type, spacing, motion. Not in the loader, which
// has no bytes for those that only panes need.

/** Goes into each shadow root of the panes, after the core tokens, which are in the loader and stay there. */
export const tokens = /* css */ `
:host {
  --_ease: 150ms ease-out;
  --_shadow: 0 0 0 1px light-dark(rgb(15 20 30 / 8%), rgb(255 255 255 / 10%)), 0 2px 6px rgb(15 20 30 / 8%),
    0 12px 32px rgb(15 20 30 / 18%);
  --_accent-hover: color-mix(in oklab, var(--_accent) 88%, color(from var(--_accent) xyz-d65
    calc(0.9505 * clamp(0, (y - 0.18) * 1000, 1)) clamp(0, (y - 0.18) * 1000, 1) calc(1.089 * clamp(0, (y - 0.18) * 1000, 1))));
  --_green: light-dark(#17773d, #257d46);
  --_green-hover: light-dark(#115f30, #1e6a3a);
  --_line: light-dark(#e2e5e9, #34373c);
  --_muted: light-dark(#596069, #a3a9b3);
  --_accent-soft: color-mix(in oklab, var(--_accent) 12%, var(--_surface));
  --_raised: light-dark(#f4f5f7, #26282c);
  --_hover: light-dark(#eceef1, #303338);
  --_field-line: light-dark(#858c96, #7b828c);
  --_green-text: light-dark(#17773d, #5fd08a);
  --_red: light-dark(#c62b2b, #cf3a3a);
  --_red-hover: light-dark(#a82222, #b62f2f);
  --_red-text: light-dark(#b42323, #ff8f88);
  --_red-soft: light-dark(#fdeeed, #3a2324);
  --_amber-text: light-dark(#8a5300, #f0b35a);
  --_amber-soft: light-dark(#fff5e2, #3a2f1d);
}
.unseen {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
button:disabled { cursor: default; }
@supports not (color: oklch(from red l c h)) { :host { --_accent-hover: var(--_accent); } }
`;
