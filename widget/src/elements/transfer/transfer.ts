// `<ringtag-transfer>`: whom the other party of the call is passed on to, found as everywhere else, and how: asking
// first or at once. A chunk of its own.
import type { Person } from '@ringtag/server/protocol';
import { css, html, type TemplateResult } from 'lit';
import type { PhoneTarget } from '../../call/phone.ts';
import { sheetTexts } from '../../i18n/sheets.ts';
import { icons } from '../icons.ts';
import { face } from '../looks.ts';
import { RingtagPeople } from '../people/people.ts';
import { liveCall, otherCall } from '../phone-state.ts';
import { sheetIcons } from '../sheet-icons.ts';

interface Choice {
  readonly target: PhoneTarget;
  readonly name: string;
}

export class RingtagTransfer extends RingtagPeople {
  static override styles = [
    RingtagPeople.styles,
    css`
      .row .call::after { content: ''; position: absolute; inset: 0; border-radius: var(--_radius); }
      .row .call:dir(rtl) svg { transform: scaleX(-1); }
      .how { flex: 1; overflow: hidden auto; display: flex; flex-direction: column; align-items: center; gap: 4px; padding: 16px; text-align: center; --face: 56px; }
      h3 { all: unset; display: block; font-weight: 600; font-size: 16px; line-height: 24px; margin-block: 8px; text-wrap: balance; overflow-wrap: anywhere; }
      .how .button { inline-size: 100%; max-inline-size: 320px; min-block-size: 48px; border-radius: 24px; flex: none; }
      .how .meta { margin-block-end: 12px; text-wrap: balance; max-inline-size: 36ch; }
      .how .face { background: var(--_raised); }
    `,
  ];
  static override properties = {
    ...RingtagPeople.properties,
    done: { attribute: false },
    choice: { state: true },
  };
  /** Closes the sheet. */
  declare done: () => void;
  declare private choice: Choice | null;

  constructor() {
    super();
    this.done = () => {};
    this.choice = null;
  }

  protected override firstUpdated(): void {
    this.focusSearch();
  }

  protected override render(): TemplateResult {
    const call = liveCall(this.state);
    return this.choice === null || call === undefined
      ? super.render()
      : this.#how(call.callId, call.peer.name, this.choice);
  }

  /** Whoever is to be passed on is nobody to pass them on to. */
  protected override buttons(person: Person): TemplateResult {
    if (liveCall(this.state)?.peer.personId === person.id) return html``;
    const label = sheetTexts().choosePerson(person.name);
    return html`<button
      class="icon call"
      aria-label=${label}
      @click=${() => this.chosen({ personId: person.id }, person.name)}
    >
      ${sheetIcons.chevronRight}
    </button>`;
  }

  protected override numberButton(number: string): TemplateResult {
    return html`<button
      class="icon call"
      aria-label=${sheetTexts().choosePerson(number)}
      @click=${() => this.chosen({ number }, number)}
    >
      ${sheetIcons.chevronRight}
    </button>`;
  }

  protected override chosen(target: PhoneTarget, name: string): void {
    this.choice = { target, name };
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.primary')?.focus());
  }

  #how(callId: string, who: string, { target, name }: Choice): TemplateResult {
    const t = sheetTexts();
    const other = otherCall(this.state)?.peer;
    const joins = other !== undefined && 'personId' in target && other.personId === target.personId;
    const pass = (how: 'consult' | 'transfer' | 'completeTransfer') => () => {
      this.phone?.[how](callId, target);
      this.done();
    };
    // A third call there cannot be: with two of them only at once is left.
    const canAsk = other === undefined;
    return html`<div class="how">
      ${face({ name })}
      <h3>${t.passOnQuestion(who, name)}</h3>
      ${
        canAsk
          ? html`<button class="button primary" @click=${pass('consult')}>${icons.phone}${t.askFirst}</button>
              <div class="meta">${t.askFirstHint(who)}</div>`
          : ''
      }
      <button class="button ${canAsk ? '' : 'primary'}" @click=${pass(joins ? 'completeTransfer' : 'transfer')}>
        ${icons.phoneForwarded}${t.transferNow}
      </button>
      <div class="meta">${joins ? t.joinHint(who, name) : t.transferNowHint(who, name)}</div>
      <button class="button quiet" @click=${() => this.#again()}>${t.somebodyElse}</button>
    </div>`;
  }

  #again(): void {
    this.choice = null;
    void this.updateComplete.then(() => this.focusSearch());
  }
}
