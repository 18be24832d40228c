// The hub's own few pages: markup that escapes whatever it is given, one quiet look in light and dark, and a policy
// under which nothing runs but the page's own script. No Cross-Origin-Opener-Policy: it would cut the hand-off.
import { randomBytes } from 'node:crypto';

/** Markup that is safe as it stands. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose values are escaped, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? '';
  parts.forEach((part, index) => {
    text += written(part) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function written(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export interface Page {
  readonly lang: string;
  readonly title: string;
  readonly body: Markup;
  /** `card` (default) in the middle, `list` from the top, `window`: the whole of it belongs to one element. */
  readonly layout?: 'card' | 'list' | 'window';
  /** Rules of this page's own, after those that all pages share; a constant. */
  readonly style?: string;
  /** A script of the same page takes a part of it over: it comes without a look, which would be refused there. */
  readonly isPart?: boolean;
  /** Source of the page's only script; a constant, never made from input. */
  readonly script?: string;
  /** Path of a module script of the hub's, instead, and what it needs to work. */
  readonly module?: ModuleNeeds;
  /** Origins besides the hub's that a form's answer may redirect to. */
  readonly formTargets?: readonly string[];
}

export interface ModuleNeeds {
  readonly path: string;
  /** Origins that it talks to, besides the hub's. */
  readonly connects: readonly string[];
  /** Where the pictures are that it shows: source expressions of CSP 3. */
  readonly images: readonly string[];
  /** The Trusted Types policy that it makes. */
  readonly policyName: string;
}

/** The document and the headers it must be sent with. */
export function renderPage(page: Page): { body: string; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64');
  const inline = page.script === undefined ? '' : `<script nonce="${nonce}">${page.script}</script>`;
  const module = page.module
    ? html`<script type="module" nonce="${nonce}" src="${page.module.path}"></script>`.text
    : '';
  const head = html`<meta charset="utf-8"><title>${page.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><link rel="icon" href="data:,">`;
  const style = html`<style nonce="${nonce}">${new Markup(STYLE + (page.style ?? ''))}</style>`;
  const body = html`<!doctype html><html lang="${page.lang}"><head>${head}
${page.isPart === true ? '' : style}</head><body class="${page.layout ?? 'card'}">${page.body}${new Markup(inline + module)}</body></html>`;
  return { body: body.text, headers: { ...PAGE_HEADERS, 'Content-Security-Policy': policy(nonce, page) } };
}

function policy(nonce: string, { formTargets = [], module }: Page): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'${module ? " 'self'" : ''}`,
    `style-src 'nonce-${nonce}'`,
    `connect-src ${["'self'", ...(module?.connects ?? [])].join(' ')}`,
    `img-src ${['data:', ...(module?.images ?? [])].join(' ')}`,
    ...(module ? ['media-src blob:'] : []),
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${module?.policyName ?? "'none'"}`,
  ].join('; ');
}

const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  // `same-origin`, not `no-referrer`: under that one, forms post with `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f26; --soft: #5a6472; --paper: #ffffff; --ground: #f3f4f6;
  --line: #d9dde3; --accent: #2456d6; --on-accent: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --soft: #a3adbb; --paper: #1d2128; --ground: #12151a;
  --line: #353c47; --accent: #8fb0ff; --on-accent: #0d1730; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground);
  color: var(--ink); font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body.list { place-items: start center; }
body.window { display: block; padding: 0; }
body.window ringtag-phone {
  /* Its words for screen readers stand below it, where they would bring a scrollbar. */
  position: relative; overflow: clip;
  display: block; inline-size: 100%; block-size: 100vh; block-size: 100dvh;
}
main { width: 100%; max-width: 360px; padding: 28px 24px 24px; background: var(--paper);
  border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 8px 28px rgb(0 0 0 / 0.08); text-align: center; }
.mark { width: 44px; height: 44px; margin: 0 auto 16px; border-radius: 12px; background: var(--accent);
  color: var(--on-accent); display: grid; place-items: center; }
.mark svg { width: 24px; height: 24px; }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 28px; font-weight: 600; overflow-wrap: anywhere; text-wrap: balance; }
p { margin: 0 0 20px; color: var(--soft); font-size: 14px; line-height: 20px; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
form { display: grid; gap: 8px; }
form.numbers { grid-template-columns: repeat(3, 1fr); }
form.numbers .wide { grid-column: 1 / -1; }
button { min-height: 44px; padding: 8px 16px; border: 1px solid var(--line); border-radius: 10px; background: none;
  color: inherit; font: inherit; font-weight: 500; cursor: pointer; }
button.main { border-color: transparent; background: var(--accent); color: var(--on-accent); }
button.number { min-height: 64px; font-size: 24px; font-variant-numeric: tabular-nums; }
button:hover { border-color: var(--soft); } button.main:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.list main { max-width: 560px; text-align: start; }
.list .mark { margin-inline: 0; }
.list h1 { text-wrap: wrap; }
.list h1:focus { outline: none; }
form + p { margin-top: 8px; }
ul { list-style: none; margin: 0 0 20px; padding: 0; }
li { padding: 16px 0; border-top: 1px solid var(--line); display: grid; gap: 12px 16px; }
@media (min-width: 480px) { li { grid-template-columns: 1fr auto; align-items: start; } }
h2 { margin: 0; font-size: 16px; line-height: 24px; font-weight: 600; overflow-wrap: anywhere; }
li p { margin: 0; }
.badge { display: inline-block; margin-block-start: 4px; padding: 2px 8px; border-radius: 99px; font-size: 12px; line-height: 16px;
  font-weight: 500; background: var(--accent); color: var(--on-accent); }
dl { margin: 8px 0 0; display: grid; gap: 2px; font-size: 14px; line-height: 20px; }
dl div { display: flex; flex-wrap: wrap; column-gap: 8px; }
dt { color: var(--soft); } dd { margin: 0; }
.notice { padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px; color: inherit; }
@media (forced-colors: active) { .mark { border: 1px solid; } }
`;
