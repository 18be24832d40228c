// What calling needs from its neighbours: a device's socket, and what the telephone exchange knows. The gateway and
// `pbx/reach.ts` implement these; nothing here knows Socket.IO or Asterisk.
import type { ServerToClient } from '@ringtag/server/protocol';
import type { PersonRecord } from '../people/person.ts';

/** A signed-in session in one browser on one origin. */
export interface Device {
  readonly sessionId: string;
  readonly personId: string;
  /** The same for every device in one browser; absent: a browser of its own. */
  readonly browserId?: string;
  /** It is a window on the hub's own origin. */
  readonly popOut?: boolean;
}

/** The live connection of a device. Sending never fails: what is lost comes again with the next snapshot. */
export interface DeviceSocket {
  emit<E extends keyof ServerToClient>(event: E, ...args: Parameters<ServerToClient[E]>): void;
  /** Closes it after what was emitted has left. */
  close(): void;
}

/** What decides whether a person can be reached by telephone. */
export interface PbxReach {
  /** Whether telephone calls can be made now. */
  readonly available: boolean;
  /** Whether the person's desk phone is registered. */
  deskRegistered(person: PersonRecord): boolean;
  /** Whether anything that the person's extension rings is registered: desk phone or a browser's SIP endpoint. */
  anyRegistered(person: PersonRecord): Promise<boolean>;
  /** How many calls the SIP endpoint of this device session is in or makes; what only rings there does not count. */
  callsOf(sessionId: string): number;
  /** Whether one of them is answered. */
  isTalking(sessionId: string): boolean;
  /** Whether a dialog with this Call-ID is that of another endpoint than this session's. Absent: nobody can tell. */
  isForeignDialog?(sessionId: string, sipCallId: string): Promise<boolean>;
}

/** Stands where there is no telephone exchange. */
export const noPbxReach: PbxReach = {
  available: false,
  deskRegistered: () => false,
  anyRegistered: async () => false,
  callsOf: () => 0,
  isTalking: () => false,
};
