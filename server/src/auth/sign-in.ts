// One walk through the popup, from the click on "Sign in" to the one-use code (decision 8, S1, S2, S7, S8). Every
// step is a compare-and-set in storage, so that nothing counts twice; what a browser shows is left to the routes.
import { randomInt } from 'node:crypto';
import {
  type ErrorCode,
  limits,
  type PickupRequest,
  type PickupResult,
  type Refusal,
  refuse,
  type SignInStart,
} from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { type Admit, isAdmitted } from './admit.ts';
import type { IdentityProvider, ProviderIdentity } from './providers/port.ts';
import { isSame, s256 } from './secrets.ts';
import type { SignInAttempt } from './session.ts';
import type { Visits } from './visits.ts';

/** The first personal extension; the seed may have given lower or higher ones. */
const FIRST_EXTENSION = 1001;
/** Numbers are two digits: easy to compare at a glance. */
const LOWEST_NUMBER = 10;
const HIGHEST_NUMBER = 99;
const NUMBERS_SHOWN = 3;

export interface SignInOptions {
  readonly storage: Pick<Storage, 'signIns' | 'people'>;
  readonly visits: Pick<Visits, 'begin'>;
  readonly provider: IdentityProvider;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly admit: Admit;
  /** E-mails of the seed file, in lower case. */
  readonly seedEmails: ReadonlySet<string>;
  readonly allowedOrigins: readonly string[];
  /** The hub's own origin: its pages need no consent. */
  readonly ownOrigin: string;
  /** Whom the operator, or the provider, calls an administrator. */
  readonly isAdministrator?: (identity: ProviderIdentity) => boolean;
}

/** What the popup (or tab) shows next. */
export type Step =
  /** Ask "Continue to ORIGIN as …?" (S1). */
  | { readonly kind: 'consent'; readonly attempt: SignInAttempt; readonly name: string }
  /** See whether the opener is there; if so, release the code to it, else ask for the number. */
  | { readonly kind: 'hand-off'; readonly attempt: SignInAttempt }
  /** `mode=tab`: go back with the code in the fragment. */
  | { readonly kind: 'return'; readonly to: string }
  /** A page of the hub's own: on to it, with the visit's cookie. */
  | { readonly kind: 'visit'; readonly to: string; readonly visit: string }
  | { readonly kind: 'numbers'; readonly attempt: SignInAttempt; readonly numbers: readonly number[] }
  /** The right number was picked; the pane fetches the code. */
  | { readonly kind: 'done'; readonly attempt: SignInAttempt }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly attempt?: SignInAttempt };

/** The query of `GET /auth/start`, parsed. */
export type StartQuery = Omit<SignInStart, 'mode'> & { readonly mode: 'popup' | 'tab' };

/** An attempt that has begun: where the browser goes, and the cookie to set. */
export type Begun = { readonly ok: true; readonly redirect: URL; readonly browser: string };

/** A request from the browser in the middle of an attempt: `state` names it, `browser` is the cookie (S8). */
export interface AttemptProof {
  readonly state: string;
  readonly browser: string | undefined;
}

/** What the provider wrote into the redirect back: no code where it refused; its name where it gives one (RFC 9207). */
export interface ProviderAnswer {
  readonly code?: string | undefined;
  readonly iss?: string | undefined;
}

export interface SignIn {
  /** Begins an attempt; `browser` is the cookie to set. Throws `ProviderUnreachable`. */
  start(query: StartQuery, browser: string | undefined): Promise<Begun | Refusal>;
  /** Begins an attempt for a page of the hub's own, such as `/devices`. Throws `ProviderUnreachable`. */
  startVisit(page: { path: string; lang: string }, browser: string | undefined): Promise<Begun>;
  /** The provider sent the browser back. Throws `ProviderUnreachable`. */
  callback(proof: AttemptProof, answer: ProviderAnswer): Promise<Step>;
  /** The person agreed, or not, to sign in on this origin. */
  consent(proof: AttemptProof, isAgreed: boolean): Promise<Step>;
  /** The popup sees its opener: the code, for that window alone. */
  release(proof: AttemptProof): Promise<{ ok: true; code: string } | Refusal>;
  /** The popup has lost its opener: three numbers; with `pick`, the choice among them (0: none of them). */
  number(proof: AttemptProof, pick: number | undefined): Promise<Step>;
  /** The pane asks for what the popup could not post. */
  pickup(request: PickupRequest, origin: string | undefined): Promise<PickupResult | Refusal>;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { storage, provider, clock, ids, logger, allowedOrigins } = options;
  const { signIns, people } = storage;

  /** The attempt of this state, if it began in this browser and is still in time (S8). */
  async function attemptOf({ state, browser }: AttemptProof): Promise<SignInAttempt | undefined> {
    const attempt = await signIns.byId(hashSecret(state));
    if (!attempt || browser === undefined || attempt.expiresAtMs <= clock.now()) return undefined;
    return isSame(attempt.browserHash, hashSecret(browser)) ? attempt : undefined;
  }

