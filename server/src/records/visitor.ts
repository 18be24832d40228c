// What the record of a visitor's call has that no other has: who asked, from where, by which ticket, for whom. The
// exchange knows of a visitor only the gate's address and a name that the hub made up; both are left out.
import type { ShownContext } from '@ringtag/server/protocol';
import type { VisitRecord } from '../public-calls/visit.ts';
import { geoUri } from '../public-calls/visit-headers.ts';
import type { CallEntry, Party } from './record.ts';

/** As much of a visit as a record keeps. */
export type RecordedVisit = Pick<VisitRecord, 'ticketId' | 'destinationId' | 'source' | 'context'>;

/** `visit` is undefined where it has been forgotten meanwhile. */
export function visitorOf(callerName: string | undefined, visit: RecordedVisit | undefined): Party {
  const { address, port } = visit?.source ?? {};
  return {
    // The destination's, as on the telephones that rang: in a history it stands for the visitor.
    ...(callerName === undefined ? {} : { name: callerName }),
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
  };
}

export function visitFields(
  visitId: string,
  visit: RecordedVisit | undefined,
): Pick<CallEntry, 'visitId' | 'ticket' | 'destination' | 'context'> {
  if (!visit) return { visitId };
  const { ticketId: ticket, destinationId: destination } = visit;
  return { visitId, ticket, destination, context: flat(visit.context) };
}

function flat({ place, data, ...page }: ShownContext): Record<string, string> {
  const texts = Object.entries(page).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(texts),
    ...(place === undefined ? {} : { place: geoUri(place) }),
    ...Object.fromEntries(data.map(({ key, value }) => [`data.${key}`, value])),
  };
}
