// The word of a service that tells people from programs: Cloudflare Turnstile or hCaptcha, asked by their siteverify
// call. While the service does not answer, visitors work instead.
import { z } from 'zod';
import type { ChallengeConfig } from '../config-public.ts';
import type { Clock } from '../platform/clock.ts';
import type { HttpFetch } from '../platform/http-fetch.ts';
import type { Logger } from '../platform/logger.ts';
import type { ProofSubject, Verifier } from './proof.ts';

export type SiteConfig = Exclude<ChallengeConfig, { kind: 'work' }>;

export interface SiteVerifierOptions {
  readonly config: SiteConfig;
  /** Stands in while the service does not answer. */
  readonly work: Verifier;
  readonly fetch: HttpFetch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the service's own. */
  readonly url?: string;
}

const URLS: Readonly<Record<SiteConfig['kind'], string>> = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
};
const TIMEOUT_MS = 4_000;
/** So long after it was silent, visitors are asked for work. */
const AWAY_MS = 60_000;
/** Questions under way; a flood of nonsense must not become one of ours. */
const AT_ONCE = 20;

/** Both services answer like this; `hostname` is the page's, as their widget saw it. */
const Answer = z.object({
  success: z.boolean(),
  hostname: z.string().optional(),
  'error-codes': z.array(z.string()).default([]),
});

export function createSiteVerifier(options: SiteVerifierOptions): Verifier {
  const { config, work, fetch, clock, logger } = options;
  const { kind, siteKey, secret } = config;
  const url = options.url ?? URLS[kind];
  let awayUntilMs = 0;
  let asking = 0;

  async function ask(response: string, { address }: ProofSubject) {
    const body = new URLSearchParams({ secret, response, sitekey: siteKey, remoteip: address });
    const answer = await fetch(url, { method: 'POST', body, timeoutMs: TIMEOUT_MS });
    return Answer.parse(await answer.json());
  }

  return {
    challenge(subject, step) {
      return clock.now() < awayUntilMs ? work.challenge(subject, step) : { kind, siteKey };
    },
    looksBad: (proof, subject) => 'answers' in proof && work.looksBad(proof, subject),
    async verify(proof, subject) {
      if ('answers' in proof) return work.verify(proof, subject);
      if (asking >= AT_ONCE) return 'unknown';
      asking += 1;
      try {
        const { success, hostname, 'error-codes': codes } = await ask(proof.response, subject);
        if (!success && codes.includes('internal-error'))
          throw new Error('The service has a fault of its own');
        const isHere = hostname === undefined || hostname === new URL(subject.origin).hostname;
        return success && isHere ? 'good' : 'bad';
      } catch (err) {
        logger.warn({ err }, 'the service that tells people from programs does not answer');
        awayUntilMs = clock.now() + AWAY_MS;
        return 'unknown';
      } finally {
        asking -= 1;
      }
    },
  };
}
