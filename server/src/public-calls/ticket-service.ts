// From a press of the button to a ticket: whether there is such a destination for this page, whether it takes what is
// wished for now, whether the page has to work first, and whether that is not one wish too many.
import {
  type AnyErrorCode,
  type Challenge,
  type Destination,
  type DestinationCard,
  DestinationId,
  limits,
  type Offers,
  Proof,
  type Refusal,
  refuse,
  type SiteChallenge,
  SiteProof,
  type TicketRequest,
  type TicketResult,
} from '@ringtag/server/protocol';
import { z } from 'zod';
import type { Client } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';
import { type Load, stepOfQueue } from './admission-load.ts';
import { assembleContext } from './context.ts';
import { cardOf, type LiveFigures } from './destination-card.ts';
import type { Destinations, PublicAttempts, Toll } from './ports.ts';
import type { ProofSubject, Verifier } from './proof.ts';
import type { TicketOffice } from './tickets.ts';

export interface TicketServiceOptions {
  readonly destinations: Destinations;
  readonly tickets: Pick<TicketOffice, 'give'>;
  readonly attempts: PublicAttempts;
  readonly load: Load;
  readonly verifier: Verifier;
  readonly live: (destinationId: string) => Promise<LiveFigures>;
  /** How many wait for a destination, of how many that may: 0 to 1, or more. */
  readonly queueFill: (destinationId: string) => number;
  readonly clock: Clock;
  /** The hub's own pages may try every destination. */
  readonly ownOrigin: string;
}

/** Who asks: page and network. */
export interface Asker {
  readonly origin: string | undefined;
  readonly client: Client;
}

/** A refusal, and what goes with it on the wire. */
export interface RefusedWish {
  readonly refusal: Refusal<AnyErrorCode>;
  readonly challenge?: Challenge | SiteChallenge;
  readonly offers?: Offers;
}

export interface TicketService {
  readonly toll: Toll;
  card(
    id: string,
    asker: { origin: string | undefined; lang?: string | undefined },
  ): Promise<{ readonly card: DestinationCard } | RefusedWish>;
  give(request: z.output<typeof TicketRequest>, asker: Asker): Promise<TicketResult | RefusedWish>;
  /** Whether this page would be asked for work now; a hint, for whoever can spare the rest. */
  isHurried(asker: Asker): boolean;
  /** While it is so: the refusal of a wish, where as little of it tells as can be seen at once. Undefined: ask `give`. */
  hurry(body: unknown, asker: Asker): RefusedWish | undefined;
}

/** What can be judged of a wish at sight. */
const HurriedWish = z.object({
  to: DestinationId,
  intent: z.unknown(),
  proof: z.union([Proof, SiteProof]).optional(),
});

/** A destination that a page of this origin may know. */
interface Known {
  readonly destination: Destination;
  readonly origin: string;
}

/** A wish as far as it matters for what it costs. */
interface Wished extends Known {
  readonly client: Client;
  readonly intent: unknown;
}

