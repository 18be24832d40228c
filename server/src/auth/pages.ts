// What the popup shows at each step. Scripts are constants; whatever they need stands in data attributes.
import type { ErrorCode } from '@ringtag/server/protocol';
import { html, Markup, type Page } from '../platform/page.ts';
import type { SignInAttempt } from './session.ts';
import type { PageTexts } from './texts.ts';

/** lucide `phone`, ISC licence. */
export const MARK = new Markup(
  `<div class="mark"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384"/></svg></div>`,
);

/** Names the attempt in a form; nobody but this browser and the provider knows it. */
const secretField = (state: string): Markup => html`<input type="hidden" name="attempt" value="${state}">`;

export function consentPage(
  t: PageTexts,
  attempt: SignInAttempt,
  shown: { state: string; name: string },
): Page {
  const site = new URL(attempt.origin).host;
  const title = t.consentTitle(site, shown.name);
  return {
    lang: t.lang,
    title,
    body: html`<main>${MARK}<h1>${title}</h1><p>${t.consentText(attempt.origin)}</p>
<form method="post" action="/auth/continue">${secretField(shown.state)}
<button class="main" name="answer" value="continue">${t.proceed}</button>
<button name="answer" value="cancel">${t.cancel}</button></form></main>`,
    // In `mode=tab` the answer to this form is a redirect to the page that the person came from.
    formTargets: attempt.mode === 'tab' ? [attempt.origin] : [],
  };
}

export function handOffPage(t: PageTexts, attempt: SignInAttempt, state: string): Page {
  return {
    lang: t.lang,
    title: t.handOffTitle,
    body: html`<main data-origin="${attempt.origin}" data-nonce="${attempt.nonce}">${MARK}<h1>${t.handOffTitle}</h1>
<p role="status">${t.handOffText}</p><form method="post" action="/auth/number">${secretField(state)}
<noscript><button class="main">${t.proceed}</button></noscript></form></main>`,
    script: HAND_OFF,
  };
}

export function numbersPage(
  t: PageTexts,
  attempt: SignInAttempt,
  shown: { state: string; numbers: readonly number[] },
): Page {
  const buttons = shown.numbers.map(
    (number) => html`<button class="number" name="pick" value="${number}">${number}</button>`,
  );
  return {
    lang: t.lang,
    title: t.numbersTitle,
    body: html`<main>${MARK}<h1>${t.numbersTitle}</h1><p>${t.numbersText(new URL(attempt.origin).host)}</p>
<form class="numbers" method="post" action="/auth/number">${secretField(shown.state)}${buttons}
<button class="wide" name="pick" value="0">${t.noneOfThese}</button></form></main>`,
  };
}

export function donePage(t: PageTexts): Page {
  return {
    lang: t.lang,
    title: t.doneTitle,
    body: html`<main>${MARK}<h1>${t.doneTitle}</h1><p>${t.doneText}</p></main>`,
    script: 'window.close();',
  };
}

export function refusedPage(t: PageTexts, code: ErrorCode, attempt: SignInAttempt | undefined): Page {
  const why = html`<h1>${t.refusedTitle}</h1><p role="alert">${t.refused[code] ?? t.refusedOther}</p>`;
  const page = { lang: t.lang, title: t.refusedTitle };
  if (!attempt) return { ...page, body: html`<main data-code="${code}">${MARK}${why}</main>` };
  if (attempt.mode !== 'popup' && attempt.returnTo !== undefined) {
    const back = html`<p><a href="${attempt.returnTo}">${t.back}</a></p>`;
    return { ...page, body: html`<main data-code="${code}">${MARK}${why}${back}</main>` };
  }
  return {
    ...page,
    body: html`<main data-code="${code}" data-origin="${attempt.origin}" data-nonce="${attempt.nonce}">${MARK}${why}
<form method="dialog"><button type="button" class="main" id="close">${t.close}</button></form></main>`,
    script: TELL_REFUSAL,
  };
}

/**
 * With an opener: fetch the code and post it to the exact origin. Without (a page's Cross-Origin-Opener-Policy cut
 * it): ask for the number page instead, before any code exists (S7).
 */
const HAND_OFF = `
const { origin, nonce } = document.querySelector('main').dataset;
const form = document.querySelector('form');
async function handOff() {
  const answer = await fetch('/auth/release', { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  const { code, error } = await answer.json();
  const result = code ? { code } : { error: error ?? 'SIGN_IN_REFUSED' };
  window.opener.postMessage({ type: 'ringtag:sign-in', nonce, result }, origin);
  window.close();
}
if (window.opener) handOff().catch(() => form.submit());
else form.submit();
`;

const TELL_REFUSAL = `
const { origin, nonce, code } = document.querySelector('main').dataset;
const message = { type: 'ringtag:sign-in', nonce, result: { error: code } };
if (window.opener) window.opener.postMessage(message, origin);
document.getElementById('close').addEventListener('click', () => window.close());
`;
