// The device behind a request.
import type { Caller } from '../auth/authenticate.ts';
import type { Device } from './ports.ts';

export function deviceOf({ session, person }: Caller): Device {
  return { sessionId: session.id, personId: person.id };
}
