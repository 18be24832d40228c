// Asks a question over another connection when its answer is late. A browser may ask over one that died with the last
// network: Firefox keeps such connections for ten seconds and more, and uses them. Only for what may be asked twice.
import type { Clock } from '../call/clock.ts';
import type { Result } from '../call/errors.ts';

/** A page has few connections; each of them may be dead. After these it waits as long as any request does. */
const PATIENCE_MS = [1_000, 1_000, 2_000];

/** The first answer; a refusal counts as one. */
export async function askAgain<T>(
  clock: Clock,
  ask: (signal?: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  for (const patienceMs of PATIENCE_MS) {
    const late = new AbortController();
    const cancel = clock.after(patienceMs, () => late.abort());
    const answer = await ask(late.signal);
    cancel();
    if (answer.ok || !late.signal.aborted) return answer;
  }
  return ask();
}
