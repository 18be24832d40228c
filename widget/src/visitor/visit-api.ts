// The public routes of the hub, as a visitor's page uses them (SPEC P). Never throws for anything the network does;
// trusts the hub's bodies.
import type {
  DestinationCard,
  LeaveRequest,
  LeaveResult,
  Place,
  QualityReport,
  RatingRequest,
  TicketRequest,
  TicketResult,
  VisitCallRequest,
  VisitGrant,
  VisitMessageRequest,
} from '@ringtag/server/protocol';
import type { Problem } from '@ringtag/server/protocol/errors';
import { whyNoHub } from '../hub/reach.ts';
import { type Answer, refusal, type VisitorRefusal } from './answer.ts';

const DEADLINE_MS = 10_000;
/** A voice message on a slow line. */
const VOICE_DEADLINE_MS = 60_000;

export interface VisitApi {
  /** `asked`: the question, where it was asked already. */
  card(to: string, lang: string, asked?: Promise<Response>): Promise<Answer<DestinationCard>>;
  ticket(request: TicketRequest, signal?: AbortSignal): Promise<Answer<TicketResult>>;
  visit(request: { ticket: string; place?: Place }): Promise<Answer<VisitGrant>>;
  /** The routes of one visit. */
  of(grant: VisitGrant): OneVisit;
}

export interface OneVisit {
  readonly visitId: string;
  say(message: VisitMessageRequest): Promise<Answer<unknown>>;
  call(proof?: VisitCallRequest['proof']): Promise<Answer<unknown>>;
  /** Outlives the page. */
  end(reason: 'hangup' | 'left' | 'failed'): Promise<Answer<unknown>>;
  leave(request: LeaveRequest): Promise<Answer<LeaveResult>>;
  voice(recording: Blob, lengthMs: number): Promise<Answer<unknown>>;
  rate(request: RatingRequest): Promise<Answer<unknown>>;
  /** How its call has sounded so far; outlives the page. */
  sounded(report: QualityReport): Promise<Answer<unknown>>;
  /** The stream of `VisitEvent`s. */
  events(signal: AbortSignal): Promise<Response>;
}

interface Wish {
  /** Default: POST. */
  readonly method?: 'GET';
  readonly key?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly keepalive?: boolean;
  readonly deadlineMs?: number;
  readonly asked?: Promise<Response> | undefined;
}

export function createVisitApi(
  hubUrl: string,
  fetcher: typeof fetch = (...args) => fetch(...args),
  why = whyNoHub,
): VisitApi {
  async function ask<T>(path: string, wish: Wish): Promise<Answer<T>> {
    const { method = 'POST', key, body, signal, keepalive = false, deadlineMs = DEADLINE_MS, asked } = wish;
    const deadline = AbortSignal.timeout(deadlineMs);
    const headers: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
    const isBlob = body instanceof Blob;
    if (method === 'POST' && !isBlob) headers['Content-Type'] = 'application/json';
    try {
      const response = await (asked ??
        fetcher(`${hubUrl}/api/public/${path}`, {
          method,
          headers,
          body: method === 'GET' ? null : isBlob ? body : JSON.stringify(body ?? {}),
          signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
          credentials: 'omit',
          keepalive,
        }));
      if (!response.ok) return await refusalOf(response);
      return { ok: true, value: (await response.json().catch(() => undefined)) as T };
    } catch {
      return refusal(await why(hubUrl));
    }
  }

  return {
    card: (to, lang, asked) =>
      ask(`destinations/${to}?lang=${encodeURIComponent(lang)}`, { method: 'GET', asked }),
    ticket: (body, signal) => ask('tickets', { body, signal }),
    visit: (body) => ask('visits', { body }),
    of({ visitId, key }) {
      const path = `visits/${visitId}`;
      return {
        visitId,
        say: (body) => ask(`${path}/messages`, { key, body }),
        call: (proof) => ask(`${path}/call`, { key, body: proof ? { proof } : {} }),
        end: (reason) => ask(`${path}/end`, { key, body: { reason }, keepalive: true }),
        leave: (body) => ask(`${path}/left`, { key, body }),
        voice: (body, lengthMs) =>
          ask(`${path}/voice?lengthMs=${Math.round(lengthMs)}`, {
            key,
            body,
            deadlineMs: VOICE_DEADLINE_MS,
          }),
        rate: (body) => ask(`${path}/rating`, { key, body }),
        sounded: (body) => ask(`${path}/quality`, { key, body, keepalive: true }),
        events: (signal) =>
          fetcher(`${hubUrl}/api/public/${path}/events`, {
            headers: { Authorization: `Bearer ${key}`, Accept: 'text/event-stream' },
            credentials: 'omit',
            signal,
          }),
      };
    },
  };
}

async function refusalOf(response: Response): Promise<VisitorRefusal> {
  const problem = (await response.json().catch(() => ({}))) as Partial<
    Problem<VisitorRefusal['code'] & never>
  > &
    Partial<VisitorRefusal>;
  const retryAfterS = Number(response.headers.get('Retry-After'));
  // A proxy in front of the hub answers in its own words.
  if (!problem.code) return refusal(response.status >= 500 ? 'HUB_UNREACHABLE' : 'INTERNAL');
  const { code, state, field, challenge, offers } = problem;
  return {
    ok: false,
    code,
    ...(state ? { state } : {}),
    ...(field ? { field } : {}),
    ...(challenge ? { challenge } : {}),
    ...(offers ? { offers } : {}),
    ...(retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {}),
  };
}
