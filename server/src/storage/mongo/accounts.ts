// Which person an account of a provider leads to. The account is written first and names the person, so that a crash
// between the two writes is mended by the next sign-in.
import type { PersonRecord, ProviderProfile } from '../../people/person.ts';
import { providerPart, updateProvider } from '../person-sources.ts';
import type { PeopleStore } from '../port.ts';
import { type Collections, isDuplicate, unlessThere } from './collections.ts';
import type { PeopleWriter } from './people-writer.ts';

type Accounts = Pick<PeopleStore, 'byAccount' | 'linkByVerifiedEmail' | 'createFromAccount'>;

export function createAccounts({ people, accounts }: Collections, writer: PeopleWriter): Accounts {
  const update = (personId: string, profile: ProviderProfile) =>
    writer.change(personId, (before) => ({ ...before, provider: updateProvider(before.provider, profile) }));

  async function updateOrInsert(personId: string, profile: ProviderProfile): Promise<PersonRecord> {
    for (;;) {
      const updated = await update(personId, profile);
      if (updated) return updated;
      try {
        return await writer.insert({ id: personId, provider: providerPart(profile) });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  async function byAccount(profile: ProviderProfile): Promise<PersonRecord | undefined> {
    const account = await accounts.findOne({ _id: accountKey(profile) });
    return account ? updateOrInsert(account.personId, profile) : undefined;
  }

  /** Whether this call made the account; false where it, or one of that issuer for that person, is there. */
  function claim(profile: ProviderProfile, personId: string): Promise<boolean> {
    const personIssuer = personIssuerKey(personId, profile.issuer);
    return unlessThere(accounts.insertOne({ _id: accountKey(profile), personIssuer, personId }));
  }

  return {
    byAccount,
    async linkByVerifiedEmail(profile) {
      const { issuer, email, emailVerified } = profile;
      if (!emailVerified || email === undefined) return undefined;
      const linked = await byAccount(profile);
      if (linked) return linked;
      const seeded = await people.find({ email: email.toLowerCase(), isSeeded: true }).toArray();
      const keys = seeded.map(({ _id }) => personIssuerKey(_id, issuer));
      const taken = await accounts.find({ personIssuer: { $in: keys } }).toArray();
      const [free, another] = seeded.filter(({ _id }) => !taken.some(({ personId }) => personId === _id));
      // None is free also where this very account was linked a moment ago.
      if (!free || another) return byAccount(profile);
      return (await claim(profile, free._id)) ? update(free._id, profile) : byAccount(profile);
    },
    async createFromAccount(id, profile) {
      if (await claim(profile, id)) return updateOrInsert(id, profile);
      const winner = await byAccount(profile);
      if (!winner) throw new Error('An account can be neither made nor found');
      return winner;
    },
  };
}

function accountKey({ issuer, subject }: ProviderProfile): string {
  return JSON.stringify([issuer, subject]);
}

function personIssuerKey(personId: string, issuer: string): string {
  return JSON.stringify([personId, issuer]);
}
