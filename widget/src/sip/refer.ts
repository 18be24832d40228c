// REFER (RFC 3515): asks the exchange to join the far end of a session to somebody else, and waits for its last word.
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import { done, type Result, refused } from '../call/errors.ts';

/** The exchange's notices end with a final one long before (RFC 3515 §2.4.4). */
const LAST_WORD_MS = 60_000;

export interface ReferOrder {
  /** User part of the URI. */
  readonly to: string;
  /** Value of the `Replaces` that the far end's new call carries (RFC 3891). */
  readonly replaces?: string;
}

/**
 * Refused as `TRANSFER_REFUSED`, also where no last word comes. The exchange hangs up on who transferred, sometimes
 * before it says so: the end of a session whose REFER was accepted is a yes.
 */
export function refer(session: RTCSession, { to, replaces }: ReferOrder): Promise<Result<void>> {
  return new Promise((resolve) => {
    let accepted = false;
    const no = () => settle(refused('TRANSFER_REFUSED'));
    const yes = () => settle(done(undefined));
    const timer = setTimeout(no, LAST_WORD_MS);
    const settle = (result: Result<void>) => {
      clearTimeout(timer);
      resolve(result);
    };
    session.on('ended', () => (accepted ? yes() : no()));
    // Not JsSIP's own `replaces`: it takes the tags of a call that came in for those of one that went out.
    const headers = replaces ? `?Replaces=${encodeURIComponent(replaces)}` : '';
    const sent: unknown = session.refer(`sip:${to}@${session.local_identity.uri.host}${headers}`, {
      eventHandlers: {
        requestSucceeded: () => {
          accepted = true;
        },
        requestFailed: no,
        accepted: yes,
        failed: no,
      },
    });
    if (!sent) no();
  });
}
