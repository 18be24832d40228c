// Where a visitor is, if it is said in time: a browser's own limit does not count while it asks, and some people never
// answer it.
import type { Place } from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';

const PLACE_MS = 15_000;

/** Undefined where it is not said in time, or is not wanted any more. */
export function placeInTime(
  locate: () => Promise<Place | undefined>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Place | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(PLACE_MS, () => resolve(undefined));
    signal.addEventListener('abort', () => resolve(undefined));
    void locate().then((place) => {
      cancel();
      resolve(place);
    });
  });
}

/** Where the visitor is, if they say yes (W3C Geolocation); undefined otherwise. Never rejects. */
export function locate(
  geolocation: Geolocation | undefined = navigator.geolocation,
): Promise<Place | undefined> {
  return new Promise((resolve) => {
    if (!geolocation) return resolve(undefined);
    geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
      () => resolve(undefined),
      { timeout: PLACE_MS, maximumAge: 60_000, enableHighAccuracy: true },
    );
  });
}