export function createTicketService(options: TicketServiceOptions): TicketService {
  const { destinations, tickets, attempts, load, verifier, live, clock, ownOrigin } = options;

  /** The destination, where a page of this origin may know it (P1). */
  function destinationFor(id: string, origin: string | undefined): Known | RefusedWish {
    const destination = destinations.byId(id);
    if (!destination) return { refusal: refuse('NOT_FOUND') };
    const isListed = origin !== undefined && (origin === ownOrigin || destination.origins.includes(origin));
    return isListed ? { destination, origin } : { refusal: refuse('ORIGIN_NOT_ALLOWED') };
  }

  async function cardFor(
    id: string,
    origin: string | undefined,
    lang: string | undefined,
  ): Promise<(Known & { readonly card: DestinationCard }) | RefusedWish> {
    const found = destinationFor(id, origin);
    if ('refusal' in found) return found;
    const { destination } = found;
    const opening = destinations.opening(destination, clock.now());
    const card = cardOf({
      ...{ destination, opening, live: await live(id) },
      ...(lang === undefined ? {} : { lang }),
    });
    return { ...found, card };
  }

  /** One wish more: the step of the challenge that it meets. Places to wait for a call cost more the fewer are left. */
  function count({ destination, origin, client: { network }, intent }: Wished): number {
    const step = load.count({ network, origin, destination: destination.id, hub: 'hub' }, clock.now());
    return intent === 'call' ? Math.max(step, stepOfQueue(options.queueFill(destination.id))) : step;
  }

  const subjectOf = ({ destination, origin, client: { address } }: Wished): ProofSubject => ({
    ...{ origin, destinationId: destination.id, address },
  });

  /** P11 for who brings no proof: counted, and asked for work unless it is quiet. */
  function unasked(wished: Wished): RefusedWish | undefined {
    const step = count(wished);
    if (step === 0) return undefined;
    const challenge = verifier.challenge(subjectOf(wished), step);
    return { refusal: refuse('CHALLENGE_REQUIRED'), challenge };
  }

  function refusedProof(wished: Wished, step: number): RefusedWish {
    const challenge = verifier.challenge(subjectOf(wished), Math.max(step, 1));
    return { refusal: refuse('CHALLENGE_REFUSED'), challenge };
  }

  /** P11: nothing while it is quiet, or a refusal with a challenge until a good proof comes with the wish. */
  async function proven(
    proof: z.output<typeof TicketRequest>['proof'],
    wished: Wished,
  ): Promise<RefusedWish | undefined> {
    if (proof === undefined) return unasked(wished);
    const step = count(wished);
    // Where nobody could tell, the next challenge may be of another kind.
    const verdict = await verifier.verify(proof, subjectOf(wished));
    return verdict === 'good' ? undefined : refusedProof(wished, step);
  }

  return {
    toll: {
      ask: ({ source, destination, proof }) =>
        proven(proof, { destination, origin: source.origin, client: source, intent: 'call' }),
    },
    isHurried: ({ origin, client }) =>
      load.peek({ network: client.network, origin: origin ?? '', hub: 'hub' }, clock.now()) > 0,
    hurry(body, { origin, client }) {
      // What else is wrong with it is the router's to say.
      const { success, data: wish } = HurriedWish.safeParse(body);
      if (!success) return undefined;
      const known = destinationFor(wish.to, origin);
      if ('refusal' in known) return known;
      const wished = { ...known, client, intent: wish.intent };
      if (wish.proof === undefined) return unasked(wished);
      if (!verifier.looksBad(wish.proof, subjectOf(wished))) return undefined;
      return refusedProof(wished, count(wished));
    },
    async card(id, { origin, lang }) {
      const found = await cardFor(id, origin, lang);
      return 'refusal' in found ? found : { card: found.card };
    },
    async give({ to, intent, context, visitor, proof }, { origin: asking, client }) {
      const found = await cardFor(to, asking, undefined);
      if ('refusal' in found) return found;
      const { destination, origin, card } = found;
      const missing = missingFor(intent, card);
      if (intent === 'call') {
        const { network } = client;
        const pressed = await attempts.press({ network, destinationId: to }, missing === 'DESTINATION_BUSY');
        if (!pressed.ok) return { refusal: pressed, offers: card.offers };
      }
      if (missing !== undefined) return { refusal: refuse(missing), offers: card.offers };
      const who = { origin, destinationId: to, network: client.network };
      // Where it would be one too many anyway, the work of whoever has worked is not used up for nothing.
      const left = proof === undefined ? undefined : await attempts.look('ticket', who);
      if (left?.ok === false) return { refusal: left };
      const unproven = await proven(proof, { ...found, client, intent });
      if (unproven) return unproven;
      const taken = await attempts.take('ticket', who);
      if (!taken.ok) return { refusal: taken };
      const { address, port, network } = client;
      const ticket = await tickets.give({
        ...{ destinationId: to, intent, context: assembleContext(context, { ...destination, origin }) },
        source: { address, network, origin, ...(port === undefined ? {} : { port }) },
        ...(visitor === undefined ? {} : { visitor }),
      });
      return { ticket, validForMs: limits.TICKET_MS };
    },
  };
}

type Wish = z.output<typeof TicketRequest>['intent'];

/** Why the destination does not take this wish as it is now. */
function missingFor(intent: Wish, { call, state, offers }: DestinationCard): AnyErrorCode | undefined {
  const isOffered = intent === 'call' ? call : offers[intent];
  if (isOffered) return undefined;
  if (intent === 'call' && state === 'busy') return 'DESTINATION_BUSY';
  return intent === 'call' && state === 'unavailable' ? 'PBX_UNAVAILABLE' : 'DESTINATION_CLOSED';
}
