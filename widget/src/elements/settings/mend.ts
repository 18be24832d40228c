// `<ringtag-mend>`: how to get the microphone or camera after all, in the words of the browser that is used.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type Browser, type MendTexts, mendTexts } from './mend-texts.ts';

/** Which browser's way of allowing things a page has to explain. */
export function browserOf({
  userAgent,
  maxTouchPoints,
}: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>): Browser {
  const mobile = /Android|Mobi/.test(userAgent);
  // An iPad says that it is a Mac, which has no touch screen.
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) {
    return /CriOS|FxiOS|EdgiOS/.test(userAgent) ? 'ios-other' : 'ios';
  }
  if (/Firefox\//.test(userAgent)) return mobile ? 'firefox-mobile' : 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return mobile ? 'chromium-mobile' : 'chromium';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}

export interface MendPlace {
  readonly browser: Browser;
  /** The page is shown inside one of another origin, which may not hand devices on. */
  readonly framed: boolean;
}

/** Empty: the sentence about the code says it all. */
export function mendText(code: string, { browser, framed }: MendPlace, t: MendTexts = mendTexts()): string {
  const what = code.startsWith('CAMERA') ? t.camera : t.microphone;
  if (code === 'MEDIA_FORBIDDEN') return framed ? t.framed : '';
  if (code.endsWith('_MISSING')) return `${t.missing} ${t.system(what)}`;
  if (code.endsWith('_BUSY')) return t.busy;
  const allow = t.denied[browser](what);
  if (code.endsWith('_DISMISSED')) return `${t.dismissed} ${allow}`;
  if (!code.endsWith('_DENIED')) return '';
  return framed ? `${allow} ${t.framed}` : `${allow} ${t.system(what)}`;
}

class RingtagMend extends LitElement {
  static override styles = css`
    :host { display: block; font-size: 12px; line-height: 16px; margin-block-start: 4px; text-wrap: pretty; }
  `;
  static override properties = { code: {} };
  declare code: string;

  protected override render(): TemplateResult | typeof nothing {
    const text = mendText(this.code ?? '', { browser: browserOf(navigator), framed: isFramed() });
    return text === '' ? nothing : html`<span>${text}</span>`;
  }
}

export function defineMend(): void {
  if (!customElements.get('ringtag-mend')) customElements.define('ringtag-mend', RingtagMend);
}

function isFramed(): boolean {
  try {
    return window.top !== window && !window.top?.document;
  } catch {
    return true;
  }
}
