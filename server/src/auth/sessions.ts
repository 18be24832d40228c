// Sessions: a device is one browser on one origin, signed in as one person until a fixed moment (S3–S6). Bearers
// are renewed by signing a challenge with the key that the session was made with; nothing ever extends a session.
import {
  type ChallengeResult,
  type DevicePublicKey,
  limits,
  type Refusal,
  refuse,
  type SessionGrant,
  signedText,
  type TokenRequest,
} from '@ringtag/server/protocol';
import { toMe } from '../people/directory.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import { hashSecret, type Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import type { Authenticate, Caller } from './authenticate.ts';
import { isSignedBy } from './device-key.ts';
import type { SessionRecord } from './session.ts';

/** Overdue sessions are looked for this often; their bearers are refused at the moment itself. */
const SWEEP_MS = 15_000;

/** Told once, after storage has marked the session ended; awaited, so that an end is complete when it answers. */
export type SessionEndedListener = (session: SessionRecord) => void | Promise<void>;

export interface SessionsOptions {
  readonly storage: Pick<Storage, 'sessions' | 'people'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Origins that may hold a session now; a session of an origin taken off the list is of no use. */
  readonly allowedOrigins: readonly string[];
  /** Whether any device of the person is connected. */
  readonly isOnline: (personId: string) => boolean;
  /** Whether visitors of public pages reach this person. */
  readonly answersVisitors: (person: PersonRecord) => boolean;
}

export interface NewSession {
  readonly person: PersonRecord;
  readonly origin: string;
  readonly deviceName: string;
  readonly publicKey: DevicePublicKey;
  readonly browserId: string;
  /** Default: `SESSION_MS` from now. Never later than that. */
  readonly endsAtMs?: number;
}

export interface Sessions {
  /** A new session with its first bearer. The key must have passed `isCallerKey`. */
  grant(session: NewSession): Promise<SessionGrant>;
  /** Something to sign; `SIGNED_OUT` when the session is over, `ORIGIN_NOT_ALLOWED` from another page. */
  challenge(sessionId: string, origin: string | undefined): Promise<ChallengeResult | Refusal>;
  /** A fresh bearer for a signed challenge; `SIGN_IN_REFUSED` when challenge or signature are not good (S3). */
  token(request: TokenRequest, origin: string | undefined): Promise<SessionGrant | Refusal>;
  readonly authenticate: Authenticate;
  /** Ends it now; false when it had ended already. */
  end(sessionId: string): Promise<boolean>;
  /** Listens for ends of any cause; the returned function stops it. */
  onEnded(listener: SessionEndedListener): () => void;
  /** Begins to end overdue sessions. */
  start(): void;
  stop(): void;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { storage, clock, ids, logger, allowedOrigins } = options;
  const listeners = new Set<SessionEndedListener>();
  let cancelSweep: (() => void) | undefined;
  let isSweeping = false;
  let isSweepDue = false;

  /** A session that is live and belongs to this page, with its person. */
  async function usable(sessionId: string, origin: string | undefined): Promise<Caller | Refusal> {
    const session = await storage.sessions.byId(sessionId);
    if (!session || session.endedAtMs !== undefined || session.endsAtMs <= clock.now()) {
      return refuse('SIGNED_OUT');
    }
    return belongsHere(session, origin);
  }

  async function belongsHere(session: SessionRecord, origin: string | undefined): Promise<Caller | Refusal> {
    if (session.origin !== origin || !allowedOrigins.includes(session.origin)) {
      return refuse('ORIGIN_NOT_ALLOWED');
    }
    const [person] = await storage.people.byIds([session.personId]);
    return person ? { ok: true, session, person } : refuse('SIGNED_OUT');
  }

