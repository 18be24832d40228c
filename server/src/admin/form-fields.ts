// Fields of a form with their label, their hint and, where something is wrong, the sentence that says so: all of it
// tied to the field for screen readers, and nothing that was typed is lost. The first wrong one has the focus, without a
// script as well.
import { html, Markup } from '../platform/page.ts';
import type { FieldProblem } from './destination-form.ts';
import { fieldLabel, problemText } from './field-words.ts';
import type { Sent } from './page-desk.ts';
import type { AdminTexts } from './page-texts.ts';

export interface FormShown {
  readonly texts: AdminTexts;
  /** BCP 47. */
  readonly locale: string;
  readonly values: Sent;
  /** As they come in the form. */
  readonly problems: readonly FieldProblem[];
}

export interface FieldLook {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Default: one line of text. */
  readonly kind?: 'text' | 'number' | 'lines';
  /** Constant attributes, such as `required`. */
  readonly more?: string;
}

export const fieldId = (field: string): string => `f-${field.replaceAll('.', '-')}`;

export function textField(
  form: FormShown,
  field: string,
  { label, hint, kind = 'text', more = '' }: FieldLook,
) {
  const id = fieldId(field);
  const { attributes, around } = surroundings(form, field, hint);
  const value = form.values[field] ?? '';
  const rest = html`id="${id}" name="${field}"${attributes} ${new Markup(more)}`;
  const control =
    kind === 'lines'
      ? html`<textarea ${rest} rows="3" spellcheck="false">${value}</textarea>`
      : html`<input ${rest} ${new Markup(kind === 'number' ? 'inputmode="numeric"' : '')} value="${value}" autocomplete="off">`;
  return html`<div class="field"><label for="${id}">${label}</label>${control}${around}</div>`;
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export function choiceField(
  form: FormShown,
  field: string,
  { label, hint, choices }: FieldLook & { readonly choices: readonly Choice[] },
): Markup {
  const id = fieldId(field);
  const { attributes, around } = surroundings(form, field, hint);
  const options = choices.map(({ value, text }) => {
    const chosen = value === (form.values[field] ?? '') ? html` selected` : '';
    return html`<option value="${value}"${chosen}>${text}</option>`;
  });
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${field}"${attributes}>${options}</select>${around}</div>`;
}

export function checkField({ values }: FormShown, field: string, label: string): Markup {
  const checked = values[field] === 'on' ? html` checked` : '';
  return html`<label class="check"><input type="checkbox" id="${fieldId(field)}" name="${field}" value="on"${checked}> ${label}</label>`;
}

/** Each wrong field by its name, as a link to it, with what is wrong. */
export function problemList(form: FormShown): Markup {
  const { texts, values, problems } = form;
  if (problems.length === 0) return new Markup('');
  const items = problems.map((problem) => {
    const { field } = problem;
    const name = fieldLabel(form, field);
    const link = isShown(values, field) ? html`<a href="#${fieldId(field)}">${name}</a>` : name;
    return html`<li><strong>${link}</strong> ${problemText(form, problem)}</li>`;
  });
  const focus = problems.some(({ field }) => isShown(values, field))
    ? ''
    : new Markup(' tabindex="-1" autofocus');
  return html`<div class="notice" role="alert"${focus}><p>${texts.notSaved}</p><ul class="problems">${items}</ul></div>`;
}

/** The id of a destination that is changed stays what it is: there is no field for it. */
const isShown = ({ changes = '' }: Sent, field: string): boolean => field !== 'id' || changes === '';

function surroundings(form: FormShown, field: string, hint: string | undefined) {
  const { values, problems } = form;
  const id = fieldId(field);
  const problem = problems.find((each) => each.field === field);
  const said = [
    hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${hint}</p>`,
    problem ? html`<p class="wrong" id="${id}-wrong">${problemText(form, problem)}</p>` : '',
  ];
  const ids = [hint === undefined ? [] : [`${id}-hint`], problem ? [`${id}-wrong`] : []].flat();
  const described = ids.length === 0 ? '' : html` aria-describedby="${ids.join(' ')}"`;
  const isFirst = problems.find((each) => isShown(values, each.field)) === problem;
  const focus = problem && isFirst ? html` autofocus` : '';
  return {
    attributes: html`${described}${problem ? html` aria-invalid="true"` : ''}${focus}`,
    around: html`${said[0] ?? ''}${said[1] ?? ''}`,
  };
}
