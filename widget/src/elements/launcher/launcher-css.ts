// Looks of the launcher: one round button at the bottom end of the page, and the place where its pane opens.

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
  transition: background-color var(--_ease), transform var(--_ease);
}
.launcher:hover { background: var(--_accent-hover); }
.launcher:active { transform: scale(0.96); }
.launcher svg { inline-size: 24px; block-size: 24px; }
.launcher:focus-visible { outline-offset: 3px; }
.launcher .time { font-weight: 600; font-size: 15px; font-variant-numeric: tabular-nums; padding-inline-end: 4px; }
.launcher.live { background: var(--_green); color: #fff; padding-inline: 16px; }
.launcher.live:hover { background: var(--_green-hover); }
.launcher.ringing::after {
  content: ''; position: absolute; inset: 0; border-radius: inherit; border: 2px solid var(--_green);
  animation: pulse 1.6s ease-out infinite;
}
@keyframes pulse { from { transform: scale(1); opacity: 0.9; } to { transform: scale(1.5); opacity: 0; } }
.failed {
  background: var(--_surface); color: var(--_text); padding: 12px 16px; border-radius: var(--_radius);
  box-shadow: var(--_shadow); max-inline-size: 280px;
}
ringtag-call-bar {
  inline-size: 300px; min-inline-size: 0; flex: 0 1 auto; border-radius: 28px; overflow: hidden; box-shadow: var(--_shadow);
}
ringtag-pane {
  position: fixed; inset-block-end: calc(var(--ringtag-launcher-inset, 20px) + 68px);
  inset-inline-end: var(--ringtag-launcher-inset, 20px);
  inline-size: 360px; block-size: min(560px, calc(100dvh - 108px));
  border-radius: calc(var(--_radius) + 2px); box-shadow: var(--_shadow);
  transition: opacity var(--_ease), transform var(--_ease), display var(--_ease) allow-discrete;
}
:host(:not([open])) ringtag-pane { display: none; opacity: 0; transform: translateY(8px); }
@starting-style { :host([open]) ringtag-pane { opacity: 0; transform: translateY(8px); } }
@media (max-width: 479px) {
  .launcher .time { display: none; }
  .launcher.live { padding-inline: 0; }
  :host([open]) .launcher { display: none; }
  :host([open]) ringtag-pane { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; }
}
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } ringtag-pane { border: 1px solid CanvasText; } }
@media print { :host { display: none; } }
`;
