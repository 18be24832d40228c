// The frame of every admin page: where one is, what has just happened, and the look of tables and forms. Works without
// a script, from 320 px on, in light and dark.
import { MARK } from '../auth/pages.ts';
import { html, Markup, type Page } from '../platform/page.ts';
import type { Look } from './page-desk.ts';
import type { AdminTexts } from './page-texts.ts';

export type Section = 'overview' | 'destinations' | 'blocks' | 'check';

const PATHS: Readonly<Record<Section, string>> = {
  overview: '/admin',
  destinations: '/admin/destinations',
  blocks: '/admin/blocks',
  check: '/admin/check',
};

export interface Framed extends Pick<Page, 'script' | 'module' | 'isPart'> {
  /** Where it belongs. */
  readonly section: Section;
  /** Default: the section's name. */
  readonly title?: string;
  readonly body: Markup;
  /** What has just happened, or what is wrong. */
  readonly notice?: string | undefined;
}

export function framed(
  { texts, locale, href, isOdd, who, hidden }: Look,
  { section, body, notice, ...page }: Framed,
): Page {
  const title = page.title ?? texts.sections[section];
  const links = (Object.keys(PATHS) as Section[]).map((each) => {
    const here = each === section ? new Markup(' aria-current="page"') : '';
    const flag = isOdd && each === 'overview' ? html` <strong class="flag">${texts.oddShort}</strong>` : '';
    return html`<a href="${href(PATHS[each])}"${here}>${texts.sections[each]}${flag}</a>`;
  });
  const said = notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`;
  return {
    ...page,
    lang: locale,
    title: `${title} · ${texts.administration}`,
    layout: 'list',
    style: STYLE,
    body: html`<main class="admin">${MARK}<nav aria-label="${texts.administration}">${links}</nav>
<h1>${title}</h1>${said}${body}
<form class="who" method="post" action="/admin/sign-out">${hidden}<p>${texts.signedInAs(who)}</p><button>${texts.signOut}</button></form></main>`,
  };
}

/** What to say of `done` in the address, which anybody may have written there. */
export function noticeOf(notices: Readonly<Record<string, string>>, done = ''): string | undefined {
  return Object.hasOwn(notices, done) ? notices[done] : undefined;
}

/** Whoever is no administrator. */
export function notForYouPage(texts: AdminTexts, locale: string): Page {
  return {
    lang: locale,
    title: texts.notForYou,
    body: html`<main data-code="FORBIDDEN">${MARK}<h1>${texts.notForYou}</h1>
<p role="alert">${texts.notForYouText}</p></main>`,
  };
}

/** Whoever has signed out here. */
export function signedOutPage({ texts, locale, href }: Look): Page {
  return {
    lang: locale,
    title: texts.signedOut,
    body: html`<main>${MARK}<h1>${texts.signedOut}</h1><p role="status">${texts.signedOutText}</p>
<p><a href="${href('/admin')}">${texts.overAgain}</a></p></main>`,
  };
}

/** Whoever sent a form after their visit was over. */
export function overPage(texts: AdminTexts, { locale, again }: { locale: string; again: string }): Page {
  return {
    lang: locale,
    title: texts.over,
    body: html`<main data-code="SIGNED_OUT">${MARK}<h1>${texts.over}</h1><p role="alert">${texts.overText}</p>
<p><a href="${again}">${texts.overAgain}</a></p></main>`,
  };
}

const STYLE = `
.list main.admin { max-width: 860px; }
.admin h1 { margin: 0 0 16px; }
.admin h2 { margin-block: 24px 8px; } .admin li h2, .admin li h3 { margin-block: 0; }
.admin h3 { font-size: 15px; line-height: 22px; font-weight: 600; overflow-wrap: anywhere; }
.admin nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 20px; border-bottom: 1px solid var(--line); }
.admin nav a { padding: 10px 0; min-height: 44px; text-decoration: none; color: var(--soft); }
.admin nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px var(--accent); }
.admin .flag { padding: 1px 8px; border: 1px solid var(--bad); border-radius: 99px; color: var(--bad); font-size: 13px; line-height: 18px; }
.admin p { margin-bottom: 12px; }
.admin .notice { color: var(--ink); }
.admin .odd { padding: 12px 14px; border: 2px solid var(--bad); border-radius: 10px; color: var(--ink); font-weight: 600; }
:root { --bad: #b3261e; } @media (prefers-color-scheme: dark) { :root { --bad: #ff9d94; } }
.admin .acts { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.admin .acts form { display: flex; flex-wrap: wrap; gap: 8px; }
.admin .acts p { margin: 0; } .admin ringtag-call { margin-block-end: 16px; }
.admin .act { display: inline-grid; place-items: center; min-height: 44px; padding: 8px 16px; border: 1px solid var(--line);
  border-radius: 10px; color: var(--ink); font-size: 16px; text-decoration: none; font-weight: 500; }
.admin a.act:hover { border-color: var(--soft); }
.admin .who { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; margin-block-start: 32px;
  padding-block-start: 16px; border-top: 1px solid var(--line); }
.admin button.bad { color: var(--bad); }
.admin button[aria-pressed="true"] { border: 2px solid var(--accent); font-weight: 600; }
@media (min-width: 480px) { .admin li.wide { grid-template-columns: 1fr; } }
.admin dd { overflow-wrap: anywhere; min-width: 0; }
.admin table { border-collapse: collapse; font-size: 14px; line-height: 20px; }
.admin td, .admin th { padding: 4px 16px 4px 0; text-align: start; font-weight: 400; overflow-wrap: anywhere; }
.admin .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.admin tr > :last-child { padding-inline-end: 0; } .admin th code { font-size: 12px; }
.admin code, .admin pre { font: 13px/20px ui-monospace, "Cascadia Mono", Consolas, monospace; }
.admin pre { margin: 0 0 8px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.admin form.fields { gap: 16px; max-width: 560px; }
.admin form p { margin: 0; }
.admin fieldset { display: grid; gap: 12px; margin: 0; padding: 12px 14px 14px; border: 1px solid var(--line); border-radius: 10px; min-width: 0; }
.admin legend { padding: 0 6px; font-weight: 600; }
.admin .field { display: grid; gap: 4px; min-width: 0; }
.admin label, .admin summary { font-weight: 500; }
.admin summary { min-height: 32px; padding: 4px 0; cursor: pointer; }
.admin details > div { display: grid; gap: 12px; padding-block: 8px; }
.admin input:not([type="checkbox"], [type="radio"]), .admin select, .admin textarea { width: 100%; min-height: 44px; padding: 8px 12px;
  border: 1px solid var(--soft); border-radius: 8px; background: var(--paper); color: inherit; font: inherit; }
.admin textarea { min-height: 88px; resize: vertical; }
.admin input[type="checkbox"], .admin input[type="radio"] { inline-size: 20px; block-size: 20px; margin: 0; accent-color: var(--accent); flex: none; }
.admin label.check { display: flex; align-items: center; gap: 10px; min-height: 32px; font-weight: 400; }
.admin .hint { color: var(--soft); font-size: 14px; line-height: 20px; }
.admin .wrong { color: var(--bad); font-size: 14px; line-height: 20px; font-weight: 500; }
.admin .field [aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.admin .notice:has(.problems) { margin-block-end: 20px; }
.admin .problems { margin: 0; } .admin .problems li { display: block; padding: 4px 0; border: 0; font-size: 14px; line-height: 20px; }
.admin .problems strong { margin-inline-end: 4px; font-weight: 500; }
.admin .pair { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); align-items: end; }
[hidden] { display: none !important; }
`;
