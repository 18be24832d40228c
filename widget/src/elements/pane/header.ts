// The head of the pane: the person's own name with the status menu, and the way to a window of its own; or the title of
// a sheet and the way back.
import { html, nothing, type TemplateResult } from 'lit';
import type { Phone, PhoneState } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';
import type { Sheet } from '../call-card/call-card.ts';
import { icons } from '../icons.ts';
import { face } from '../looks.ts';
import { onDemand } from '../on-demand.ts';
import { presence } from '../people/people.ts';

/** What the head needs of its pane. */
export interface HeaderOptions {
  readonly host: { requestUpdate(): void };
  readonly phone: Phone | null;
  readonly menuOpen: boolean;
  readonly toggleMenu: () => void;
  /** Closes the menu and gives the focus back to the name. */
  readonly closeMenu: () => void;
  readonly openSheet: (sheet: Sheet) => void;
  /** Absent: the pane cannot be closed. */
  readonly close: (() => void) | undefined;
}

export function header(options: HeaderOptions): TemplateResult {
  const { phone, close } = options;
  const t = texts();
  const state = phone?.state;
  const popOut = state?.popOut === 'open' ? t.showWindow : t.popOut;
  return html`<header part="header">
    ${state?.me ? me(options, state) : html`<div class="title">${t.product}</div>`}
    ${state?.me && canPopOut(phone) ? iconButton(popOut, icons.squareArrowOutUpRight, () => phone?.popOut()) : nothing}
    ${close ? iconButton(t.close, icons.x, close) : nothing}
  </header>`;
}

export function sheetHeader(title: string, back: () => void): TemplateResult {
  return html`<header part="header">
    <span class="back">${iconButton(texts().back, icons.chevronLeft, back)}</span>
    <h2 class="title clip" title=${title}>${title}</h2>
  </header>`;
}

function iconButton(label: string, icon: TemplateResult, press: () => void): TemplateResult {
  return html`<button class="icon" aria-label=${label} title=${label} @click=${press}>${icon}</button>`;
}

/** Not in that window itself: it is on the hub's own origin. */
function canPopOut(phone: Phone | null): boolean {
  const page = phone?.devicesPageUrl ?? '';
  return URL.canParse(page) && new URL(page).origin !== location.origin;
}

/** The person's own name and presence: the status menu. */
function me(
  options: HeaderOptions,
  { me, status, doNotDisturb, quietUntilMs }: PhoneState,
): TemplateResult | typeof nothing {
  if (me === null) return nothing;
  const { menuOpen, toggleMenu } = options;
  return html`<button class="me" aria-haspopup="menu" aria-expanded=${menuOpen} @click=${toggleMenu}>
      ${face(me)}
      <span class="names">
        <div class="name clip" title=${me.name}>${me.name}</div>
        ${
          status === 'ready'
            ? presence({ online: true, doNotDisturb }, quietUntilMs)
            : html`<span class="meta presence waiting">${texts().connecting}</span>`
        }
      </span>
      ${icons.chevronDown}
    </button>
    ${menuOpen ? menu(options) : nothing}`;
}

function menu({ host, phone, closeMenu, openSheet }: HeaderOptions): TemplateResult {
  return onDemand(
    host,
    'ringtag-menu',
    html`<ringtag-menu .phone=${phone} .openSheet=${openSheet} .done=${closeMenu}></ringtag-menu>`,
    html``,
  );
}
