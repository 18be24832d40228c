// The seed file: people that the operator writes down, as JSON or CSV. Everything wrong with it is told at once, with
// the line; a file with a mistake seeds nobody.
import { readFile } from 'node:fs/promises';
import { limits, PersonNumber } from '@ringtag/server/protocol';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { SeedPerson } from './person.ts';

export type SeedResult =
  | { readonly ok: true; readonly people: readonly SeedPerson[] }
  /** Sentences, each with its line where there is one. */
  | { readonly ok: false; readonly problems: readonly string[] };

const phoneNumber = z.string().regex(/^\+?[\d\s().-]{2,32}$/, 'is not a telephone number');

/** One person as written. A number stands in `numbers`, or under its kind (`desk`, `mobile`, `home`), as CSV must. */
const Row = z.strictObject({
  name: z.string().min(1, 'is missing').max(limits.NAME_CHARS),
  key: z.string().min(1).max(254).optional(),
  email: z.email('is not an e-mail address').max(254).optional(),
  unit: z.string().max(limits.NAME_CHARS).optional(),
  photoUrl: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\//, 'must be a web address')
    .optional(),
  extension: z
    .string()
    .regex(/^\d{2,10}$/, 'must be 2 to 10 digits')
    .optional(),
  numbers: z.array(z.strictObject({ kind: PersonNumber.shape.kind, number: phoneNumber })).default([]),
  desk: phoneNumber.optional(),
  mobile: phoneNumber.optional(),
  home: phoneNumber.optional(),
  deskPhone: z
    .string()
    .regex(/^p-[a-z0-9-]{1,40}$/, 'must look like p-alice')
    .optional(),
});
type Row = z.infer<typeof Row>;

interface Located {
  readonly line: number;
  readonly value: unknown;
}

/** Reads and checks a `.json` file (an array of people) or a CSV file with a header line. */
export async function readSeedFile(path: string): Promise<SeedResult> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return { ok: false, problems: [`${path} cannot be read`] };
  }
  return parseSeed(text, path.toLowerCase().endsWith('.json') ? 'json' : 'csv');
}

/** The same for text at hand. */
export function parseSeed(text: string, format: 'json' | 'csv'): SeedResult {
  const located = format === 'json' ? locateJson(text) : locateCsv(text);
  if (typeof located === 'string') return { ok: false, problems: [located] };
  const problems: string[] = [];
  const people: SeedPerson[] = [];
  const seen = new Map<string, number>();
  for (const { line, value } of located) {
    const parsed = Row.safeParse(value);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map((issue) => `line ${line}: ${describe(issue)}`));
      continue;
    }
    const person = toSeedPerson(parsed.data);
    if (!person) {
      problems.push(`line ${line}: needs an email or a key`);
      continue;
    }
    problems.push(...duplicates(person, line, seen));
    people.push(person);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, people };
}

function toSeedPerson(row: Row): SeedPerson | undefined {
  const { name, unit, extension, deskPhone, photoUrl } = row;
  const email = row.email?.toLowerCase();
  const key = row.key ?? email;
  if (key === undefined) return undefined;
  const numbers = (['desk', 'mobile', 'home'] as const).flatMap((kind) => {
    const written = row[kind];
    return written === undefined ? [] : [{ kind, number: written }];
  });
  return {
    key,
    name,
    ...(email === undefined ? {} : { email }),
    ...(unit === undefined ? {} : { unit }),
    ...(photoUrl === undefined ? {} : { photoUrl }),
    ...(extension === undefined ? {} : { extension }),
    ...(deskPhone === undefined ? {} : { deskPhone }),
    numbers: [...row.numbers, ...numbers],
  };
}

/** Key, e-mail, extension and desk phone belong to one person each. */
function duplicates(person: SeedPerson, line: number, seen: Map<string, number>): string[] {
  const problems: string[] = [];
  for (const field of ['key', 'email', 'extension', 'deskPhone'] as const) {
    const value = person[field];
    if (value === undefined || (field === 'email' && value === person.key)) continue;
    const id = `${field} ${value}`;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, line);
    else problems.push(`line ${line}: the same ${field} as on line ${before}`);
  }
  return problems;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.join(', ')}`;
  const field = issue.path.join('.');
  return field === '' ? 'is not a person' : `${field}: ${issue.message}`;
}

/** `Photo URL`, `photo_url` and `photoUrl` are the same column. */
function fieldName(column: string): string {
  const plain = column.toLowerCase().replace(/[\s_-]/g, '');
  return Object.keys(Row.shape).find((name) => name.toLowerCase() === plain) ?? column.trim();
}

function locateCsv(text: string): Located[] | string {
  try {
    const records: { info: { lines: number }; record: Record<string, string> }[] = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map(fieldName),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return records.map(({ info, record }) => ({
      line: info.lines,
      // In CSV an empty cell is an absent value.
      value: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
    }));
  } catch (error) {
    return error instanceof CsvError ? `line ${Number(error.lines)}: ${error.message}` : 'is not CSV';
  }
}

function locateJson(text: string): Located[] | string {
  let people: unknown;
  try {
    people = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = /position (\d+)/.exec(message)?.[1];
    return `${at === undefined ? '' : `line ${lineAt(text, Number(at))}: `}is not JSON: ${message}`;
  }
  if (!Array.isArray(people)) return 'line 1: must be an array of people';
  const lines = elementLines(text);
  return people.map((value: unknown, index) => ({ line: lines[index] ?? 1, value }));
}

/** On which line each element of the outermost array begins. */
function elementLines(text: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let isExpected = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},\n]|[^\s[\]{},"]+/g)) {
    if (token === '\n') line += 1;
    else if (token === ',') isExpected = depth === 1;
    else if (token === ']' || token === '}') depth -= 1;
    else {
      if (isExpected && depth === 1) lines.push(line);
      isExpected = false;
      if (token === '[' || token === '{') {
        depth += 1;
        isExpected = depth === 1;
      }
    }
  }
  return lines;
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
