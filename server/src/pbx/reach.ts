// What calling asks about telephones, answered from the PBX port and storage.
import type { PbxReach } from '../calls/ports.ts';
import type { Clock } from '../platform/clock.ts';
import type { Storage } from '../storage/port.ts';
import { deviceEndpoint, sessionOf } from './credentials.ts';
import type { Pbx } from './port.ts';

export interface PbxReachOptions {
  readonly pbx: Pbx;
  readonly storage: Pick<Storage, 'sessions'>;
  readonly clock: Clock;
}

/** Tells of each device session whose telephone calls may have changed; the returned function stops it. */
export function onDeviceCalls(pbx: Pbx, changed: (sessionId: string) => void): () => void {
  return pbx.on('endpoint', (endpoint) => {
    const sessionId = sessionOf(endpoint);
    if (sessionId !== undefined) changed(sessionId);
  });
}

export function createPbxReach({ pbx, storage, clock }: PbxReachOptions): PbxReach {
  return {
    get available() {
      return pbx.available;
    },
    deskRegistered: ({ deskPhone }) => deskPhone !== undefined && pbx.isRegistered(deskPhone),
    async anyRegistered(person) {
      if (person.deskPhone !== undefined && pbx.isRegistered(person.deskPhone)) return true;
      const sessions = await storage.sessions.liveFor(person.id, clock.now());
      return sessions.some((session) => pbx.isRegistered(deviceEndpoint(session.id)));
    },
    callsOf: (sessionId) => pbx.callsOf(deviceEndpoint(sessionId)),
    isTalking: (sessionId) => pbx.isTalking(deviceEndpoint(sessionId)),
    async isForeignDialog(sessionId, sipCallId) {
      const owner = await pbx.ownerOfDialog?.(sipCallId);
      return owner !== undefined && owner !== deviceEndpoint(sessionId);
    },
  };
}
