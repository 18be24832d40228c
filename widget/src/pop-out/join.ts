// The pop-out's side: asks the page that opened it for a code, and says when it is connected. Believes only its own
// opener, at the origin that the address named, and only with the nonce from there.
import type { PopOutMessage } from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';
import type { Result } from '../call/errors.ts';
import { makeSecrets } from '../hub/secrets.ts';

const HELLO_MS = 300;
/** An opener that has navigated away or never was answers nothing: the window is on its own then. */
const SILENT_MS = 3_000;

export interface JoinOptions {
  readonly page: Window;
  readonly clock: Clock;
  readonly exchange: (code: string, verifier: string) => Promise<Result<void>>;
  /** Settles when this window is connected, with the device it is. */
  readonly online: () => Promise<string | undefined>;
}

/** True when this window has become a device through its opener. */
export async function joinOpener({ page, clock, exchange, online }: JoinOptions): Promise<boolean> {
  const { nonce, opener: origin } = Object.fromEntries(new URLSearchParams(page.location.hash.slice(1)));
  const opener = page.opener as Window | null;
  // Whatever comes of it, a reload does not begin with it again.
  page.history.replaceState(page.history.state, '', page.location.pathname + page.location.search);
  if (!nonce || !origin || !opener) return false;
  const { verifier, challenge } = await makeSecrets();
  const say = (message: PopOutMessage) => opener.postMessage(message, origin);
  const code = await askForCode({ page, clock, opener, origin, nonce }, () =>
    say({ type: 'ringtag:pop-out-hello', nonce, challenge }),
  );
  if (code === undefined || !(await exchange(code, verifier)).ok) return false;
  void online().then((deviceId) => deviceId && say({ type: 'ringtag:pop-out-ready', nonce, deviceId }));
  return true;
}

interface Asked extends Pick<JoinOptions, 'page' | 'clock'> {
  readonly opener: Window;
  readonly origin: string;
  readonly nonce: string;
}

/** Says hello until the opener answers; it may still be loading what it answers with. */
function askForCode(asked: Asked, hello: () => void): Promise<string | undefined> {
  const { page, clock, opener, origin, nonce } = asked;
  return new Promise((resolve) => {
    const over = new AbortController();
    let cancelHello = () => {};
    const settle = (code?: string) => {
      cancelSilence();
      cancelHello();
      over.abort();
      resolve(code);
    };
    const cancelSilence = clock.after(SILENT_MS, settle);
    const again = () => {
      hello();
      cancelHello = clock.after(HELLO_MS, again);
    };
    page.addEventListener(
      'message',
      (event: MessageEvent<PopOutMessage | null>) => {
        if (event.source !== opener || event.origin !== origin || event.data?.nonce !== nonce) return;
        if (event.data.type === 'ringtag:pop-out-code') settle(event.data.code);
      },
      { signal: over.signal },
    );
    again();
  });
}
