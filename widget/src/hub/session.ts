// Who this browser is to the hub: from the stored key to a bearer, and from a sign-in code to a stored key.
// Bearers live in this object's memory only (architecture, decisions 8 and 9).
import type {
  ChallengeResult,
  CreateSessionRequest,
  Me,
  SessionGrant,
  TokenRequest,
} from '@ringtag/server/protocol';
import { signedText } from '@ringtag/server/protocol/text';
import { backoffMs, type Clock, pause } from '../call/clock.ts';
import { done, type Result, refused } from '../call/errors.ts';
import { type Bearers, createAuthorizedSend, createSend, type Send } from './api.ts';
import { base64url } from './base64url.ts';
import type { DeviceRecord, DeviceStore } from './device-key.ts';
import { deviceName } from './device-name.ts';
import { createSignOffs } from './sign-offs.ts';

/** A bearer this close to its end is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000;
const RETRY_MAX_MS = 15_000;

export type SessionState =
  | { readonly status: 'starting' | 'signed-out' }
  | { readonly status: 'signed-in'; readonly me: Me };

export interface SessionOptions {
  readonly hubUrl: string;
  /** Origin of the host page: what the signature is bound to. */
  readonly origin: string;
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly changed: (state: SessionState) => void;
  /** The browser keeps this page from the hub: the person has to allow it. */
  readonly blocked?: (code: 'LOCAL_NETWORK_BLOCKED') => void;
  readonly send?: Send;
  readonly userAgent?: string;
  /** Ends the session of this bearer at the hub. */
  readonly endAtHub?: (bearer: string) => Promise<Result<unknown>>;
}

export interface Session extends Bearers {
  readonly state: SessionState;
  /** Reads the stored record and gets a first bearer; tries again while the hub is away. */
  resume(): Promise<void>;
  /** Makes a key and exchanges the one-use code for a session: of this page only where the key cannot be stored. */
  exchange(code: string, verifier: string): Promise<Result<void>>;
  /** Signs out here at once; the hub is told now or, where it cannot be reached, as soon as it can. */
  signOut(): Promise<void>;
  /** The hub ended the session: forgets the key. */
  ended(): Promise<void>;
  /** The network is back: what the hub has not heard is told now. */
  hurry(): void;
  close(): void;
}

