// The form of a destination: what it says, whom it rings, when it is open, how much it takes, and who may embed it.
import { html, type Markup, type Page } from '../platform/page.ts';
import { type FieldProblem, languagesOf, OTHERWISE, TEXT_KEYS } from './destination-form.ts';
import { checkField, choiceField, type FormShown, problemList, textField } from './form-fields.ts';
import type { Look, Sent } from './page-desk.ts';
import { framed } from './page-shell.ts';
import type { AdminTexts } from './page-texts.ts';

export interface DestinationFormShown {
  readonly values: Sent;
  readonly problems?: readonly FieldProblem[];
  /** Nobody has said which time zone: where a script may run, it begins as the browser's. */
  readonly isZoneUnsaid?: boolean;
  /** Id of the destination that is changed; absent: it is a new one. */
  readonly changes?: string | undefined;
  /** Those that a visitor may be sent on to. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  readonly notice?: string;
}

export function destinationFormPage(look: Look, shown: DestinationFormShown): Page {
  const { texts, hidden } = look;
  const { values, problems = [], changes, others, notice } = shown;
  const form: FormShown = { texts, locale: look.locale, values, problems };
  const id =
    changes === undefined
      ? textField(form, 'id', { label: texts.id, hint: texts.idHint, more: 'required maxlength="40"' })
      : html`<input type="hidden" name="id" value="${changes}"><input type="hidden" name="changes" value="${changes}">`;
  return framed(look, {
    section: 'destinations',
    title: changes === undefined ? texts.newDestination : texts.changeDestination(changes),
    notice,
    script: TIME_ZONE,
    body: html`${problemList(form)}<form class="fields" method="post" action="/admin/destinations/save" novalidate>${hidden}
${id}${textField(form, 'name', { label: texts.name, hint: texts.nameHint, more: 'maxlength="60"' })}
${words(form)}${ring(form)}${hours(form, shown.isZoneUnsaid === true)}${room(form)}${otherwise(form, others)}${embedding(form)}
<div class="acts"><button class="main">${texts.save}</button><a class="act" href="${look.href('/admin/destinations')}">${texts.cancel}</a></div></form>
${changes === undefined ? '' : removal(look, changes)}`,
  });
}

function words(form: FormShown): Markup {
  const { texts: t, locale, values, problems } = form;
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  const languages = languagesOf(values).map((language, index) => {
    const field = (key: string) => `texts.${language}.${key}`;
    const isFilled = TEXT_KEYS.some((key) => (values[field(key)] ?? '') !== '');
    const isWrong = problems.some((problem) => problem.field.startsWith(field('')));
    const fields = TEXT_KEYS.map((key) =>
      textField(form, field(key), {
        label: t.words[key],
        hint: key === 'label' ? t.labelHint : undefined,
        more: key === 'label' ? 'maxlength="60"' : 'maxlength="300"',
      }),
    );
    const open = index === 0 || isFilled || isWrong ? html` open` : '';
    return html`<details${open}><summary>${names.of(language) ?? language}</summary><div>${fields}</div></details>`;
  });
  return html`<fieldset><legend>${t.wordsTitle}</legend><p class="hint">${t.wordsHint}</p>${languages}</fieldset>`;
}

function ring(form: FormShown): Markup {
  const { texts: t } = form;
  return html`<fieldset><legend>${t.ringTitle}</legend>
${choiceField(form, 'ring', { label: t.ring, choices: choices(t.rings) })}
${textField(form, 'people', { label: t.people, hint: t.peopleHint, kind: 'lines' })}
${choiceField(form, 'order', { label: t.order, choices: choices(t.orders) })}
${textField(form, 'extension', { label: t.extension, hint: t.extensionHint, kind: 'number' })}
${textField(form, 'ringSeconds', { label: t.ringSeconds, kind: 'number' })}</fieldset>`;
}

function hours(form: FormShown, isZoneUnsaid: boolean): Markup {
  const { texts: t } = form;
  const named = html`data-named="${t.timeZoneNamed('{zone}', '{time}')}"`.text;
  const zone = { label: t.timeZone, hint: t.timeZoneHint };
  const more = `maxlength="64" spellcheck="false" list="time-zones" ${named}${isZoneUnsaid ? ' data-new' : ''}`;
  return html`<fieldset><legend>${t.hoursTitle}</legend>
${choiceField(form, 'opening', { label: t.openWhen, choices: choices(t.openWhens) })}
${textField(form, 'timeZone', { ...zone, more })}${TIME_ZONES}
${textField(form, 'weekly', { label: t.weekly, hint: t.weeklyHint, kind: 'lines' })}
${textField(form, 'holidays', { label: t.holidays, hint: t.holidaysHint, kind: 'lines' })}</fieldset>`;
}

function room(form: FormShown): Markup {
  const { texts: t } = form;
  const number = (field: string, label: string) => textField(form, field, { label, kind: 'number' });
  return html`<fieldset><legend>${t.roomTitle}</legend><div class="pair">${number('capacity', t.capacity)}${number('queue', t.queue)}${number('maxMinutes', t.maxMinutes)}</div>
${checkField(form, 'chat', t.chat)}</fieldset>`;
}

function otherwise(form: FormShown, others: DestinationFormShown['others']): Markup {
  const { texts: t } = form;
  const targets = [
    { value: '', text: t.nobodyElse },
    ...others.map(({ id, name }) => ({ value: id, text: `${name} (${id})` })),
  ];
  const states = OTHERWISE.map(
    (
      state,
    ) => html`<details${isPlain(form, state) ? '' : html` open`}><summary>${t.otherwise[state]}</summary><div>
${checkField(form, `${state}.message`, t.offerMessage)}${checkField(form, `${state}.callback`, t.offerCallback)}
${choiceField(form, `${state}.to`, { label: t.sendOn, choices: targets })}</div></details>`,
  );
  return html`<fieldset><legend>${t.otherwiseTitle}</legend>${states}</fieldset>`;
}

const isPlain = ({ values, problems }: FormShown, state: string): boolean =>
  (values[`${state}.to`] ?? '') === '' && !problems.some(({ field }) => field.startsWith(`${state}.`));

function embedding(form: FormShown): Markup {
  const { texts: t } = form;
  return html`<fieldset><legend>${t.pagesTitle}</legend>
${textField(form, 'origins', { label: t.origins, hint: t.originsHint, kind: 'lines', more: 'required' })}
${textField(form, 'keepQuery', { label: t.keepQuery, hint: t.keepQueryHint })}</fieldset>`;
}

function choices(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([value, text]) => ({ value, text }));
}

function removal({ texts: t, hidden }: Look, id: string): Markup {
  return html`<h2>${t.removeTitle}</h2><details><summary>${t.removeTitle}</summary><div><p>${t.removeText}</p>
<form method="post" action="/admin/destinations/remove">${hidden}<input type="hidden" name="id" value="${id}">
<button class="bad">${t.remove}</button></form></div></details>`;
}

/** A form that came after the visit was over: nothing is saved, and nothing that was typed is lost. */
export function lateFormPage(texts: AdminTexts, sent: Sent, again: string): Page {
  const kept = Object.entries(sent)
    .filter(([name]) => name !== 'token')
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  return {
    lang: sent.lang ?? texts.lang,
    title: texts.over,
    body: html`<main data-code="SIGNED_OUT"><h1>${texts.over}</h1><p role="alert">${texts.lateText}</p>
<p><a href="${again}" target="_blank">${texts.overAgain}</a></p>
<form method="post" action="/admin/destinations/save">${kept}<button class="main">${texts.showTyped}</button></form></main>`,
  };
}

/** As this program's Intl knows them (ECMA-402 §6.5.2), which is also what decides whether there is one. */
const TIME_ZONES = html`<datalist id="time-zones">${['UTC', ...Intl.supportedValuesOf('timeZone').filter((each) => each !== 'UTC')].map((each) => html`<option value="${each}"></option>`)}</datalist>`;

/** Says which zone the hours are in, and what time it is there; a new destination begins with the browser's own. */
const TIME_ZONE = `
const zone = document.getElementById('f-timeZone');
const hint = document.getElementById('f-timeZone-hint');
const plain = hint.textContent;
function say() {
  try {
    const how = { timeZone: zone.value.trim() || 'none', timeStyle: 'short' };
    const time = new Intl.DateTimeFormat(document.documentElement.lang, how).format();
    hint.textContent = zone.dataset.named.replace('{zone}', () => how.timeZone).replace('{time}', () => time);
  } catch {
    hint.textContent = plain;
  }
}
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if ('new' in zone.dataset && own) zone.value = own;
zone.addEventListener('input', say);
say();
`;
