// Looks of what the launcher gets with the panes: the pane it opens and the bar of a call. Not in the loader, which
// has no bytes for them.

export const openedCss = /* css */ `
ringtag-call-bar {
  inline-size: 300px; min-inline-size: 0; flex: 0 1 auto; border-radius: 28px; overflow: hidden; box-shadow: var(--_shadow);
}
ringtag-pane {
  position: fixed; inset-block-end: calc(var(--ringtag-launcher-inset, 20px) + 68px);
  inset-inline-end: var(--ringtag-launcher-inset, 20px);
  inline-size: 360px; block-size: min(640px, calc(100dvh - 108px));
  border-radius: calc(var(--_radius) + 2px); box-shadow: var(--_shadow);
  transition: opacity var(--_ease), transform var(--_ease), display var(--_ease) allow-discrete;
}
:host(:not([open])) ringtag-pane { display: none; opacity: 0; transform: translateY(8px); }
@starting-style { :host([open]) ringtag-pane { opacity: 0; transform: translateY(8px); } }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; padding: 0 6px; border-radius: 11px;
  border: 2px solid var(--_surface); background: var(--_red); color: #fff; font-size: 12px; line-height: 18px; font-weight: 600;
  font-variant-numeric: tabular-nums; text-align: center;
}
.dnd .launcher:has(.badge:not([hidden]))::before { inset-block: auto 0; }
.dnd .launcher::before {
  content: ''; position: absolute; inset-block-start: 0; inset-inline-end: 0; inline-size: 18px; block-size: 18px; border-radius: 50%;
  border: 2px solid var(--_surface); background: linear-gradient(#fff, #fff) center / 8px 2px no-repeat var(--_red);
}
@media (max-width: 479px) { :host([open]) ringtag-pane { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; } }
@media (forced-colors: active) { ringtag-pane, ringtag-call-bar { border: 1px solid CanvasText; } }
`;
