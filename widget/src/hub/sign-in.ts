// The walk from "Sign in" to a one-use code: a popup on the hub's origin, the number where the popup lost its opener,
// or this very tab. Believes only its own popup, the hub's origin and its own nonce (architecture, decision 8).
import type { PickupResult } from '@ringtag/server/protocol';
import { SIGN_IN_ATTEMPT_MS } from '@ringtag/server/protocol/limits';
import type { Clock } from '../call/clock.ts';
import type { PhoneErrorCode, SignInView } from '../call/phone.ts';
import type { Send } from './api.ts';
import type { DeviceStore } from './device-key.ts';
import { RETURN_FRAGMENT } from './resume.ts';
import { makeSecrets, type Secrets } from './secrets.ts';

/** A popup that says nothing for this long brings up "Continue in this tab". */
const SILENT_MS = 3_000;
const PICKUP_MS = 2_000;

export interface SignInOptions {
  readonly hubUrl: string;
  readonly send: Send;
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly lang?: string;
  readonly view: (view: SignInView & { readonly busy: boolean }) => void;
  /** A code is here: exchange it; a returned code is what the person is shown. */
  readonly exchange: (code: string, verifier: string) => Promise<PhoneErrorCode | null>;
  readonly page?: Window;
}

export interface SignIn {
  /** Makes the secrets of the next attempt ready, so that the popup opens inside the gesture. */
  prepare(): void;
  /** Opens the popup; inside a gesture. */
  begin(): void;
  /** Leaves this tab for the hub and comes back. */
  beginHere(): Promise<void>;
  cancel(): void;
  /** Consumes the fragment of a return, if there is one. True when a sign-in was under way. */
  finishReturn(): Promise<boolean>;
}

