// Composition of the phone: the only file that knows calls, rooms and SIP together. JsSIP and socket.io-client
// arrive by dynamic import when they are first needed (architecture, decision 13).
import type { Phone } from './call/phone.ts';

export { hasSession } from './hub/resume.ts';

export interface PhoneOptions {
  /** Origin of the hub, such as `https://hub.example`. */
  readonly hubUrl: string;
  /** BCP 47 tag for the hub's and the provider's sign-in pages. Default: the page's own. */
  readonly lang?: string;
}

/** The phone and its end. */
export interface ComposedPhone extends Phone {
  /** Lets go of everything: socket, registration, lock, listeners. A live call ends as `left`. */
  close(): void;
}

/** One phone per page and hub. Returns at once with status `starting`; everything else follows by itself. */
export function createPhone(options: PhoneOptions): ComposedPhone {
  throw new Error(`not yet: ${options.hubUrl}`);
}
