// Tells a hub that is away from one that does not list the page. To a page that is not listed the browser shows no answer of
// the public routes (SPEC P1), not even the refusal; the files of the tag are for every page.
import type { DestinationCard } from '@ringtag/server/protocol';
import { type Answer, refusal, type VisitorRefusal } from './answer.ts';
import type { VisitApi } from './visit-api.ts';
import type { CallElement } from './visitor.ts';

export interface Asked {
  /** Name of the destination. */
  readonly to: string;
  readonly language: string;
}

/** After a question that came to nothing: the card; `ORIGIN_NOT_ALLOWED` where the hub is there and does not answer this page. */
export async function askAgain(
  api: Pick<VisitApi, 'card'>,
  hubUrl: string,
  { to, language }: Asked,
  fetcher: typeof fetch = (...args) => fetch(...args),
): Promise<Answer<DestinationCard>> {
  if (!(await isThere(hubUrl, fetcher))) return refusal('HUB_UNREACHABLE');
  // It may only just be back.
  const again = await api.card(to, language);
  if (again.ok || again.code !== 'HUB_UNREACHABLE') return again;
  // biome-ignore lint/suspicious/noConsole: only the integrator can mend it, and this is where they look.
  console.warn(
    `ringtag: ${hubUrl} does not answer ${location.origin}. List it in "origins" of the destination "${to}".`,
  );
  return refusal('ORIGIN_NOT_ALLOWED');
}

async function isThere(hubUrl: string, fetcher: typeof fetch): Promise<boolean> {
  const file = await fetcher(`${hubUrl}/ringtag.js`, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return file?.ok === true;
}

/**
 * Where nothing can be unfolded. A marked link goes where it leads without us; whatever leads nowhere gets the sentence
 * beside it; a button to no destination goes.
 */
export function refuse(element: CallElement, { code }: VisitorRefusal, text: string): void {
  const { opener, button, style } = element;
  if (opener.matches('[href]:not([href^="#"])')) {
    delete opener.dataset.ringtagCall;
    element.remove();
    opener.click();
    return;
  }
  element.say(text);
  if (opener !== button) style.display = 'block';
  if (code !== 'NOT_FOUND') return;
  button.hidden = true;
  // biome-ignore lint/suspicious/noConsole: only the integrator can mend it, and this is where they look.
  console.warn(`ringtag: no destination "${element.to}"`);
}