  async function newBearer({ session, person }: Caller): Promise<SessionGrant> {
    const bearer = ids.secret();
    const now = clock.now();
    // S4 never outlives S5: the last bearer of a session is shorter.
    const expiresAtMs = Math.min(now + limits.BEARER_MS, session.endsAtMs);
    await storage.sessions.putBearer({
      hash: hashSecret(bearer),
      sessionId: session.id,
      origin: session.origin,
      expiresAtMs,
    });
    return {
      sessionId: session.id,
      bearer,
      bearerForMs: expiresAtMs - now,
      sessionForMs: session.endsAtMs - now,
      me: {
        ...toMe(person, options.isOnline(person.id)),
        answersVisitors: options.answersVisitors(person),
      },
    };
  }

  /** Tells every listener even where one fails: a PBX that is away must not keep the sockets open. */
  async function announceEnd(session: SessionRecord): Promise<void> {
    const told = await Promise.allSettled([...listeners].map(async (listener) => listener(session)));
    for (const result of told) {
      if (result.status === 'rejected') {
        logger.error(
          { err: result.reason, session: session.id },
          'a listener failed on the end of a session',
        );
      }
    }
  }

  async function end(sessionId: string): Promise<boolean> {
    const session = await storage.sessions.byId(sessionId);
    const endedAtMs = clock.now();
    if (!session || !(await storage.sessions.end(sessionId, endedAtMs))) return false;
    logger.info({ session: sessionId }, 'session ended');
    await announceEnd({ ...session, endedAtMs });
    return true;
  }

  /** One at a time; a tick that comes meanwhile is made up for at the end. */
  async function endOverdue(): Promise<void> {
    isSweepDue = true;
    if (isSweeping) return;
    isSweeping = true;
    try {
      while (isSweepDue) {
        isSweepDue = false;
        for (const session of await storage.sessions.overdue(clock.now())) await end(session.id);
      }
    } catch (err) {
      logger.error({ err }, 'overdue sessions could not be ended; trying again');
    } finally {
      isSweeping = false;
    }
  }

  function scheduleSweep(): void {
    cancelSweep = clock.after(SWEEP_MS, () => {
      scheduleSweep();
      void endOverdue();
    });
  }

  return {
    async grant({ person, endsAtMs = Number.POSITIVE_INFINITY, ...device }) {
      const now = clock.now();
      const session: SessionRecord = {
        id: ids.next('s'),
        personId: person.id,
        ...device,
        createdAtMs: now,
        endsAtMs: Math.min(endsAtMs, now + limits.SESSION_MS),
      };
      await storage.sessions.create(session);
      logger.info({ session: session.id, person: person.id, origin: session.origin }, 'session began');
      return newBearer({ ok: true, session, person });
    },

    async challenge(sessionId, origin) {
      const found = await usable(sessionId, origin);
      if (!found.ok) return found;
      const challenge = ids.secret();
      await storage.sessions.putChallenge(
        hashSecret(challenge),
        sessionId,
        clock.now() + limits.CHALLENGE_MS,
      );
      return { challenge, validForMs: limits.CHALLENGE_MS };
    },

    async token({ sessionId, challenge, signature }, origin) {
      const found = await usable(sessionId, origin);
      if (!found.ok) return found;
      // Spent before the signature is looked at: a wrong try costs the challenge (S3).
      const spentFor = await storage.sessions.spendChallenge(hashSecret(challenge), clock.now());
      const text = signedText(challenge, sessionId, found.session.origin);
      if (spentFor !== sessionId || !isSignedBy(found.session.publicKey, text, signature)) {
        return refuse('SIGN_IN_REFUSED');
      }
      return newBearer(found);
    },

    async authenticate(bearer, origin) {
      if (bearer === undefined) return refuse('SIGNED_OUT');
      const found = await storage.sessions.byBearer(hashSecret(bearer), clock.now());
      if (!found) return refuse('SIGNED_OUT');
      return belongsHere(found.session, origin);
    },

    end,

    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    start() {
      if (cancelSweep) return;
      scheduleSweep();
      void endOverdue();
    },

    stop() {
      cancelSweep?.();
      cancelSweep = undefined;
    },
  };
}
