// Do not disturb (D1, D2): a person's own setting, kept with the person, ending by itself. What is in force now is
// known in memory, so that a socket's first event need not wait for storage.
import type { Availability, AvailabilityRequest } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { PersonRecord } from './person.ts';

export interface AvailabilitiesOptions {
  readonly people: Pick<PeopleStore, 'setAvailability' | 'undisturbed'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is stored; whoever depends on it is to be told. What it throws is logged. */
  readonly onChanged: (person: PersonRecord, availability: Availability) => Promise<void> | void;
}

export interface Availabilities {
  /** As it is now. */
  of(personId: string): Availability;
  set(personId: string, request: AvailabilityRequest): Promise<Availability>;
  /** Takes up what was set before the hub started, and ends what ran out meanwhile. */
  start(): Promise<void>;
  stop(): void;
}

/** Another try where storage could not be told that the time is over. */
const RETRY_MS = 5_000;
const available: Availability = { doNotDisturb: false };

interface Undisturbed {
  readonly untilMs: number | undefined;
  cancelTimer(): void;
}

export function createAvailabilities(options: AvailabilitiesOptions): Availabilities {
  const { people, clock, logger } = options;
  const undisturbed = new Map<string, Undisturbed>();

  function of(personId: string): Availability {
    const entry = undisturbed.get(personId);
    if (!entry) return available;
    const { untilMs } = entry;
    if (untilMs === undefined) return { doNotDisturb: true };
    const forMs = untilMs - clock.now();
    return forMs > 0 ? { doNotDisturb: true, forMs } : available;
  }

  function remember({ id, doNotDisturb }: PersonRecord): void {
    undisturbed.get(id)?.cancelTimer();
    undisturbed.delete(id);
    if (!doNotDisturb) return;
    const { untilMs } = doNotDisturb;
    undisturbed.set(id, { untilMs, cancelTimer() {} });
    if (untilMs !== undefined) endLater(id, untilMs, Math.max(0, untilMs - clock.now()));
  }

  function endLater(personId: string, untilMs: number, delayMs: number): void {
    const entry = undisturbed.get(personId);
    if (!entry) return;
    entry.cancelTimer = clock.after(delayMs, () => {
      change(personId, { doNotDisturb: false, ifUntilMs: untilMs }).catch((err: unknown) => {
        logger.error({ err }, 'a do-not-disturb could not be ended in time');
        endLater(personId, untilMs, RETRY_MS);
      });
    });
  }

  async function change(
    personId: string,
    set: Parameters<PeopleStore['setAvailability']>[1],
  ): Promise<Availability> {
    const person = await people.setAvailability(personId, set);
    if (!person) return available;
    remember(person);
    const availability = of(personId);
    try {
      await options.onChanged(person, availability);
    } catch (err) {
      logger.error({ err }, 'a change of do-not-disturb could not be passed on');
    }
    return availability;
  }

  return {
    of,
    set: (personId, { doNotDisturb, forMs }) =>
      change(personId, {
        doNotDisturb,
        ...(doNotDisturb && forMs !== undefined ? { untilMs: clock.now() + forMs } : {}),
      }),
    async start() {
      for (const person of await people.undisturbed()) remember(person);
    },
    stop() {
      for (const { cancelTimer } of undisturbed.values()) cancelTimer();
    },
  };
}
