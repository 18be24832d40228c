// `<ringtag-sign-in>`: what a person sees before the pane knows them. One button; a number where the sign-in window
// lost us; "Continue in this tab" where it was blocked.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { PhoneErrorCode, SignInView } from '../../call/phone.ts';
import { errorText, texts } from '../../i18n/index.ts';
import { sheetTexts } from '../../i18n/sheets.ts';
import { icons } from '../icons.ts';
import { codeDetails, looks } from '../looks.ts';
import { PhoneView } from '../phone-state.ts';

export class RingtagSignIn extends PhoneView {
  static override styles = [
    looks,
    css`
      :host { display: flex; flex-direction: column; min-block-size: 0; overflow: hidden auto; }
      .view { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; padding: 24px; text-align: center; }
      .mark { display: inline-flex; padding: 16px; border-radius: 50%; background: var(--_accent-soft); color: var(--_accent-text); margin-block-end: 12px; }
      .mark svg { inline-size: 28px; block-size: 28px; }
      h2 { all: unset; display: block; font-size: 16px; line-height: 24px; font-weight: 600; text-wrap: balance; }
      p { margin: 0; color: var(--_muted); max-inline-size: 32ch; text-wrap: balance; }
      .number { font-size: 44px; line-height: 56px; font-weight: 600; font-variant-numeric: tabular-nums; padding: 8px 24px; margin-block: 8px; border-radius: var(--_radius); background: var(--_raised); }
      .actions { display: flex; flex-direction: column; gap: 8px; margin-block-start: 20px; inline-size: 100%; max-inline-size: 240px; }
      .problem, .problem p { color: var(--_red-text); }
      .problem { display: flex; flex-direction: column; align-items: center; background: var(--_red-soft); border-radius: var(--_radius); padding: 8px 12px; margin-block-start: 16px; }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    if (this.state === null) return nothing;
    const { status, signIn } = this.state;
    return html`<div class="view">${status === 'signing-in' ? this.#waiting(signIn) : this.#signedOut(signIn)}</div>`;
  }

  focusFirst(): void {
    this.renderRoot.querySelector<HTMLElement>('.primary, button')?.focus();
  }

  #signedOut(signIn: SignInView): TemplateResult {
    const t = sheetTexts();
    const refused = signIn.error ?? this.state?.error;
    return html`<span class="mark">${icons.phone}</span>
      <h2>${t.signInTitle}</h2>
      <p>${t.signInBody}</p>
      ${problem(refused)}
      <div class="actions">
        <button class="button primary" part="primary" @click=${() => this.phone?.signIn()}>${texts().signIn}</button>
        ${signIn.offerTab ? this.#here(false) : nothing}
      </div>`;
  }

  #waiting(signIn: SignInView): TemplateResult {
    const t = sheetTexts();
    const numbered = signIn.number !== undefined;
    return html`${numbered ? nothing : html`<span class="mark">${icons.user}</span>`}
      <h2>${numbered ? t.signInNumberTitle : t.signingInTitle}</h2>
      ${numbered ? html`<div class="number" role="status">${signIn.number}</div>` : nothing}
      <p>${numbered ? t.signInNumberBody : t.signingInBody}</p>
      ${problem(signIn.error)}
      <div class="actions">
        ${signIn.offerTab ? this.#here(signIn.error !== undefined) : nothing}
        <button class="button" @click=${() => this.phone?.cancelSignIn()}>${texts().cancel}</button>
      </div>`;
  }

  #here(primary: boolean): TemplateResult {
    const t = sheetTexts();
    return html`<button class="button ${primary ? 'primary' : ''}" @click=${() => this.phone?.signInHere()}>${t.signInHere}</button>`;
  }
}

function problem(code: PhoneErrorCode | null | undefined): TemplateResult | typeof nothing {
  if (!code) return nothing;
  return html`<div class="problem"><p role="alert">${errorText(code)}</p>${codeDetails(code)}</div>`;
}
