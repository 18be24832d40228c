// One-use codes on their way to a session (S2): spending those that sign-ins released, and handing a signed-in person
// on to the hub's own window. What is handed on ends when the session it came from would have ended (S5).
import { type CreateSessionRequest, limits, type Refusal, refuse } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import type { Storage } from '../storage/port.ts';
import { isUsableKey } from './device-key.ts';
import { isSame, s256 } from './secrets.ts';
import type { SessionRecord, SignInAttempt } from './session.ts';

export interface ExchangeOptions {
  readonly storage: Pick<Storage, 'signIns' | 'people' | 'sessions'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly allowedOrigins: readonly string[];
  readonly ownOrigin: string;
}

/** Where an exchange comes from. */
export interface Redeemer {
  readonly origin: string | undefined;
  /** The browser's cookie on the hub's own origin; only the hub's own pages bring it. */
  readonly browser: string | undefined;
}

/** Whom a spent code makes a session for. */
export interface Redeemed {
  readonly ok: true;
  readonly person: PersonRecord;
  readonly origin: string;
  readonly browserId: string;
  /** Where the session was handed on: the end that it shares with the one it came from. */
  readonly endsAtMs?: number;
}

export interface Exchange {
  /** A code for the hub's own window in the browser of this session; `FORBIDDEN` where that browser has no name. */
  handOff(session: SessionRecord, challenge: string): Promise<{ ok: true; code: string } | Refusal>;
  /** Spends the code; whatever is wrong then, it stays spent (S2). */
  redeem(
    request: Pick<CreateSessionRequest, 'code' | 'verifier' | 'publicKey'>,
    from: Redeemer,
  ): Promise<Redeemed | Refusal>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { clock, ids, allowedOrigins, ownOrigin } = options;
  const { signIns, people, sessions } = options.storage;

  /**
   * The session that a hand-off came from, if it is live still and the code came back from its own browser. A page's
   * scripts can ask for a code, and anything can write an `Origin` header; the cookie only that browser has.
   */
  async function source(attempt: SignInAttempt, browser: string | undefined) {
    if (attempt.handedOffBy === undefined || browser === undefined) return undefined;
    if (!isSame(attempt.browserHash, hashSecret(browser))) return undefined;
    const session = await sessions.byId(attempt.handedOffBy);
    const isLive = session?.endedAtMs === undefined && (session?.endsAtMs ?? 0) > clock.now();
    return isLive ? session : undefined;
  }

  return {
    async handOff(session, challenge) {
      if (session.browserId === undefined) return refuse('FORBIDDEN');
      const code = ids.secret();
      const expiresAtMs = clock.now() + limits.SIGN_IN_CODE_MS;
      await signIns.create({
        // Nobody knows a state that names it: no callback and no popup can take part.
        id: hashSecret(ids.secret()),
        status: 'released',
        origin: ownOrigin,
        nonce: ids.secret(),
        challenge,
        mode: 'page',
        browserHash: session.browserId,
        oidcVerifier: '',
        oidcNonce: '',
        personId: session.personId,
        codeHash: hashSecret(code),
        codeExpiresAtMs: expiresAtMs,
        handedOffBy: session.id,
        expiresAtMs,
      });
      return { ok: true, code };
    },

    async redeem({ code, verifier, publicKey }, { origin, browser }) {
      // A key that is none is bad input, not a wrong try: nothing is spent on it.
      if (!isUsableKey(publicKey)) return refuse('INVALID_INPUT', { field: 'publicKey' });
      const attempt = await signIns.spendCode(hashSecret(code), clock.now());
      const isGood =
        attempt?.personId !== undefined &&
        attempt.origin === origin &&
        allowedOrigins.includes(attempt.origin) &&
        isSame(attempt.challenge, s256(verifier));
      if (!isGood) return refuse('SIGN_IN_REFUSED');
      const from = await source(attempt, browser);
      if (attempt.handedOffBy !== undefined && !from) return refuse('SIGN_IN_REFUSED');
      const [person] = await people.byIds([attempt.personId]);
      if (!person) return refuse('SIGN_IN_REFUSED');
      const redeemed = { ok: true as const, person, origin, browserId: attempt.browserHash };
      return from ? { ...redeemed, endsAtMs: from.endsAtMs } : redeemed;
    },
  };
}
