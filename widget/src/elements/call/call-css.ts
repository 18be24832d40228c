// Looks of a call button and the line beneath it. What it unfolds into brings its own.

export const callCss = /* css */ `
:host { display: inline-block; max-inline-size: 100%; font-size: 15px; vertical-align: top; }
button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 44px;
  padding: 8px 18px; border-radius: var(--_radius); font-weight: 600; background: var(--_accent); color: var(--_on-accent);
}
svg { inline-size: 20px; block-size: 20px; }
button:hover { filter: brightness(1.1); }
[aria-busy] { opacity: 0.6; }
p { margin: 4px 0 0; font-size: 13px; opacity: 0.8; }
@media (forced-colors: active) { button { border: 1px solid ButtonText; } }
`;
