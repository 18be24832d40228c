// The base of every public element: a shadow root in the page's colours. Light: it knows no Lit, no phone and no visit.
import { coreTokens } from './core-tokens.ts';

export abstract class Themed extends HTMLElement {
  readonly root: ShadowRoot = this.attachShadow({ mode: 'open' });

  constructor(css: string) {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(coreTokens + css);
    this.root.adoptedStyleSheets = [sheet];
  }

  /** A page that states its colour scheme is followed; one that does not leaves it to the system's setting. */
  connectedCallback(): void {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    if (scheme !== 'normal' && scheme !== '') this.style.setProperty('--_page-scheme', scheme);
  }
}
