// People over HTTP: who they are, how they are found, which ways lead to them, and whether they want calls.
import { z } from 'zod';
import { id } from './http-shapes.ts';
import * as limits from './limits.ts';

/** A number that belongs to a person. `number` is an extension or E.164 with `+`. */
export const PersonNumber = z.object({
  kind: z.enum(['extension', 'desk', 'mobile', 'home']),
  number: z.string().min(1).max(32),
});
export type PersonNumber = z.infer<typeof PersonNumber>;

/** A person as others see them. */
export const Person = z.object({
  id,
  name: z.string(),
  email: z.string().optional(),
  unit: z.string().optional(),
  photoUrl: z.string().optional(),
  numbers: z.array(PersonNumber),
  /** Whether any device of theirs is connected now. */
  online: z.boolean(),
  /** They want no calls now. */
  doNotDisturb: z.boolean().optional(),
});
export type Person = z.infer<typeof Person>;

/** The signed-in person, as told to themself. */
export const Me = Person.extend({
  extension: z.string().optional(),
  /** With a bearer: whether visitors of public pages reach this person (P9). A hint, to spare who answers none requests. */
  answersVisitors: z.boolean().optional(),
});
export type Me = z.infer<typeof Me>;

export const PeopleQuery = z.object({
  /** Absent: the colleagues of the one who asks. */
  q: z.string().trim().min(1).max(limits.SEARCH_CHARS).optional(),
  limit: z.coerce.number().int().min(1).max(limits.SEARCH_RESULTS).default(8),
});
export const PeopleResult = z.object({ people: z.array(Person) });
export type PeopleResult = z.infer<typeof PeopleResult>;

/** What the scanner found on a page: exactly one of the fields. A name resolves only where it is unique. */
export const ResolveItem = z.union([
  z.strictObject({ personId: id }),
  z.strictObject({ email: z.string().min(3).max(254) }),
  z.strictObject({ number: z.string().min(2).max(40) }),
  z.strictObject({ name: z.string().min(1).max(limits.NAME_CHARS) }),
]);
export type ResolveItem = z.infer<typeof ResolveItem>;
export const ResolveRequest = z.strictObject({
  items: z.array(ResolveItem).min(1).max(limits.RESOLVE_BATCH),
});
export type ResolveRequest = z.infer<typeof ResolveRequest>;
/** One result per item, in order; `null` where nobody (or more than one person) matches. */
export const ResolveResult = z.object({ people: z.array(Person.nullable()) });
export type ResolveResult = z.infer<typeof ResolveResult>;

/** One way to reach a person, best first. `desk` is the desk phone; `extension` rings everything Asterisk knows. */
export const Way = z.object({
  kind: z.enum(['browser', 'extension', 'desk']),
  via: z.enum(['room', 'pbx']),
  available: z.boolean(),
});
export type Way = z.infer<typeof Way>;
export const ReachResult = z.object({ personId: id, ways: z.array(Way) });
export type ReachResult = z.infer<typeof ReachResult>;

/** `PUT /api/me/availability`: whether calls to this person ring anywhere. Without `forMs`, until told otherwise. */
export const AvailabilityRequest = z.strictObject({
  doNotDisturb: z.boolean(),
  forMs: z.number().int().min(60_000).max(limits.DO_NOT_DISTURB_MS).optional(),
});
export type AvailabilityRequest = z.infer<typeof AvailabilityRequest>;
export const AvailabilityResult = z.object({ doNotDisturb: z.boolean(), forMs: z.number().optional() });
