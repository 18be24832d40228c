// What is kept of a person, by where it came from, and the one person that others see. Pure; shared by the adapters,
// so that both rank, fold and merge alike.
import type { PersonNumber } from '@ringtag/server/protocol';
import { foldNumber, foldText, searchTerms } from '../people/fold.ts';
import type { DoNotDisturb, PersonRecord, ProviderProfile, SeedPerson } from '../people/person.ts';
import type { AvailabilityChange } from './port.ts';

/** The two sources side by side, so that neither a sign-in nor a new seed loses what the other one said. */
export interface PersonSources {
  readonly id: string;
  readonly seed?: SeedPerson;
  readonly provider?: ProviderPart;
  readonly extension?: string;
  /** The person's own word. */
  readonly doNotDisturb?: DoNotDisturb;
}

/** What the provider said at the latest sign-in. An e-mail that it did not verify is not kept. */
export interface ProviderPart {
  readonly name: string;
  readonly handle?: string;
  readonly email?: string;
  readonly photoUrl?: string;
  readonly numbers: readonly PersonNumber[];
}

/** A person as seen, and all that they are found by. */
export interface IndexedPerson {
  readonly record: PersonRecord;
  readonly foldedName: string;
  /** Words of the name. */
  readonly nameWords: readonly string[];
  /** Words of everything: name, e-mail, unit, numbers. */
  readonly words: readonly string[];
  /** Extension and numbers, folded. */
  readonly numbers: readonly string[];
}

export function providerPart(profile: ProviderProfile): ProviderPart {
  const { name, handle, email, emailVerified, photoUrl, numbers } = profile;
  return {
    name,
    ...(handle === undefined ? {} : { handle }),
    numbers,
    ...(email !== undefined && emailVerified ? { email: email.toLowerCase() } : {}),
    ...(photoUrl === undefined ? {} : { photoUrl }),
  };
}

/**
 * Takes what the provider says now. What it leaves out (an empty name, no photo, no e-mail it vouches for) stays as it
 * was; numbers are replaced, since one that it no longer vouches for no longer counts.
 */
export function updateProvider(before: ProviderPart | undefined, profile: ProviderProfile): ProviderPart {
  const now = providerPart(profile);
  return { ...before, ...now, name: now.name.trim() === '' ? (before?.name ?? '') : now.name };
}

/** Name and photo are the provider's where it gives them; unit, desk phone and e-mail are the operator's. */
export function indexPerson({ id, seed, provider, extension, doNotDisturb }: PersonSources): IndexedPerson {
  const email = seed?.email?.toLowerCase() ?? provider?.email;
  const photoUrl = provider?.photoUrl ?? seed?.photoUrl;
  const record: PersonRecord = {
    id,
    name: provider?.name || seed?.name || (provider?.handle ?? ''),
    ...(email === undefined ? {} : { email }),
    ...(seed?.unit === undefined ? {} : { unit: seed.unit }),
    ...(photoUrl === undefined ? {} : { photoUrl }),
    ...(extension === undefined ? {} : { extension }),
    numbers: distinctNumbers([...(seed?.numbers ?? []), ...(provider?.numbers ?? [])]),
    ...(seed?.deskPhone === undefined ? {} : { deskPhone: seed.deskPhone }),
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
  };
  return { record, ...indexRecord(record) };
}

function indexRecord(record: PersonRecord): Omit<IndexedPerson, 'record'> {
  const { name, email = '', unit = '', extension, numbers } = record;
  const written = [...(extension === undefined ? [] : [extension]), ...numbers.map(({ number }) => number)];
  const nameWords = textWords(name);
  return {
    foldedName: foldText(name),
    nameWords,
    words: [
      ...new Set([...nameWords, ...searchTerms(email), ...textWords(unit), ...written.flatMap(numberWords)]),
    ],
    numbers: [...new Set(written.map(foldNumber))],
  };
}

/** "O'Brien" is found as `o`, as `brien` and as `obrien`. */
function textWords(text: string): string[] {
  const joined = text.replace(/(?<=\p{L})['’‘`-](?=\p{L})/gu, '');
  return [...new Set([...searchTerms(text), ...searchTerms(joined)])];
}

/** A number is found from the start of any group it is written in: `+55 11 9888` from 5511…, 119…, 988…. */
function numberWords(number: string): string[] {
  const groups = number.match(/\d+/g) ?? [];
  return groups.map((_, index) => groups.slice(index).join(''));
}

function distinctNumbers(numbers: readonly PersonNumber[]): PersonNumber[] {
  const byNumber = new Map<string, PersonNumber>();
  for (const number of numbers) {
    const key = foldNumber(number.number);
    if (!byNumber.has(key)) byNumber.set(key, { kind: number.kind, number: number.number });
  }
  return [...byNumber.values()];
}

/** Says which extension two people want, so that the operator can settle it. */
export function extensionTaken(extension: string, wantedBy: string): Error {
  return new Error(
    `Extension ${extension}, wanted for ${wantedBy}, already belongs to somebody else. Give one of them another extension in the seed file.`,
  );
}

/** The same person with another do-not-disturb; unchanged where another one is in force than the one meant. */
export function withAvailability(before: PersonSources, change: AvailabilityChange): PersonSources {
  const { doNotDisturb: current, ...rest } = before;
  if (change.ifUntilMs !== undefined && current?.untilMs !== change.ifUntilMs) return before;
  if (!change.doNotDisturb) return rest;
  return { ...rest, doNotDisturb: change.untilMs === undefined ? {} : { untilMs: change.untilMs } };
}
