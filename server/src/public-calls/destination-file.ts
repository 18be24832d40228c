// The operator's file of destinations. Everything wrong with it is told at once, each with its path; a hub with a
// mistake in it does not start. Destinations made by API are held to the same rules.
import { readFileSync } from 'node:fs';
import { type Destination, DestinationsFile } from '@ringtag/server/protocol';

export type DestinationFileResult =
  | { readonly ok: true; readonly destinations: readonly Destination[] }
  /** Sentences, each with the path of what it is about. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks `DESTINATIONS_FILE`. */
export function readDestinationFile(path: string): DestinationFileResult {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { ok: false, problems: [`${path} cannot be read`] };
  }
  return parseDestinations(text);
}

/** The same for text at hand. */
export function parseDestinations(text: string): DestinationFileResult {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`is not JSON: ${error instanceof Error ? error.message : ''}`] };
  }
  const parsed = DestinationsFile.safeParse(content);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(({ path, message }) => at(path, message)) };
  }
  const { destinations } = parsed.data;
  const ids = new Set(destinations.map(({ id }) => id));
  const problems = destinations.flatMap((destination, index) => {
    const path = ['destinations', index];
    const isSecond = destinations.findIndex(({ id }) => id === destination.id) < index;
    return [
      ...(isSecond ? [at([...path, 'id'], `"${destination.id}" is there twice`)] : []),
      ...destinationProblems(destination, ids).map(({ field, problem }) => at([...path, field], problem)),
    ];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, destinations };
}

export interface DestinationProblem {
  /** Path within the destination. */
  readonly field: string;
  readonly problem: string;
}

/** What a schema cannot see: origins that no browser ever sends, and other destinations that do not exist. */
export function destinationProblems(
  destination: Pick<Destination, 'id' | 'closed' | 'busy' | 'unanswered' | 'origins'>,
  ids: ReadonlySet<string>,
): DestinationProblem[] {
  const problems: DestinationProblem[] = [];
  destination.origins.forEach((origin, index) => {
    const problem = originProblem(origin);
    if (problem !== undefined) problems.push({ field: `origins.${index}`, problem });
  });
  for (const state of ['closed', 'busy', 'unanswered'] as const) {
    const { to } = destination[state];
    if (to === undefined) continue;
    const field = `${state}.to`;
    if (to === destination.id) problems.push({ field, problem: 'is the destination itself' });
    else if (!ids.has(to)) problems.push({ field, problem: `there is no destination "${to}"` });
  }
  return problems;
}

/** A page gets the microphone only in a secure context: https, or localhost. */
function originProblem(origin: string): string | undefined {
  if (!URL.canParse(origin)) return 'is not an origin, such as https://shop.example';
  const url = new URL(origin);
  if (url.origin !== origin) return `is written ${url.origin} by browsers`;
  const { hostname } = url;
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname.endsWith('.localhost');
  if (url.protocol === 'http:' && !isLocal) return 'must be https (http is for localhost only)';
  return undefined;
}

function at(path: readonly PropertyKey[], problem: string): string {
  return path.length === 0 ? problem : `${path.map(String).join('.')}: ${problem}`;
}
