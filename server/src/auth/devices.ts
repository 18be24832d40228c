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
  /**
   * Ends the hub's own windows in this browser that were closed without a word: each time the phone is opened in one it
   * is a new device, and the page would fill with dead ones.
   */
  endLeftWindows(looker: Looker): Promise<void>;
}

/** A window that has been away for less may be reloading, or without a network for a moment. */
const LEFT_MS = 60_000;

export interface DevicesOptions {
  readonly storage: Pick<Storage, 'sessions'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly clock: Clock;
  readonly isConnected: (sessionId: string) => boolean;
  readonly ownOrigin: string;
}

export function createDevices(options: DevicesOptions): Devices {
  const { storage, sessions, clock, isConnected, ownOrigin } = options;
  const liveOf = ({ personId }: Looker) => storage.sessions.liveFor(personId, clock.now());
  const isHere = (session: SessionRecord, { browserId }: Looker): boolean =>
    browserId !== undefined && session.browserId === browserId;

  const lastSeenAgoMs = ({ id, lastSeenAtMs, createdAtMs }: SessionRecord): number =>
    isConnected(id) ? 0 : clock.now() - (lastSeenAtMs ?? createdAtMs);
  const endAll = async (ended: readonly SessionRecord[]): Promise<void> => {
    await Promise.all(ended.map(({ id }) => sessions.end(id)));
  };

  return {
    async list(looker) {
      const now = clock.now();
      const views = (await liveOf(looker)).map((session) => ({
        sessionId: session.id,
        name: session.deviceName,
        origin: session.origin,
        signedInForMs: now - session.createdAtMs,
        lastSeenAgoMs: lastSeenAgoMs(session),
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
      await endAll((await liveOf(looker)).filter((session) => !isHere(session, looker)));
    },

    async endLeftWindows(looker) {
      const windows = (await liveOf(looker)).filter(
        (session) => session.origin === ownOrigin && isHere(session, looker),
      );
      await endAll(windows.filter((window) => lastSeenAgoMs(window) > LEFT_MS));
    },
  };
}
