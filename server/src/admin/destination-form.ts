// A destination as the fields of a form, and back: everything that is wrong is told at once, each with its field and,
// where a field has lines, the line. Pure; the sentences are the page's.
import { Destination, RingPlan } from '@ringtag/server/protocol';
import { destinationProblems } from '../public-calls/destination-file.ts';
import { linesOf, readHolidays, readWeekly, writeHolidays, writeWeekly } from './hours-lines.ts';
import type { Sent } from './page-desk.ts';

export interface FieldProblem {
  /** Name of the form's field. */
  readonly field: string;
  /** Which of its lines, from 1; absent where the whole of it is meant. */
  readonly lines?: readonly number[];
  /** Key of the sentence, where it is not the field's own. */
  readonly why?: 'taken' | 'unused';
}

export type FormRead =
  | { readonly ok: true; readonly destination: Destination }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export const TEXT_KEYS = ['label', 'greeting', 'closed', 'busy', 'unanswered'] as const;
export const OTHERWISE = ['closed', 'busy', 'unanswered'] as const;
const NUMBERS = ['capacity', 'queue', 'maxMinutes'] as const;
const LANGUAGE = /^texts\.([a-z]{2}(?:-[A-Z]{2})?)\.label$/;

/** The languages that a form has fields for, in its order. */
export function languagesOf(values: Sent): string[] {
  return Object.keys(values).flatMap((field) => LANGUAGE.exec(field)?.[1] ?? []);
}

/** An empty form; the first language is the one that serves where none fits. */
export function emptyValues(languages: readonly string[], timeZone: string): Sent {
  const labels = Object.fromEntries(languages.map((language) => [`texts.${language}.label`, '']));
  const otherwise = OTHERWISE.flatMap((state) => [`${state}.message`, `${state}.callback`]);
  return {
    ...labels,
    ...{ ring: 'people', order: 'all', ringSeconds: '30', opening: 'always', timeZone },
    ...{ capacity: '5', queue: '10', maxMinutes: '30', chat: 'on' },
    ...Object.fromEntries(otherwise.map((field) => [field, 'on'])),
  };
}

/** What stands in the form of a destination that is there; `languages` may be added to its own. */
export function valuesOf(
  { id, name = '', texts, ring, hours, ...rest }: Destination,
  { languages, dayNames }: { languages: readonly string[]; dayNames: readonly string[] },
): Sent {
  const values: Record<string, string> = { id, name };
  for (const language of new Set([...Object.keys(texts), ...languages])) {
    for (const key of TEXT_KEYS) values[`texts.${language}.${key}`] = texts[language]?.[key] ?? '';
  }
  const rings =
    'people' in ring
      ? { ring: 'people', people: ring.people.join('\n'), order: ring.order }
      : { ring: 'extension', extension: ring.extension };
  Object.assign(values, rings, { ringSeconds: String(ring.ringSeconds) });
  values.opening = hours ? 'hours' : 'always';
  values.timeZone = hours?.timeZone ?? '';
  values.weekly = writeWeekly(hours?.weekly ?? [], dayNames);
  values.holidays = writeHolidays(hours?.holidays ?? []);
  for (const field of NUMBERS) values[field] = String(rest[field]);
  if (rest.chat) values.chat = 'on';
  for (const state of OTHERWISE) {
    const { message, callback, to = '' } = rest[state];
    if (message) values[`${state}.message`] = 'on';
    if (callback) values[`${state}.callback`] = 'on';
    values[`${state}.to`] = to;
  }
  return { ...values, origins: rest.origins.join('\n'), keepQuery: rest.keepQuery.join(' ') };
}

/** `ids`: of the destinations that there are, for those that it names. */
export function readDestination(values: Sent, ids: ReadonlySet<string>): FormRead {
  const problems: FieldProblem[] = [];
  const ring = readRing(values, problems);
  const hours = readHours(values, problems);
  const draft = {
    id: values.id?.trim() ?? '',
    ...(given(values.name) === undefined ? {} : { name: given(values.name) }),
    texts: readTexts(values),
    ring,
    ...(hours === undefined ? {} : { hours }),
    ...Object.fromEntries(NUMBERS.map((field) => [field, wholeNumber(values[field])])),
    chat: values.chat === 'on',
    closed: readOtherwise(values, 'closed'),
    busy: readOtherwise(values, 'busy'),
    unanswered: readOtherwise(values, 'unanswered'),
    origins: linesOf(values.origins ?? '').map(({ content }) => content),
    keepQuery: (values.keepQuery ?? '').split(/[\s,]+/).filter((each) => each !== ''),
  };
  const parsed = Destination.safeParse(draft);
  for (const { path } of parsed.error?.issues ?? []) problems.push(problemAt(values, path));
  // Of what has no id yet, nothing can be the same.
  const named = new Set([...ids, draft.id]);
  for (const { field } of destinationProblems(draft, named))
    problems.push(problemAt(values, field.split('.')));
  if (problems.length === 0 && parsed.success) return { ok: true, destination: parsed.data };
  return { ok: false, problems: inFormOrder(values, onceEach(problems)) };
}

