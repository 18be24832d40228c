// Tickets of one destination (SPEC P2, P11): got before they are wanted where that is likely, proven where the hub
// asks for work, and got anew where one has grown old or is not good any more.
import type {
  Challenge,
  Intent,
  Proof,
  SiteChallenge,
  SiteProof,
  TicketRequest,
  TicketResult,
  VisitorContext,
} from '@ringtag/server/protocol';
import type { Clock } from '../call/clock.ts';
import { type Answer, refusal } from './answer.ts';
import type { VisitApi } from './visit-api.ts';

/** Not the last moment of a ticket's life: a request takes its time. */
const MARGIN_MS = 5_000;
/** A second ticket for a wish is honest bad luck; a third would be a loop. */
const TRIES = 2;
const STALE: ReadonlySet<string> = new Set(['TICKET_INVALID', 'TICKET_USED', 'TICKET_EXPIRED']);

export interface TicketsOptions {
  readonly api: Pick<VisitApi, 'ticket'>;
  readonly to: string;
  readonly context: () => VisitorContext;
  readonly visitor: string | undefined;
  readonly prove: (
    challenge: Challenge | SiteChallenge,
    signal: AbortSignal,
  ) => Promise<Proof | SiteProof | null>;
  readonly clock: Clock;
}

interface Got {
  readonly answer: Promise<Answer<TicketResult>>;
  readonly atMs: number;
}

export class Tickets {
  readonly #options: TicketsOptions;
  readonly #ready = new Map<Intent, Got>();
  readonly #stop = new AbortController();

  constructor(options: TicketsOptions) {
    this.#options = options;
  }

  /** Fetches one in advance. */
  prepare(intent: Intent): void {
    if (!this.#ready.has(intent)) {
      this.#ready.set(intent, {
        answer: this.#get(intent, this.#stop.signal),
        atMs: this.#options.clock.now(),
      });
    }
  }

  /** Gives a good ticket to `use`; once more with another where that one was not good any more. */
  async spend<T>(
    intent: Intent,
    use: (ticket: string) => Promise<Answer<T>>,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    for (let tries = 1; ; tries++) {
      const got = (await this.#prepared(intent)) ?? (await this.#get(intent, signal));
      if (!got.ok) return got;
      if (signal.aborted) return refusal('INTERNAL');
      const used = await use(got.value.ticket);
      if (used.ok || tries === TRIES || !STALE.has(used.code)) return used;
    }
  }

  /** Asks, and again with a proof where the hub wants one. */
  async paid<T>(
    ask: (proof?: Proof | SiteProof) => Promise<Answer<T>>,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    let answer = await ask();
    for (let tries = 0; tries < TRIES && !answer.ok && answer.challenge; tries++) {
      const proof = await this.#options.prove(answer.challenge, signal);
      if (!proof) return refusal('CHALLENGE_REFUSED');
      answer = await ask(proof);
    }
    return answer;
  }

  close(): void {
    this.#stop.abort();
  }

  /** One fetched in advance, unless it is old, or the hub said no then and may say yes now. */
  async #prepared(intent: Intent): Promise<Answer<TicketResult> | undefined> {
    const ready = this.#ready.get(intent);
    this.#ready.delete(intent);
    const answer = await ready?.answer;
    if (!ready || !answer?.ok) return undefined;
    const age = this.#options.clock.now() - ready.atMs;
    return age < answer.value.validForMs - MARGIN_MS ? answer : undefined;
  }

  async #get(intent: Intent, signal: AbortSignal): Promise<Answer<TicketResult>> {
    const { api, to, context, visitor } = this.#options;
    const request: TicketRequest = { to, intent, context: context(), ...(visitor ? { visitor } : {}) };
    return this.paid((proof) => api.ticket(proof ? { ...request, proof } : request, signal), signal);
  }
}
