// The servers that help browsers find a way to each other. Credentials for TURN are made here, for each answer anew:
// good for some hours, worthless afterwards, and silent about whose they are.
import { createHmac } from 'node:crypto';
import { type IceServer, limits } from '@ringtag/server/protocol';
import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';

/** TURN servers that share a secret with the hub: coturn with `use-auth-secret` and `static-auth-secret`. */
export interface TurnConfig {
  /** RFC 7065 URIs, such as `turn:turn.example.com:3478?transport=udp`. */
  readonly urls: readonly string[];
  readonly secret: string;
}

export interface IceServersOptions {
  /** Handed to every browser as they are. */
  readonly iceServers: readonly IceServer[];
  readonly turn?: TurnConfig;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Servers for one answer to one device. With `personId` the TURN credentials carry a pseudonym of that person, which
 * stays the same and so counts for coturn's `user-quota`; without, a random one. `validForMs`: default
 * `limits.TURN_CREDENTIAL_MS`; a stranger's are good for one call.
 */
export type IceServersFor = (personId?: string, validForMs?: number) => readonly IceServer[];

export function createIceServers({ iceServers, turn, clock, ids }: IceServersOptions): IceServersFor {
  if (turn === undefined) return () => iceServers;
  return (personId, validForMs = limits.TURN_CREDENTIAL_MS) => {
    const who = personId === undefined ? ids.secret() : pseudonym(personId, turn.secret);
    return [
      ...iceServers,
      { urls: [...turn.urls], ...credentials(who, turn.secret, clock.now() + validForMs) },
    ];
  };
}

/** draft-uberti-behave-turn-rest-00 §2.2: the time is the end of validity, and the secret's HMAC the password. */
function credentials(
  who: string,
  secret: string,
  endsAtMs: number,
): { username: string; credential: string } {
  const username = `${Math.floor(endsAtMs / 1_000)}:${who}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

/** TURN usernames cross the network in clear (RFC 8656 §5): a person's id must not. */
function pseudonym(personId: string, secret: string): string {
  return createHmac('sha256', secret).update(`ringtag person ${personId}`).digest('base64url').slice(0, 22);
}
