// Looks of the pane: header, the search that is always there, and one body.
import { css } from 'lit';

export const paneCss = css`
  :host { display: block; background: var(--_surface); overflow: hidden; position: relative; }
  .pane { display: flex; flex-direction: column; block-size: 100%; min-block-size: 0; }
  header { display: flex; align-items: center; gap: 10px; padding: 10px 8px 6px 16px; padding-inline: 16px 8px; min-block-size: 56px; }
  header .names { flex: 1; min-inline-size: 0; }
  header .name { font-weight: 600; }
  header .presence { display: inline-flex; align-items: center; gap: 5px; }
  .presence::before { content: ''; inline-size: 8px; block-size: 8px; border-radius: 50%; border: 1.5px solid var(--_amber-text); }
  .presence.online { color: var(--_green-text); }
  .presence.online::before { background: var(--_green-text); border-color: var(--_green-text); }
  .presence.waiting { color: var(--_amber-text); }
  ringtag-people { flex: 1; }
  ringtag-people[compact] { flex: none; }
  ringtag-sign-in, ringtag-call-card, .loading { flex: 1; min-block-size: 0; }
  ringtag-call-bar { border-block-start: 1px solid var(--_line); }
  .notice { display: flex; align-items: center; gap: 10px; margin: 0 12px 8px; padding: 8px 8px 8px 12px; padding-inline: 12px 8px; border-radius: var(--_radius); background: var(--_red-soft); color: var(--_text); }
  .notice svg { color: var(--_red-text); }
  .notice.mild { background: var(--_amber-soft); }
  .notice.mild svg { color: var(--_amber-text); }
  .notice > span, .notice > .words { flex: 1; min-inline-size: 0; }
  .notice .button { min-block-size: 32px; padding: 0 12px; background: var(--_surface); flex: none; }
  .loading { padding: 12px 16px; }
`;
