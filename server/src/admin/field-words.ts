// What a field of the form of a destination is called, and what is wrong with it, in words.
import type { FieldProblem } from './destination-form.ts';
import type { AdminTexts } from './page-texts.ts';

interface Words {
  readonly texts: AdminTexts;
  /** BCP 47. */
  readonly locale: string;
}

const OWN_NAME = [
  ...(['id', 'name', 'ring', 'people', 'order', 'extension', 'ringSeconds', 'timeZone', 'weekly'] as const),
  ...(['holidays', 'capacity', 'queue', 'maxMinutes', 'chat', 'origins', 'keepQuery'] as const),
];
/** More of them would be longer than the field itself. */
const LINES_SAID = 8;

/** As its label says it, and which of several where more than one has that label. */
export function fieldLabel({ texts, locale }: Words, field: string): string {
  const [first = '', second = '', third = ''] = field.split('.');
  if (first === 'texts') {
    const language = new Intl.DisplayNames([locale], { type: 'language' }).of(second) ?? second;
    return `${language} · ${texts.words[third as keyof AdminTexts['words']] ?? third}`;
  }
  if (second === 'to') {
    return `${texts.otherwise[first as keyof AdminTexts['otherwise']] ?? first} · ${texts.sendOn}`;
  }
  const own = OWN_NAME.find((each) => each === first);
  return own === undefined ? texts.openWhen : texts[own];
}

/** The sentence that says what the field wants, with the lines where it is not so. */
export function problemText({ texts, locale }: Words, { field, lines, why }: FieldProblem): string {
  const { wrong, inLines, somethingWrong } = texts;
  const [first = '', , last] = field.split('.');
  const sentence =
    wrong[why ?? field] ??
    wrong[last ?? ''] ??
    (field.endsWith('.to') ? wrong.to : wrong[first]) ??
    somethingWrong;
  if (lines === undefined) return sentence;
  const said = lines.slice(0, LINES_SAID).map(String);
  const all = lines.length > said.length ? [...said, '…'] : said;
  return inLines(new Intl.ListFormat(locale, { type: 'conjunction' }).format(all), lines.length, sentence);
}
