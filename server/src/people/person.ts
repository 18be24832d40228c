// Who exists. A person comes from the identity provider, from a seed file, or from both, joined by verified e-mail.
import type { PersonNumber } from '@ringtag/server/protocol';

export interface PersonRecord {
  /** `u-…`, stable for ever. */
  readonly id: string;
  readonly name: string;
  /** Lower case. */
  readonly email?: string;
  readonly unit?: string;
  readonly photoUrl?: string;
  /** Personal extension, given at the first sign-in (or by the seed), unique. */
  readonly extension?: string;
  /** Numbers beside the extension: desk phone, mobile, home. */
  readonly numbers: readonly PersonNumber[];
  /** Endpoint of a desk phone that Asterisk knows, `p-…`. */
  readonly deskPhone?: string;
  /** They want no calls now; removed when it ends. */
  readonly doNotDisturb?: DoNotDisturb;
}

export interface DoNotDisturb {
  /** Absent: until told otherwise. */
  readonly untilMs?: number;
}

/** One line of the seed file; `key` makes re-seeding idempotent (default: the e-mail). */
export interface SeedPerson {
  readonly key: string;
  readonly name: string;
  readonly email?: string;
  readonly unit?: string;
  readonly photoUrl?: string;
  readonly extension?: string;
  readonly numbers?: readonly PersonNumber[];
  readonly deskPhone?: string;
}

/** What an identity provider vouches for. Accounts are keyed by (issuer, subject), never by e-mail. */
export interface ProviderProfile {
  readonly issuer: string;
  readonly subject: string;
  /** Empty where the provider gives none. */
  readonly name: string;
  /** Stands in where neither the provider nor the seed file has a name: e-mail address or account. */
  readonly handle?: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly photoUrl?: string;
  readonly numbers: readonly PersonNumber[];
}
