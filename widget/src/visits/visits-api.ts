// What those who answer ask the hub about visits (`/api/visits…`, SPEC P9). A client of its own: it is told codes that the
// phone does not know, and gets sound as well as JSON. Never throws for anything the network does.
import type { LeftList, LeftMessage, Visit, VisitList, VisitMessage } from '@ringtag/server/protocol';
import type { Bearers } from '../hub/api.ts';

/** Longest wait for an answer before the hub counts as unreachable. */
const DEADLINE_MS = 10_000;

/** `code` as the hub said it, `state` what stood in the way (`taken`, `ended`, `full`). */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly state?: string | undefined };

export interface VisitsApi {
  list(): Promise<Answer<VisitList>>;
  one(visitId: string): Promise<Answer<Visit>>;
  say(
    visitId: string,
    message: { readonly id: string; readonly text: string },
  ): Promise<Answer<VisitMessage>>;
  end(visitId: string): Promise<Answer<unknown>>;
  left(): Promise<Answer<LeftList>>;
  setDone(leftId: string, done: boolean): Promise<Answer<LeftMessage>>;
  setCalled(leftId: string): Promise<Answer<LeftMessage>>;
  voice(leftId: string): Promise<Answer<Blob>>;
}

type Read<T> = (response: Response) => Promise<T>;

export function createVisitsApi(
  hubUrl: string,
  bearers: Bearers,
  fetcher: typeof fetch = (...args) => fetch(...args),
): VisitsApi {
  async function ask<T>(
    path: string,
    { method = 'GET', body }: { readonly method?: string; readonly body?: unknown } = {},
    read: Read<T> = (response) => response.json(),
  ): Promise<Answer<T>> {
    for (let attempt = 0; ; attempt++) {
      const bearer = await bearers.current();
      if (!bearer.ok) return bearer;
      const answer = await exchange(path, { method, body, bearer: bearer.value }, read);
      if (answer.ok || answer.code !== 'SIGNED_OUT') return answer;
      bearers.discard(bearer.value);
      if (attempt > 0) return answer;
    }
  }

  async function exchange<T>(
    path: string,
    { method, body, bearer }: { readonly method: string; readonly body: unknown; readonly bearer: string },
    read: Read<T>,
  ): Promise<Answer<T>> {
    try {
      const response = await fetcher(new URL(`/api/visits${path}`, hubUrl), {
        method,
        headers: {
          Authorization: `Bearer ${bearer}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        signal: AbortSignal.timeout(DEADLINE_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return { ok: true, value: await read(response) };
      const { code = 'HUB_UNREACHABLE', state } = await response.json().catch(() => ({}));
      return { ok: false, code, state };
    } catch {
      return { ok: false, code: 'HUB_UNREACHABLE' };
    }
  }

  const of = (id: string) => `/${encodeURIComponent(id)}`;
  return {
    list: () => ask(''),
    one: (id) => ask(of(id)),
    say: (id, body) => ask(`${of(id)}/messages`, { method: 'POST', body }),
    end: (id) => ask(`${of(id)}/end`, { method: 'POST' }),
    left: () => ask('/left'),
    setDone: (id, done) => ask(`/left${of(id)}`, { method: 'PUT', body: { done } }),
    setCalled: (id) => ask(`/left${of(id)}`, { method: 'PUT', body: { called: true } }),
    voice: (id) => ask(`/left${of(id)}/voice`, {}, (response) => response.blob()),
  };
}