export function createSignIn(options: SignInOptions): SignIn {
  const page = options.page ?? window;
  const hub = new URL(options.hubUrl).origin;
  const { clock } = options;
  let prepared: Secrets | undefined;
  let attempt: AbortController | undefined;

  function startUrl(secrets: Secrets, extra: Record<string, string>): string {
    const url = new URL('/auth/start', hub);
    const { nonce, challenge } = secrets;
    const lang = options.lang ?? page.document.documentElement.lang;
    const query = { origin: page.location.origin, nonce, challenge, ...(lang ? { lang } : {}), ...extra };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  function prepare(): void {
    void makeSecrets().then((secrets) => {
      prepared = secrets;
    });
  }

  /** Ends an attempt, once: with a code to exchange, or with what went wrong. */
  async function finish(
    own: AbortController,
    secrets: Secrets,
    result: { code: string } | { error: PhoneErrorCode },
  ) {
    if (own !== attempt) return;
    attempt = undefined;
    own.abort();
    let error = 'error' in result ? result.error : null;
    if ('code' in result) {
      options.view({ busy: true });
      error = await options.exchange(result.code, secrets.verifier);
    }
    options.view({ busy: false, ...(error ? { error } : {}) });
    prepare();
  }

  function follow(popup: Window, secrets: Secrets): void {
    const own = new AbortController();
    attempt = own;
    const view: { busy: true; offerTab?: boolean; number?: number } = { busy: true };
    options.view({ ...view });

    page.addEventListener(
      'message',
      (event: MessageEvent) => {
        if (event.source !== popup || event.origin !== hub) return;
        const result = readMessage(event.data, secrets.nonce);
        if (result) void finish(own, secrets, result);
      },
      { signal: own.signal },
    );
    const cancels = [
      clock.after(SILENT_MS, () => {
        view.offerTab = true;
        options.view({ ...view });
      }),
      clock.after(SIGN_IN_ATTEMPT_MS, () => void finish(own, secrets, { error: 'SIGN_IN_CANCELLED' })),
    ];
    own.signal.addEventListener('abort', () => {
      for (const cancel of cancels) cancel();
      popup.close();
    });
    void pickUp(own, secrets, (number) => {
      view.number = number;
      options.view({ ...view });
    });
  }

  /** Asks the hub, slowly, whether the popup found itself cut off; a message that arrives first ends the asking. */
  async function pickUp(
    own: AbortController,
    secrets: Secrets,
    show: (number: number) => void,
  ): Promise<void> {
    const { nonce, verifier } = secrets;
    let unanswered = 0;
    for (;;) {
      await new Promise<void>((resolve) => clock.after(PICKUP_MS, resolve));
      if (own.signal.aborted) return;
      const asked = await options.send<PickupResult>('/api/sign-in/pickup', {
        method: 'POST',
        body: { nonce, verifier },
        signal: own.signal,
      });
      if (own.signal.aborted) return;
      // Not yet known there, or the hub is away: the popup may still speak. But a page that is not listed is shown no
      // answer at all, while the tag's own file is for every page.
      if (!asked.ok) {
        const tag = await page
          .fetch(`${hub}/ringtag.js`, { method: 'HEAD', cache: 'no-store' })
          .catch(() => null);
        if (tag?.ok && ++unanswered > 1) return finish(own, secrets, { error: 'ORIGIN_NOT_ALLOWED' });
        continue;
      }
      if (asked.value.state === 'number') show(asked.value.number);
      if (asked.value.state === 'code') return finish(own, secrets, { code: asked.value.code });
      if (asked.value.state === 'refused') return finish(own, secrets, { error: 'SIGN_IN_REFUSED' });
    }
  }

  return {
    prepare,
    begin() {
      attempt?.abort();
      const secrets = prepared;
      prepared = undefined;
      // Not ready in the first milliseconds of a page: the popup must open now, its address can follow.
      const popup = page.open(secrets ? startUrl(secrets, {}) : 'about:blank', '_blank', popupFeatures(page));
      if (!popup) {
        options.view({ busy: false, offerTab: true, error: 'POPUP_BLOCKED' });
        prepare();
        return;
      }
      if (secrets) return follow(popup, secrets);
      void makeSecrets().then((late) => {
        popup.location.href = startUrl(late, {});
        follow(popup, late);
      });
    },
    async beginHere() {
      attempt?.abort();
      attempt = undefined;
      const secrets = prepared ?? (await makeSecrets());
      const { nonce, verifier } = secrets;
      const { hash, href } = page.location;
      await options.store.savePending({ nonce, verifier, hash });
      page.location.assign(startUrl(secrets, { mode: 'tab', returnTo: href.replace(/#.*$/s, '') }));
    },
    cancel() {
      attempt?.abort();
      attempt = undefined;
      options.view({ busy: false });
      prepare();
    },
    async finishReturn() {
      const [, code, nonce] = RETURN_FRAGMENT.exec(page.location.hash) ?? [];
      if (!code) return false;
      // Out of the address bar and the history before anything else may read it.
      page.history.replaceState(page.history.state, '', page.location.pathname + page.location.search);
      const pending = await options.store.takePending().catch(() => undefined);
      // Hosts that keep their place in the fragment get it back, with the event they listen for.
      if (pending?.hash) page.location.replace(pending.hash);
      if (!pending || pending.nonce !== nonce) return false;
      options.view({ busy: true });
      const error = await options.exchange(code, pending.verifier);
      options.view({ busy: false, ...(error ? { error } : {}) });
      return true;
    },
  };
}

function popupFeatures(page: Window): string {
  const [width, height] = [480, 640];
  const left = Math.round(page.screenX + (page.outerWidth - width) / 2);
  const top = Math.round(page.screenY + (page.outerHeight - height) / 2);
  return `popup,width=${width},height=${height},left=${left},top=${top}`;
}

/** The hand-off message, if it is one and carries our nonce. */
function readMessage(data: unknown, nonce: string): { code: string } | { error: PhoneErrorCode } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, nonce: theirs, result } = data as Record<string, unknown>;
  if (type !== 'ringtag:sign-in' || theirs !== nonce || typeof result !== 'object' || result === null)
    return undefined;
  const { code, error } = result as Record<string, unknown>;
  if (typeof code === 'string') return { code };
  if (error === 'NOT_ADMITTED' || error === 'ORIGIN_NOT_ALLOWED') return { error };
  if (error === 'access_denied' || error === 'SIGN_IN_CANCELLED') return { error: 'SIGN_IN_CANCELLED' };
  return { error: 'SIGN_IN_REFUSED' };
}
