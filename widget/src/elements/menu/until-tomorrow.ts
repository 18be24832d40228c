// How long "until tomorrow" is. Pure.
import { DO_NOT_DISTURB_MS } from '@ringtag/server/protocol/limits';

const MORNING_HOUR = 8;

/** From `now` to the morning of the next day, as far as the hub allows. */
export function untilTomorrowMs(now: Date): number {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR);
  return Math.min(morning.getTime() - now.getTime(), DO_NOT_DISTURB_MS);
}
