// The phone's state out of what the parts know. Pure.
import type { Shared } from '../call/mirror.ts';
import type { PhoneState, PhoneStatus, SignInView } from '../call/phone.ts';
import type { SessionState } from '../hub/session.ts';

export interface Facts {
  readonly session: SessionState;
  readonly leads: boolean;
  readonly signIn: SignInView & { readonly busy: boolean };
  readonly shown: Shared;
  readonly popOut: PhoneState['popOut'];
  /** Somebody was called, by this site or as the history says. */
  readonly canRedial: boolean;
}

export function stateOf({ session, leads, signIn, shown, popOut, canRedial }: Facts): PhoneState {
  const { calls, telephone, soundBlocked, error, doNotDisturb, quietUntilMs, missed, notice, visitors } =
    shown;
  const { busy: _, ...view } = signIn;
  return {
    status: statusOf(session, signIn, shown.ready),
    leads,
    me: session.status === 'signed-in' ? session.me : null,
    signIn: view,
    ...{
      calls,
      telephone,
      soundBlocked,
      error,
      doNotDisturb,
      quietUntilMs,
      missed,
      popOut,
      notice,
      canRedial,
      visitors,
    },
  };
}

function statusOf(session: SessionState, { busy, error }: Facts['signIn'], ready: boolean): PhoneStatus {
  if (error === 'INSECURE_PAGE') return 'signed-out';
  if (session.status === 'signed-in') return ready ? 'ready' : 'connecting';
  return busy ? 'signing-in' : session.status;
}
