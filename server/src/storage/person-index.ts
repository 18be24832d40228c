// What of a person can be searched, and how records of seed and provider are merged; the same for every adapter.

import { foldNumber, searchTerms } from '../people/fold.ts';
import type { PersonRecord, ProviderProfile, SeedPerson } from '../people/person.ts';
import { randomIds } from '../platform/ids.ts';

/** Search terms with their rank: 0 for words of the name, 1 for everything else. */
export function personTerms(person: PersonRecord): { readonly term: string; readonly rank: 0 | 1 }[] {
  const ofName = new Set(searchTerms(person.name));
  const others = [person.email ?? '', person.unit ?? ''].flatMap(searchTerms);
  const rest = new Set([...others, ...personNumbers(person)].filter((term) => !ofName.has(term)));
  return [
    ...[...ofName].map((term) => ({ term, rank: 0 as const })),
    ...[...rest].map((term) => ({ term, rank: 1 as const })),
  ];
}

/** Every number of theirs, folded; an international one also as dialled without its plus. */
export function personNumbers(person: PersonRecord): string[] {
  const all = [person.extension ?? '', ...person.numbers.map((entry) => entry.number)].filter(Boolean);
  return [...new Set(all.map(foldNumber))];
}

/** A seeded person, new (`u-…` id) or updated; an extension once given stays. */
export function mergeSeed(old: PersonRecord | undefined, seed: SeedPerson): PersonRecord {
  const { key: _, numbers, email, extension, ...rest } = seed;
  const kept = old?.extension ?? extension;
  return {
    ...(old ?? { id: randomIds.next('u'), numbers: [] }),
    ...rest,
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(kept === undefined ? {} : { extension: kept }),
    ...(numbers === undefined ? {} : { numbers }),
  } as PersonRecord;
}

/** Name and photo as the provider has them now; its numbers beside those already known. */
export function mergeProfile(person: PersonRecord, profile: ProviderProfile): PersonRecord {
  const known = new Set(person.numbers.map((entry) => foldNumber(entry.number)));
  const added = profile.numbers.filter((entry) => !known.has(foldNumber(entry.number)));
  return {
    ...person,
    name: profile.name,
    ...(profile.photoUrl === undefined ? {} : { photoUrl: profile.photoUrl }),
    numbers: [...person.numbers, ...added],
  };
}

export function personFromProfile(id: string, profile: ProviderProfile): PersonRecord {
  const email = profile.emailVerified ? profile.email?.toLowerCase() : undefined;
  const bare: PersonRecord = { id, name: profile.name, numbers: [] };
  return mergeProfile(email === undefined ? bare : { ...bare, email }, profile);
}