  async function refuseAttempt(attempt: SignInAttempt, code: ErrorCode, why?: string): Promise<Step> {
    await signIns.advance(attempt.id, attempt.status, { status: 'refused' }, clock.now());
    logger.info({ refusal: code, why, origin: attempt.origin }, 'sign-in refused');
    return { kind: 'refused', code, attempt };
  }

  async function personOf({ profile }: ProviderIdentity): Promise<PersonRecord> {
    const known =
      (await people.byAccount(profile)) ??
      (profile.emailVerified ? await people.linkByVerifiedEmail(profile) : undefined) ??
      (await people.createFromAccount(ids.next('u'), profile));
    await people.ensureExtension(known.id, FIRST_EXTENSION);
    return known;
  }

  async function isAgreed(attempt: SignInAttempt): Promise<boolean> {
    if (attempt.personId === undefined) return false;
    return attempt.origin === options.ownOrigin || people.knowsOrigin(attempt.personId, attempt.origin);
  }

  /** Puts a code out, once; `change` may add what the pane needs to pick it up. */
  async function putOut(attempt: SignInAttempt, forPickup: boolean): Promise<string | undefined> {
    const code = ids.secret();
    const now = clock.now();
    const change = {
      status: 'released' as const,
      codeHash: hashSecret(code),
      codeExpiresAtMs: now + limits.SIGN_IN_CODE_MS,
      ...(forPickup ? { pickupCode: code } : {}),
    };
    return (await signIns.advance(attempt.id, 'identified', change, now)) && code;
  }

  /** The way out of the popup, once the person is known and has agreed. */
  async function handOff(attempt: SignInAttempt): Promise<Step> {
    if (attempt.mode === 'popup') return { kind: 'hand-off', attempt };
    if (attempt.mode === 'page') return visit(attempt);
    const code = await putOut(attempt, false);
    if (code === undefined || attempt.returnTo === undefined)
      return { kind: 'refused', code: 'SIGN_IN_REFUSED', attempt };
    const to = new URL(attempt.returnTo);
    to.hash = `ringtag-code=${code}&ringtag-nonce=${attempt.nonce}`;
    return { kind: 'return', to: to.href };
  }

  async function visit({ id, personId, returnTo, isAdministrator }: SignInAttempt): Promise<Step> {
    const spent = await signIns.advance(id, 'identified', { status: 'spent' }, clock.now());
    if (!spent || personId === undefined || returnTo === undefined)
      return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
    return {
      kind: 'visit',
      to: returnTo,
      visit: await options.visits.begin(personId, { isAdministrator: isAdministrator === true }),
    };
  }

  /** Keeps the attempt and asks the provider where to send the browser. */
  async function begin(
    asked: Pick<SignInAttempt, 'origin' | 'nonce' | 'challenge' | 'mode' | 'returnTo'>,
    { browser, lang }: { browser: string | undefined; lang: string | undefined },
  ): Promise<Begun> {
    const state = ids.secret();
    // One cookie for all attempts of a browser, so that two popups at once do not undo each other.
    const cookie = browser !== undefined && /^[\w-]{43}$/.test(browser) ? browser : ids.secret();
    const verifier = ids.secret();
    const oidcNonce = ids.secret();
    const redirect = await provider.begin({
      state,
      verifier,
      nonce: oidcNonce,
      ...(lang === undefined ? {} : { lang }),
    });
    await signIns.create({
      id: hashSecret(state),
      status: 'started',
      ...asked,
      ...(lang === undefined ? {} : { lang }),
      browserHash: hashSecret(cookie),
      oidcVerifier: verifier,
      oidcNonce,
      expiresAtMs: clock.now() + limits.SIGN_IN_ATTEMPT_MS,
    });
    return { ok: true, redirect, browser: cookie };
  }

