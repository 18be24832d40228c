// The check of a page that is to carry a button: what its policy forbids, by which directive, and the line to send.
import { html, type Markup, type Page } from '../platform/page.ts';
import type { Finding } from './csp-policy.ts';
import { forbidsMicrophone, type ListedPage } from './listed-page.ts';
import type { Look } from './page-desk.ts';
import { framed } from './page-shell.ts';

export interface CheckShown {
  /** Origins that destinations list. */
  readonly origins: readonly string[];
  readonly result?: { readonly page: ListedPage; readonly findings: readonly Finding[] };
}

export function checkPage(look: Look, { origins, result }: CheckShown): Page {
  const { texts: t, sent, hidden } = look;
  const isWrong = result?.page.ok === false;
  const wrong =
    result?.page.ok === false
      ? html`<p class="wrong" id="address-wrong">${t.checkWhy[result.page.why]}</p>`
      : '';
  const options = origins.map((origin) => html`<option value="${origin}/"></option>`);
  return framed(look, {
    section: 'check',
    body: html`<p>${t.checkText}</p><form class="fields" method="post" action="/admin/check">${hidden}
<div class="field"><label for="address">${t.checkAddress}</label><input id="address" name="address" type="url" required maxlength="2000"
 list="origins" value="${sent.address ?? ''}" aria-describedby="address-hint${isWrong ? ' address-wrong' : ''}"${isWrong ? html` aria-invalid="true" autofocus` : ''}>
<datalist id="origins">${options}</datalist><p class="hint" id="address-hint">${t.checkHint}</p>${wrong}</div>
<button class="main">${t.check}</button></form>${result?.page.ok ? outcome(look, result.page, result.findings) : ''}`,
  });
}

function outcome({ texts: t }: Look, page: ListedPage & { ok: true }, findings: readonly Finding[]): Markup {
  const isMute = forbidsMicrophone(page.permissions);
  const isFine = !isMute && !findings.some(({ verdict, isOptional }) => verdict === 'blocked' && !isOptional);
  const items = findings.map((finding) => item(t, finding));
  const microphone = isMute
    ? html`<li class="wide"><h3>${t.needs.microphone}</h3><p class="wrong">${t.isBlocked}</p><pre>Permissions-Policy: ${page.permissions ?? ''}</pre>
<p>${t.sendInstead}</p><pre>microphone=(self)</pre></li>`
    : '';
  return html`<h2>${page.url.href}</h2><p role="status"><strong>${isFine ? t.checkFine : t.checkBad}</strong> ${page.policies.length === 0 ? t.checkNone : ''}
${page.status === 200 ? '' : t.checkStatus(page.status)}</p><ul>${items}${microphone}</ul>`;
}

function item(t: Look['texts'], { need, verdict, isOptional, directive, line }: Finding): Markup {
  const title = html`<h3>${t.needs[need]}</h3>`;
  if (verdict === 'allowed') return html`<li class="wide">${title}<p>${t.isAllowed}</p></li>`;
  const shown = html`<pre>${directive ?? ''}</pre>`;
  if (verdict === 'nonce') return html`<li class="wide">${title}<p>${t.needsNonce}</p>${shown}</li>`;
  const word = isOptional ? html`<p>${t.isBlockedOptional}</p>` : html`<p class="wrong">${t.isBlocked}</p>`;
  return html`<li class="wide">${title}${word}${shown}<p>${t.sendInstead}</p><pre>${line ?? ''}</pre></li>`;
}