export function createSession(options: SessionOptions): Session {
  const { store, clock, origin } = options;
  const send = options.send ?? createSend(options.hubUrl);
  let state: SessionState = { status: 'starting' };
  let record: DeviceRecord | undefined;
  let grant: { readonly bearer: string; readonly untilMs: number } | undefined;
  let renewal: Promise<Result<string>> | undefined;
  let cancelTimer = () => {};
  let closed = false;
  const signOffs = createSignOffs({
    store,
    clock,
    async prove(device) {
      const granted = await proveDevice(send, device, origin);
      return granted.ok ? done(granted.value.bearer) : granted;
    },
    end: options.endAtHub ?? ((bearer) => endAtHub(options.hubUrl, bearer)),
  });

  function become(next: SessionState): void {
    state = next;
    if (!closed) options.changed(next);
  }

  function adopt(granted: SessionGrant): void {
    grant = { bearer: granted.bearer, untilMs: clock.now() + granted.bearerForMs };
    cancelTimer();
    const renewInMs = Math.max(granted.bearerForMs - RENEW_BEFORE_MS, granted.bearerForMs / 2);
    // Renewed ahead of time, so that a call placed after a quiet quarter of an hour does not wait for it.
    cancelTimer = clock.after(renewInMs, () => void renew());
    become({ status: 'signed-in', me: granted.me });
  }

  async function forget(remove: () => Promise<void> = () => store.remove()): Promise<void> {
    cancelTimer();
    grant = undefined;
    record = undefined;
    await remove().catch(() => {});
    become({ status: 'signed-out' });
  }

  /** One renewal at a time; everybody who needs a bearer meanwhile waits for the same. */
  function renew(): Promise<Result<string>> {
    renewal ??= askForBearer().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function askForBearer(): Promise<Result<string>> {
    const device = record;
    if (!device) return refused('SIGNED_OUT');
    for (let attempt = 0; ; attempt++) {
      const granted = await proveDevice(send, device, origin);
      if (device !== record || closed) return refused('SIGNED_OUT');
      if (granted.ok) {
        adopt(granted.value);
        return done(granted.value.bearer);
      }
      // A challenge can run out between two sleeps of a laptop: one more try with a fresh one.
      if (granted.code === 'SIGN_IN_REFUSED' && attempt === 0) continue;
      if (
        granted.code === 'SIGNED_OUT' ||
        granted.code === 'SIGN_IN_REFUSED' ||
        granted.code === 'NOT_FOUND'
      ) {
        await forget();
        return refused('SIGNED_OUT');
      }
      return granted;
    }
  }

  return {
    get state() {
      return state;
    },
    async current() {
      if (grant && grant.untilMs - clock.now() > RENEW_BEFORE_MS / 2) return done(grant.bearer);
      return renew();
    },
    discard(bearer) {
      if (grant?.bearer === bearer) grant = undefined;
    },
    async resume() {
      void signOffs.resume();
      record = await store.load().catch(() => undefined);
      if (!record) return become({ status: 'signed-out' });
      for (let attempt = 0; !closed && record; attempt++) {
        const bearer = await renew();
        if (bearer.ok || bearer.code === 'SIGNED_OUT') return;
        if (bearer.code === 'LOCAL_NETWORK_BLOCKED') options.blocked?.(bearer.code);
        await pause(clock, bearer.retryAfterMs ?? backoffMs(attempt, RETRY_MAX_MS));
      }
    },
    async exchange(code, verifier) {
      const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
        'sign',
        'verify',
      ]);
      const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
      const body: CreateSessionRequest = {
        code,
        verifier,
        publicKey: { kty: 'EC', crv: 'P-256', x, y },
        deviceName: deviceName(options.userAgent ?? navigator.userAgent),
      };
      const granted = await send<SessionGrant>('/api/sessions', { method: 'POST', body });
      if (!granted.ok) return granted;
      // The pop-out is handed a session anew each time it opens; the one before would live on unused.
      const old = await store.load().catch(() => undefined);
      if (old) {
        await signOffs.retire(old);
        void signOffs.tell(old);
      }
      record = { sessionId: granted.value.sessionId, key: pair.privateKey };
      await store.save(record).catch(() => {});
      adopt(granted.value);
      return done(undefined);
    },
    async signOut() {
      const bearer = grant?.bearer;
      const device = record;
      if (!device) return forget();
      await forget(() => signOffs.retire(device));
      void signOffs.tell(device, bearer);
    },
    ended: () => forget(),
    hurry: signOffs.hurry,
    close() {
      closed = true;
      cancelTimer();
    },
  };
}

/** Signs a fresh challenge with the device's key (SPEC S3). */
async function proveDevice(send: Send, device: DeviceRecord, origin: string): Promise<Result<SessionGrant>> {
  const { sessionId, key } = device;
  const asked = await send<ChallengeResult>('/api/sessions/challenge', {
    method: 'POST',
    body: { sessionId },
  });
  if (!asked.ok) return asked;
  const { challenge } = asked.value;
  const text = new TextEncoder().encode(signedText(challenge, sessionId, origin));
  const signature = base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, text));
  const body: TokenRequest = { sessionId, challenge, signature };
  return send<SessionGrant>('/api/sessions/token', { method: 'POST', body });
}

function endAtHub(hubUrl: string, bearer: string): Promise<Result<unknown>> {
  const send = createAuthorizedSend(hubUrl, { current: async () => done(bearer), discard() {} });
  return send('/api/sessions/current', { method: 'DELETE', keepalive: true });
}