function readTexts(values: Sent): Record<string, Record<string, string>> {
  const texts: Record<string, Record<string, string>> = {};
  for (const language of languagesOf(values)) {
    const filled = TEXT_KEYS.flatMap((key) => {
      const text = given(values[`texts.${language}.${key}`]);
      return text === undefined ? [] : [[key, text] as const];
    });
    if (filled.length > 0) texts[language] = Object.fromEntries(filled);
  }
  return texts;
}

/** One of the two plans; what is wrong with it is told here, since the schema of both tells only that neither fits. */
function readRing(values: Sent, problems: FieldProblem[]): RingPlan | undefined {
  const ringSeconds = wholeNumber(values.ringSeconds);
  const isExtension = values.ring === 'extension';
  const [people, extension] = RingPlan.options;
  const lines = linesOf(values.people ?? '');
  const parsed = isExtension
    ? extension.safeParse({ extension: values.extension?.trim(), ringSeconds })
    : people.safeParse({ people: lines.map(({ content }) => content), order: values.order, ringSeconds });
  for (const { path } of parsed.error?.issues ?? []) {
    const [field = 'people', index] = path;
    const line = typeof index === 'number' ? lines[index]?.line : undefined;
    problems.push({ field: String(field), ...(line === undefined ? {} : { lines: [line] }) });
  }
  // Something that fits: this part is judged.
  return parsed.data ?? { extension: '00', ringSeconds: 30 };
}

function readHours(values: Sent, problems: FieldProblem[]): unknown {
  const isByHours = values.opening === 'hours';
  // The time zone is there before anybody types; these are not.
  const typed = given(values.weekly) ?? given(values.holidays);
  if (!isByHours && typed === undefined) return undefined;
  if (!isByHours) problems.push({ field: 'opening', why: 'unused' });
  const weekly = readWeekly(values.weekly ?? '');
  const holidays = readHolidays(values.holidays ?? '');
  if (!weekly.ok) problems.push({ field: 'weekly', lines: weekly.lines });
  if (!holidays.ok) problems.push({ field: 'holidays', lines: holidays.lines });
  return {
    timeZone: (values.timeZone ?? '').trim(),
    weekly: weekly.ok ? weekly.value : [],
    holidays: holidays.ok ? holidays.value : [],
  };
}

function readOtherwise(values: Sent, state: (typeof OTHERWISE)[number]): Destination['closed'] {
  const to = given(values[`${state}.to`]);
  return {
    message: values[`${state}.message`] === 'on',
    callback: values[`${state}.callback`] === 'on',
    ...(to === undefined ? {} : { to }),
  };
}

function problemAt(values: Sent, path: readonly PropertyKey[]): FieldProblem {
  const [field = 'id', second, third] = path.map(String);
  if (field === 'hours') return { field: second ?? 'weekly' };
  if (field === 'texts') {
    const language = second ?? languagesOf(values)[0] ?? 'en';
    return { field: `texts.${language}.${third ?? 'label'}` };
  }
  if (field === 'origins') {
    const line = linesOf(values.origins ?? '')[Number(second)]?.line;
    return { field, ...(line === undefined ? {} : { lines: [line] }) };
  }
  const isPair = (OTHERWISE as readonly string[]).includes(field);
  return { field: isPair ? `${field}.${second ?? 'to'}` : field };
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}

/** What is no number is refused by the schema: an empty field does not become its default. */
function wholeNumber(text: string | undefined): number {
  return /^\s*\d{1,6}\s*$/.test(text ?? '') ? Number(text) : Number.NaN;
}

/** One of each field, with all of its lines. */
function onceEach(problems: readonly FieldProblem[]): FieldProblem[] {
  const all = new Map<string, FieldProblem>();
  for (const problem of problems) {
    const lines = [...new Set([...(all.get(problem.field)?.lines ?? []), ...(problem.lines ?? [])])];
    all.set(problem.field, {
      ...problem,
      ...(lines.length > 0 ? { lines: lines.sort((a, b) => a - b) } : {}),
    });
  }
  return [...all.values()];
}

const BEFORE_WORDS = ['id', 'name'];
const AFTER_WORDS = [
  ...['ring', 'people', 'order', 'extension', 'ringSeconds'],
  ...['opening', 'timeZone', 'weekly', 'holidays'],
  ...[...NUMBERS, 'chat'],
  ...OTHERWISE.map((state) => `${state}.to`),
  ...['origins', 'keepQuery'],
];

/** From top to bottom, as the page has them: the first one is where whoever mends it begins. */
function inFormOrder(values: Sent, problems: readonly FieldProblem[]): FieldProblem[] {
  const words = languagesOf(values).flatMap((each) => TEXT_KEYS.map((key) => `texts.${each}.${key}`));
  const order = new Map([...BEFORE_WORDS, ...words, ...AFTER_WORDS].map((field, index) => [field, index]));
  const place = ({ field }: FieldProblem) => order.get(field) ?? order.size;
  return problems.toSorted((a, b) => place(a) - place(b));
}
