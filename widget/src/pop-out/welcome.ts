// The page's side of a pop-out that has just been opened: hands it a code with which it becomes a device of the same
// person. Believes only that window, the hub's origin and the nonce it gave along.
import type { HandoffResult, PopOutMessage } from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';
import type { Send } from '../hub/api.ts';

/** For the pop-out to load and connect; after it, it is on its own. */
const WELCOME_MS = 30_000;

export interface WelcomeOptions {
  readonly page: Window;
  readonly popup: Window;
  readonly nonce: string;
  /** Origin of the hub. */
  readonly hub: string;
  readonly clock: Clock;
  readonly send: Send;
}

/** Settles with the device that the pop-out has become, or without where it has not. */
export function welcome({
  page,
  popup,
  nonce,
  hub,
  clock,
  send,
}: WelcomeOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const settle = (device?: string) => {
      cancel();
      over.abort();
      resolve(device);
    };
    const cancel = clock.after(WELCOME_MS, settle);
    let asked = false;

    async function handOff(challenge: string): Promise<void> {
      // It says hello until it is answered; one code is enough.
      if (asked) return;
      asked = true;
      const body = { challenge };
      const given = await send<HandoffResult>('/api/sessions/handoff', { method: 'POST', body });
      if (!given.ok) return settle();
      const { code } = given.value;
      popup.postMessage({ type: 'ringtag:pop-out-code', nonce, code } satisfies PopOutMessage, hub);
    }

    page.addEventListener(
      'message',
      ({ source, origin, data }: MessageEvent<PopOutMessage | null>) => {
        if (source !== popup || origin !== hub || data?.nonce !== nonce) return;
        if (data.type === 'ringtag:pop-out-hello') void handOff(data.challenge);
        else if (data.type === 'ringtag:pop-out-ready') settle(data.deviceId);
      },
      { signal: over.signal },
    );
  });
}
