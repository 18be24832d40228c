// What a hub that starts finds: the accounts of live sessions, and those of desk phones, made anew from their
// passwords. What belongs to an ended session is removed on the way.
import type { PersonRecord } from '../people/person.ts';
import type { Storage } from '../storage/port.ts';
import type { PbxEndpointRecord } from './account.ts';
import { digestHa1 } from './credentials.ts';
import type { DeskPhonePasswords } from './desk-phones.ts';
import { validAuths } from './projected.ts';

/** First extension given to people who have none. */
export const FIRST_EXTENSION = 1001;

export interface StoredOptions {
  readonly storage: Pick<Storage, 'people' | 'sessions' | 'pbx'>;
  readonly realm: string;
  readonly nowMs: number;
  readonly deskPhones: DeskPhonePasswords | undefined;
}

export interface Stored {
  readonly people: readonly PersonRecord[];
  readonly records: readonly PbxEndpointRecord[];
}

export async function readStored(options: StoredOptions): Promise<Stored> {
  const { storage } = options;
  const people = await peopleWithExtensions(storage);
  const known = new Set(people.map((person) => person.id));
  const records: PbxEndpointRecord[] = [];
  for (const record of await storage.pbx.all()) {
    const live = known.has(record.personId) ? await liveRecord(record, options) : undefined;
    if (live) records.push(live);
    else await storage.pbx.remove(record.endpoint);
  }
  records.push(...(await deskPhoneRecords(people, options)));
  return { people, records };
}

/** A desk phone is dialled by its person's extension, so that person has one before the first sign-in. */
async function peopleWithExtensions({ people }: StoredOptions['storage']): Promise<PersonRecord[]> {
  const complete: PersonRecord[] = [];
  for (const person of await people.withExtensions()) {
    const extension = person.extension ?? (await people.ensureExtension(person.id, FIRST_EXTENSION));
    complete.push({ ...person, extension });
  }
  return complete;
}

async function liveRecord(
  record: PbxEndpointRecord,
  { storage, nowMs }: StoredOptions,
): Promise<PbxEndpointRecord | undefined> {
  if (record.kind !== 'device' || record.sessionId === undefined) return undefined;
  const session = await storage.sessions.byId(record.sessionId);
  if (!session || session.endedAtMs !== undefined || session.endsAtMs <= nowMs) return undefined;
  return { ...record, auths: validAuths(record, nowMs) };
}

/** A desk phone's password is the operator's to know, so its account is made from the password each time. */
async function deskPhoneRecords(
  people: readonly PersonRecord[],
  { storage, realm, deskPhones }: StoredOptions,
): Promise<PbxEndpointRecord[]> {
  const records: PbxEndpointRecord[] = [];
  for (const { id: personId, deskPhone: endpoint } of people) {
    if (!deskPhones || endpoint === undefined) continue;
    const ha1 = digestHa1({ user: endpoint, realm, password: await deskPhones.passwordFor(endpoint) });
    const record = { endpoint, kind: 'phone', personId, auths: [{ id: `${endpoint}-1`, ha1 }] } as const;
    await storage.pbx.put(record);
    records.push(record);
  }
  return records;
}
