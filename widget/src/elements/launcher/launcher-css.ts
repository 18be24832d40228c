// Looks of the launcher: one round button at the bottom end of the page, and the dock it stands in.

export const launcherCss = /* css */ `
:host { display: contents; }
.dock {
  position: fixed; z-index: 2147483000; inset-block-end: 0; inset-inline-end: 0;
  padding: var(--ringtag-launcher-inset, 20px);
  display: flex; align-items: flex-end; justify-content: flex-end; gap: 12px;
  max-inline-size: 100vw; pointer-events: none;
}
.dock > * { pointer-events: auto; }
.launcher {
  position: relative; block-size: 56px; min-inline-size: 56px; border-radius: 28px; flex: none;
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  background: var(--_accent); color: var(--_on-accent);
  box-shadow: 0 1px 3px rgb(15 20 30 / 20%), 0 8px 24px rgb(15 20 30 / 22%);
}
.launcher:hover { filter: brightness(1.1); }
.launcher:active { transform: scale(0.96); }
.launcher svg { inline-size: 24px; block-size: 24px; }
.failed {
  background: var(--_surface); color: var(--_text); padding: 12px 16px; border-radius: var(--_radius);
  box-shadow: 0 1px 3px rgb(15 20 30 / 20%), 0 8px 24px rgb(15 20 30 / 22%); max-inline-size: 280px;
}
@media (max-width: 479px) {
  :host([open]) .launcher { display: none; }
}
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } }
@media print { :host { display: none; } }
`;
