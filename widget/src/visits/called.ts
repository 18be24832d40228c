// Of which visit a telephone call is, from the headers that the exchange adds to its INVITE (asterisk/README.md).
import type { CalledVisit } from '../call/phone.ts';

/** `header` as of the INVITE; undefined where it is no visitor's call. */
export function calledVisit(header: (name: string) => string | undefined): CalledVisit | undefined {
  const visitId = header('X-Ringtag-Visit');
  if (!visitId || !/^[\w.-]{1,64}$/.test(visitId)) return undefined;
  const [url, context, place] = ['X-Ringtag-Url', 'X-Ringtag-Context', 'Geolocation'].map(header);
  return {
    visitId,
    ...(url ? { url } : {}),
    ...(context ? { context } : {}),
    ...(place ? { place } : {}),
  };
}
