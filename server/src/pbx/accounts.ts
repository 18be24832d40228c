// SIP accounts: every device session and every desk phone has one of its own, made here, kept in storage as HA1 and
// projected to the PBX. A device's account is rotated each time it is asked for and dies with its session. Granting
// writes storage first, then the PBX; revoking the PBX first.
import { limits, type PbxAccount, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import { signGateToken } from '../gate/token.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Storage } from '../storage/port.ts';
import type { PbxEndpointRecord } from './account.ts';
import { deviceEndpoint, digestHa1 } from './credentials.ts';
import type { DeskPhonePasswords } from './desk-phones.ts';
import type { Pbx, PbxRoute } from './port.ts';
import { groupDevices, toPbxEndpoint, toRoutes, validAuths } from './projected.ts';
import { FIRST_EXTENSION, readStored } from './stored.ts';
import { createTurns } from './turns.ts';

export interface PbxAccountsOptions {
  readonly storage: Pick<Storage, 'people' | 'sessions' | 'pbx'>;
  readonly pbx: Pbx;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Public WebSocket URL of sip-gate and the secret it shares with the hub. */
  readonly gate: { readonly url: string; readonly secret: string };
  /** Absent: people's desk phones get no account. */
  readonly deskPhones?: DeskPhonePasswords;
  /** A task of ours failed (storage or projection); default: nobody hears of it. */
  readonly onFault?: (fault: unknown) => void;
}

export interface PbxAccounts {
  /** Fresh credentials and gate token for a device. `PBX_UNAVAILABLE`, or `SIGNED_OUT` when the session just ended. */
  accountFor(caller: Caller): Promise<PbxAccount | Refusal>;
  /**
   * Refuses the session's credentials at once; settles when its connections and calls have been ended. Where that
   * fails it settles too, having told `onFault`, and is tried again with growing pauses until it succeeds.
   */
  sessionEnded(sessionId: string): Promise<void>;
  /** The person is reached otherwise than before: their do-not-disturb changed. */
  personChanged(personId: string): Promise<void>;
  /** Makes the PBX agree with storage: at start. */
  syncAll(): Promise<void>;
  /** Forgets pending timers. */
  stop(): void;
}

/** Pauses between tries to revoke: until it succeeds somebody whose session has ended can still telephone. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export function createPbxAccounts(options: PbxAccountsOptions): PbxAccounts {
  const { storage, pbx, clock, ids, deskPhones } = options;
  const hasDesks = deskPhones !== undefined;
  const inTurn = createTurns();
  const timers = new Map<string, () => void>();
  let isStopped = false;

  async function accountFor({ session, person }: Caller): Promise<PbxAccount | Refusal> {
    if (!pbx.available) return refuse('PBX_UNAVAILABLE');
    return inTurn(person.id, async () => {
      // Its end may have been told while we waited for our turn.
      const current = await storage.sessions.byId(session.id);
      if (!current || current.endedAtMs !== undefined) return refuse('SIGNED_OUT');
      // So may their do-not-disturb have been.
      const [known = person] = await storage.people.byIds([person.id]);
      const extension = known.extension ?? (await storage.people.ensureExtension(person.id, FIRST_EXTENSION));
      const endpoint = deviceEndpoint(session.id);
      const ha1 = digestHa1({ user: endpoint, realm: pbx.realm, password: ids.secret() });
      const record = rotate(await storage.pbx.byEndpoint(endpoint), {
        endpoint,
        kind: 'device',
        personId: person.id,
        sessionId: session.id,
        auths: [{ id: ids.next(endpoint), ha1 }],
      });
      await storage.pbx.put(record);
      const callee = { ...known, extension };
      await pbx.grant(toPbxEndpoint(record, callee), await routesOf(callee));
      scheduleExpiry(record);
      return { endpoint, realm: pbx.realm, ha1, extension, gateUrl: gateUrl(endpoint, session.origin) };
    });
  }

  /** The newest previous auth stays valid for a minute: a registration that is under way still succeeds. */
  function rotate(previous: PbxEndpointRecord | undefined, fresh: PbxEndpointRecord): PbxEndpointRecord {
    const last = previous?.auths.at(-1);
    if (!last) return fresh;
    const validUntilMs = clock.now() + limits.PBX_ROTATION_OVERLAP_MS;
    return { ...fresh, auths: [{ ...last, validUntilMs }, ...fresh.auths] };
  }

  function gateUrl(endpoint: string, origin: string): string {
    const url = new URL(options.gate.url);
    const expiresAtMs = clock.now() + limits.GATE_TOKEN_MS;
    url.searchParams.set(
      'token',
      signGateToken({ endpoint, origin, kind: 'employee', expiresAtMs }, options.gate.secret),
    );
    return url.href;
  }

  function scheduleExpiry(record: PbxEndpointRecord): void {
    const until = Math.min(...record.auths.map((auth) => auth.validUntilMs ?? Number.POSITIVE_INFINITY));
    timers.get(record.endpoint)?.();
    timers.delete(record.endpoint);
    if (!Number.isFinite(until)) return;
    const cancel = clock.after(Math.max(0, until - clock.now()), () => {
      timers.delete(record.endpoint);
      inTurn(record.personId, () => dropExpired(record.endpoint)).catch((fault) => options.onFault?.(fault));
    });
    timers.set(record.endpoint, cancel);
  }

  async function dropExpired(endpoint: string): Promise<void> {
    const record = await storage.pbx.byEndpoint(endpoint);
    const person = record && (await storage.people.byIds([record.personId]))[0];
    if (!record || !person) return;
    const pruned = { ...record, auths: validAuths(record, clock.now()) };
    await storage.pbx.put(pruned);
    await pbx.grant(toPbxEndpoint(pruned, person), await routesOf(person));
    scheduleExpiry(pruned);
  }

  async function revokeUntilDone(sessionId: string, pauseMs = FIRST_PAUSE_MS): Promise<void> {
    try {
      await revoke(sessionId);
    } catch (fault) {
      options.onFault?.(fault);
      // A stop needs no more tries: the next start begins with what storage holds of live sessions.
      if (isStopped) return;
      const key = `revoke ${sessionId}`;
      const again = clock.after(pauseMs, () => {
        timers.delete(key);
        void revokeUntilDone(sessionId, Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
      });
      timers.set(key, again);
    }
  }

  async function revoke(sessionId: string): Promise<void> {
    const endpoint = deviceEndpoint(sessionId);
    const record = await storage.pbx.byEndpoint(endpoint);
    const session = record ? undefined : await storage.sessions.byId(sessionId);
    const personId = record?.personId ?? session?.personId;
    if (personId === undefined) return;
    await inTurn(personId, async () => {
      timers.get(endpoint)?.();
      timers.delete(endpoint);
      const person = (await storage.people.byIds([personId]))[0];
      await pbx.revoke(endpoint, person ? await routesOf(person, endpoint) : []);
      await storage.pbx.remove(endpoint);
    });
  }

  async function routesOf(person: PersonRecord, without?: string): Promise<PbxRoute[]> {
    const sessions = await storage.sessions.liveFor(person.id, clock.now());
    const names = sessions.map((session) => deviceEndpoint(session.id)).filter((name) => name !== without);
    const records = await Promise.all(names.map((name) => storage.pbx.byEndpoint(name)));
    return toRoutes(
      person,
      names.filter((_, index) => records[index] !== undefined),
      hasDesks,
    );
  }

  async function syncAll(): Promise<void> {
    const { people, records } = await readStored({
      storage,
      realm: pbx.realm,
      nowMs: clock.now(),
      deskPhones,
    });
    const byId = new Map(people.map((person) => [person.id, person]));
    const endpoints = records.flatMap((record) => {
      const person = byId.get(record.personId);
      return person ? [toPbxEndpoint(record, person)] : [];
    });
    const devices = groupDevices(records);
    const routes = people.flatMap((person) => toRoutes(person, devices.get(person.id) ?? [], hasDesks));
    await pbx.replaceAll(endpoints, routes);
    for (const record of records) scheduleExpiry(record);
  }

  return {
    accountFor,
    sessionEnded: (sessionId) => revokeUntilDone(sessionId),
    personChanged: (personId) =>
      inTurn(personId, async () => {
        const [person] = await storage.people.byIds([personId]);
        if (person) await pbx.route(await routesOf(person));
      }),
    syncAll,
    stop() {
      isStopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
