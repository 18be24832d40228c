// The provider's sign-in page: one button per person, one click signs in. Plain HTML, no script at all.
import { COMPANY, DEMO_PEOPLE, type DemoPerson } from '../people.ts';

const CSS = `
:root{color-scheme:light dark;--bg:#eef1f5;--card:#fff;--ink:#16202c;--meta:#55616f;--line:#dfe4ea;--accent:#1f5fbf;--hover:#f2f6fc}
@media (prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#182029;--ink:#eaf0f6;--meta:#a2afbd;--line:#2a3541;--accent:#8ab8ff;--hover:#202b37}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
main{width:100%;max-width:400px;background:var(--card);border:1px solid var(--line);border-radius:16px;padding:24px 12px 12px;box-shadow:0 12px 40px -20px rgb(10 25 45 / .35)}
header{padding:0 12px 12px}
.mark{display:flex;align-items:center;gap:8px;font-weight:650;letter-spacing:-.01em}
.mark svg{width:24px;height:24px;color:var(--accent)}
h1{font-size:22px;line-height:1.25;margin:20px 0 4px;letter-spacing:-.015em}
p{margin:0;color:var(--meta)}
ul{list-style:none;margin:0;padding:0}
button{all:unset;box-sizing:border-box;display:flex;gap:12px;align-items:center;width:100%;padding:10px 12px;border-radius:10px;cursor:pointer}
button:hover{background:var(--hover)}
button:focus-visible{outline:2px solid var(--accent);outline-offset:-2px}
button img{width:44px;height:44px;border-radius:50%;flex:none}
b{display:block;font-weight:600}
small{display:block;color:var(--meta);font-size:13px;overflow-wrap:anywhere}
footer{margin:8px 12px 8px;padding-top:12px;border-top:1px solid var(--line);font-size:13px;color:var(--meta)}
@media (forced-colors:active){button:hover{outline:1px solid}}
`;

const TIDE = `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M2 9c2.5 0 2.5-2 5-2s2.5 2 5 2 2.5-2 5-2 2.5 2 5 2M2 16c2.5 0 2.5-2 5-2s2.5 2 5 2 2.5-2 5-2 2.5 2 5 2"/></svg>`;

function row(person: DemoPerson): string {
  return `<li><button type="submit" name="person" value="${person.id}"><img src="/photos/${person.id}.svg" alt=""><span><b>${person.name}</b><small>${person.title}, ${person.unit}</small></span></button></li>`;
}

function shell(title: string, nonce: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"><style nonce="${nonce}">${CSS}</style></head>
<body><main>${body}</main></body></html>`;
}

/** Asks who is signing in; the form posts `person` back to the interaction's own address. */
export function choosePersonPage(options: { readonly nonce: string; readonly action: string }): string {
  return shell(
    `Sign in – ${COMPANY.name}`,
    options.nonce,
    `<header><div class="mark">${TIDE}${COMPANY.name}</div><h1>Who are you today?</h1><p>Choose a person to sign in as.</p></header>
<form method="post" action="${options.action}"><ul>${DEMO_PEOPLE.map(row).join('')}</ul></form>
<footer>A demonstration company. It asks every time, so two windows can be two people.</footer>`,
  );
}

/** Says in a sentence what went wrong and what to do. */
export function problemPage(options: { readonly nonce: string; readonly text: string }): string {
  return shell(
    `Sign in – ${COMPANY.name}`,
    options.nonce,
    `<header><div class="mark">${TIDE}${COMPANY.name}</div><h1>That did not work</h1><p>${options.text}</p></header>`,
  );
}
