// Looks of what the launcher gets with the panes: the pane it opens and the bar of a call. Not in the loader, which
// has no bytes for them.

export const openedCss = /* css */ `
:host { --_red: light-dark(#c62b2b, #cf3a3a); --_green: light-dark(#17773d, #257d46);
  --_ease: 150ms ease-out;
  --_shadow: 0 0 0 1px light-dark(rgb(15 20 30 / 8%), rgb(255 255 255 / 10%)), 0 2px 6px rgb(15 20 30 / 8%),
    0 12px 32px rgb(15 20 30 / 18%);
}
.launcher .time { font-weight: 600; font-size: 15px; font-variant-numeric: tabular-nums; padding-inline-end: 4px; }
.launcher.live { background: var(--_green); color: #fff; padding-inline: 16px; }
.launcher.ringing::after {
  content: ''; position: absolute; inset: 0; border-radius: inherit; border: 2px solid var(--_green);
  animation: pulse 1.6s ease-out infinite;
}
@keyframes pulse { from { transform: scale(1); opacity: 0.9; } to { transform: scale(1.5); opacity: 0; } }
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
@media (max-width: 479px) { .launcher .time { display: none; } .launcher.live { padding-inline: 0; } :host([open]) ringtag-pane { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; } }
@media (forced-colors: active) { ringtag-pane, ringtag-call-bar { border: 1px solid CanvasText; } }
`;
