// A person's devices, as they see and end them themself (requirement B2). Nobody else's are ever touched: what is not
// theirs does not exist.
import type { Clock } from '../platform/clock.ts';
import type { Storage } from '../storage/port.ts';
import type { SessionRecord } from './session.ts';
import type { Sessions } from './sessions.ts';

/** One live session, as its person sees it. */
export interface DeviceView {
  readonly sessionId: string;
  readonly name: string;
  readonly origin: string;
  readonly signedInForMs: number;
  /** 0 while it is connected. */
  readonly lastSeenAgoMs: number;
  readonly endsInMs: number;
  /** In the browser that asks. */
  readonly isHere: boolean;
}

/** Whose devices, and in which browser they are looked at (`SessionRecord.browserId`). */
export interface Looker {
  readonly personId: string;
  readonly browserId: string | undefined;
}

export interface Devices {
  /** Those in this browser first, then the last seen. */
  list(looker: Looker): Promise<DeviceView[]>;
  /** Ends that one now; false where the person has no such live session. */
  end(looker: Looker, sessionId: string): Promise<boolean>;
  /** Ends all that are not in the browser that asks. */
  endElsewhere(looker: Looker): Promise<void>;
}

export interface DevicesOptions {
  readonly storage: Pick<Storage, 'sessions'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly clock: Clock;
  readonly isConnected: (sessionId: string) => boolean;
}

export function createDevices({ storage, sessions, clock, isConnected }: DevicesOptions): Devices {
  const liveOf = ({ personId }: Looker) => storage.sessions.liveFor(personId, clock.now());
  const isHere = (session: SessionRecord, { browserId }: Looker): boolean =>
    browserId !== undefined && session.browserId === browserId;

  return {
    async list(looker) {
      const now = clock.now();
      const views = (await liveOf(looker)).map((session) => ({
        sessionId: session.id,
        name: session.deviceName,
        origin: session.origin,
        signedInForMs: now - session.createdAtMs,
        lastSeenAgoMs: isConnected(session.id) ? 0 : now - (session.lastSeenAtMs ?? session.createdAtMs),
        endsInMs: session.endsAtMs - now,
        isHere: isHere(session, looker),
      }));
      return views.sort((a, b) => Number(b.isHere) - Number(a.isHere) || a.lastSeenAgoMs - b.lastSeenAgoMs);
    },

    async end(looker, sessionId) {
      const isTheirs = (await liveOf(looker)).some(({ id }) => id === sessionId);
      return isTheirs && sessions.end(sessionId);
    },

    async endElsewhere(looker) {
      const others = (await liveOf(looker)).filter((session) => !isHere(session, looker));
      await Promise.all(others.map(({ id }) => sessions.end(id)));
    },
  };
}