  return {
    async start(query, browser) {
      const { origin, nonce, challenge, mode, returnTo, lang } = query;
      if (!allowedOrigins.includes(origin)) return refuse('ORIGIN_NOT_ALLOWED');
      if (mode === 'tab' && !isPageOf(origin, returnTo))
        return refuse('INVALID_INPUT', { field: 'returnTo' });
      if (await signIns.byNonce(nonce)) return refuse('INVALID_INPUT', { field: 'nonce' });
      const asked = { origin, nonce, challenge, mode };
      const back = mode === 'tab' && returnTo !== undefined ? { returnTo } : {};
      return begin({ ...asked, ...back }, { browser, lang });
    },

    startVisit({ path, lang }, browser) {
      const origin = options.ownOrigin;
      const returnTo = new URL(path, origin).href;
      // Nobody waits for a code of this attempt: nonce and challenge are known to no one.
      const asked = { origin, returnTo, nonce: ids.secret(), challenge: ids.secret(), mode: 'page' as const };
      return begin(asked, { browser, lang });
    },

    async callback(proof, { code, iss }) {
      const found = await attemptOf(proof);
      if (found?.status !== 'started') return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
      if (code === undefined) return refuseAttempt(found, 'SIGN_IN_REFUSED');
      // Claimed before the provider is asked: a callback that comes twice is answered once (S8).
      const attempt = await signIns.advance(found.id, 'started', { status: 'identified' }, clock.now());
      if (!attempt) return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
      const identity = await provider.complete({
        code,
        verifier: attempt.oidcVerifier,
        nonce: attempt.oidcNonce,
        ...(iss === undefined ? {} : { iss }),
      });
      if (!identity.ok) return refuseAttempt(attempt, identity.code, identity.reason);
      if (!isAdmitted(options.admit, identity, options.seedEmails))
        return refuseAttempt(attempt, 'NOT_ADMITTED');
      const person = await personOf(identity);
      const isAdministrator = attempt.mode === 'page' && options.isAdministrator?.(identity) === true;
      const change = { personId: person.id, ...(isAdministrator ? { isAdministrator } : {}) };
      const identified = await signIns.advance(attempt.id, 'identified', change, clock.now());
      if (!identified) return { kind: 'refused', code: 'SIGN_IN_REFUSED', attempt };
      if (await isAgreed(identified)) return handOff(identified);
      return { kind: 'consent', attempt: identified, name: person.name };
    },

    async consent(proof, agreed) {
      const attempt = await attemptOf(proof);
      if (attempt?.status !== 'identified' || attempt.personId === undefined) {
        return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
      }
      if (!agreed) return refuseAttempt(attempt, 'SIGN_IN_REFUSED');
      await people.rememberOrigin(attempt.personId, attempt.origin);
      return handOff(attempt);
    },

    async release(proof) {
      const attempt = await attemptOf(proof);
      if (attempt?.status !== 'identified' || attempt.mode !== 'popup' || !(await isAgreed(attempt))) {
        return refuse('SIGN_IN_REFUSED');
      }
      const code = await putOut(attempt, false);
      return code === undefined ? refuse('SIGN_IN_REFUSED') : { ok: true, code };
    },

    async number(proof, pick) {
      const attempt = await attemptOf(proof);
      if (attempt?.status !== 'identified' || attempt.mode !== 'popup' || !(await isAgreed(attempt))) {
        return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
      }
      if (pick === undefined) {
        const number = attempt.number ?? randomInt(LOWEST_NUMBER, HIGHEST_NUMBER + 1);
        const asked = await signIns.advance(attempt.id, 'identified', { number }, clock.now());
        if (!asked) return { kind: 'refused', code: 'SIGN_IN_REFUSED' };
        return { kind: 'numbers', attempt: asked, numbers: withDecoys(number) };
      }
      if (attempt.number === undefined || pick !== attempt.number) {
        return refuseAttempt(attempt, 'SIGN_IN_REFUSED');
      }
      const code = await putOut(attempt, true);
      return code === undefined
        ? { kind: 'refused', code: 'SIGN_IN_REFUSED', attempt }
        : { kind: 'done', attempt };
    },

    async pickup({ nonce, verifier }, origin) {
      const attempt = await signIns.byNonce(nonce);
      // The pane may ask before its popup has reached the hub.
      if (!attempt) return { state: 'waiting' };
      if (attempt.origin !== origin) return refuse('ORIGIN_NOT_ALLOWED');
      if (!isSame(attempt.challenge, s256(verifier))) return refuse('SIGN_IN_REFUSED');
      if (attempt.expiresAtMs <= clock.now()) return { state: 'refused' };
      return pickedUp(attempt);
    },
  };

  async function pickedUp(attempt: SignInAttempt): Promise<PickupResult> {
    switch (attempt.status) {
      case 'started':
        return { state: 'waiting' };
      case 'identified':
        return attempt.number === undefined
          ? { state: 'waiting' }
          : { state: 'number', number: attempt.number };
      case 'released': {
        const code = await signIns.takePickupCode(attempt.id, clock.now());
        return code === undefined ? { state: 'waiting' } : { state: 'code', code };
      }
      case 'spent':
      case 'refused':
        return { state: 'refused' };
    }
  }
}

/** Whether the address is a page of that origin, without credentials in it: no open redirect. */
function isPageOf(origin: string, address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === origin && url.username === '' && url.password === '';
}

/** The number among others, in rising order, so that its place says nothing. */
function withDecoys(number: number): number[] {
  const shown = new Set([number]);
  while (shown.size < NUMBERS_SHOWN) shown.add(randomInt(LOWEST_NUMBER, HIGHEST_NUMBER + 1));
  return [...shown].sort((a, b) => a - b);
}
