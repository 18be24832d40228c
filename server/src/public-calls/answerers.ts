// Who answers a destination: the people it rings, which of them could answer now, and which destinations a person
// answers. An extension that is nobody's (a group at the exchange, a menu) is judged by the exchange alone, if it
// is there at all.
import type { Destination } from '@ringtag/server/protocol';
import type { GuestLine } from '../pbx/guest-line.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Clock } from '../platform/clock.ts';
import type { PeopleStore } from '../storage/port.ts';
import type { DestinationPeople } from './destination-people.ts';
import type { Destinations } from './ports.ts';

export interface AnswerersOptions {
  readonly destinations: Pick<Destinations, 'byId' | 'all'>;
  readonly destinationPeople: DestinationPeople;
  readonly people: Pick<PeopleStore, 'byNumbers'>;
  readonly guestLine: Pick<GuestLine, 'hasRoute'>;
  readonly clock: Clock;
  /** Something of theirs is registered at the exchange, and they want calls. */
  readonly isReachable: (person: PersonRecord) => Promise<boolean>;
  /** In some call. */
  readonly isBusy: (person: PersonRecord) => boolean;
}

/** Whom a call would ring at this moment. */
export interface Readiness {
  /** How many could answer now or after their call; infinite where only the exchange knows. */
  readonly present: number;
  /** Extensions of those who are free, turn after turn. */
  readonly turns: readonly (readonly string[])[];
  /** How many calls could ring free people at once; infinite where only the exchange knows. */
  readonly free: number;
}

/** Of the people and the extension that a destination names. */
export interface Known {
  readonly isAnybodys: boolean;
  readonly unknown: readonly string[];
}

export interface Answerers {
  /** Whom it rings, and so who sees its visits (P9). */
  of(destinationIds: readonly string[]): Promise<PersonRecord[]>;
  /** Destinations that this person answers. */
  destinationsOf(person: PersonRecord): readonly string[];
  /** Whether it could ring anybody at all, now or later, and which of its addresses nobody has. */
  known(destination: Destination): Promise<Known>;
  readiness(destination: Destination): Promise<Readiness>;
  /** The same, at most a second old: for what anybody may ask as often as they like. */
  recentReadiness(destination: Destination): Promise<Readiness>;
}

const RECENT_MS = 1_000;

export function createAnswerers(options: AnswerersOptions): Answerers {
  const { destinations, destinationPeople, people, clock } = options;
  const recent = new Map<string, { readonly atMs: number; readonly readiness: Promise<Readiness> }>();

  async function rung(destination: Destination) {
    const rung = await destinationPeople.turnsOf(destination);
    const { ring } = destination;
    if (!('extension' in ring)) return rung;
    const numbered = await people.byNumbers([ring.extension]);
    return { ...rung, people: numbered.filter(({ extension }) => extension === ring.extension) };
  }

  const isRouted = (turns: Readiness['turns']): boolean =>
    turns.flat().some((line) => options.guestLine.hasRoute(line));

  async function readiness(destination: Destination): Promise<Readiness> {
    const { turns, people: rungPeople } = await rung(destination);
    if (rungPeople.length === 0 && turns.length > 0) {
      const some = isRouted(turns) ? Number.POSITIVE_INFINITY : 0;
      return { present: some, free: some, turns };
    }
    // Each person has one extension in the plan, in the same order.
    const lines = turns.flat();
    const reachable = await Promise.all(rungPeople.map((person) => options.isReachable(person)));
    const isFree = new Set(
      lines.filter((_, index) => {
        const person = rungPeople[index];
        return person !== undefined && reachable[index] === true && !options.isBusy(person);
      }),
    );
    return {
      present: reachable.filter(Boolean).length,
      free: isFree.size,
      turns: turns.map((turn) => turn.filter((line) => isFree.has(line))).filter((turn) => turn.length > 0),
    };
  }

  return {
    async of(destinationIds) {
      const all = new Map<string, PersonRecord>();
      for (const id of destinationIds) {
        const destination = destinations.byId(id);
        if (!destination) continue;
        for (const person of (await rung(destination)).people) all.set(person.id, person);
      }
      return [...all.values()];
    },
    destinationsOf: (person) =>
      destinations
        .all()
        .filter(({ ring }) => isRung(ring, person))
        .map(({ id }) => id),
    async known(destination) {
      const { turns, people: rungPeople, unknown } = await rung(destination);
      return { isAnybodys: rungPeople.length > 0 || isRouted(turns), unknown };
    },
    readiness,
    recentReadiness(destination) {
      const known = recent.get(destination.id);
      if (known && known.atMs > clock.now() - RECENT_MS) return known.readiness;
      const fresh = { atMs: clock.now(), readiness: readiness(destination) };
      recent.set(destination.id, fresh);
      return fresh.readiness;
    },
  };
}

function isRung(ring: Destination['ring'], { email, extension }: PersonRecord): boolean {
  if ('extension' in ring) return ring.extension === extension;
  return email !== undefined && ring.people.some((each) => each.toLowerCase() === email);
}
