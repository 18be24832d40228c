// Content Security Policy, as far as Ringtag needs something of a page: what of it a page's policies forbid, by which
// directive, and the line that would let it through. Pure (CSP 3 §6, Trusted Types §4). Several policies hold together.

/** Directives by name, in lower case, with their sources as written; the first of a name counts. */
export type Policy = ReadonlyMap<string, readonly string[]>;

export type NeedId = 'script' | 'hub' | 'gate' | 'media' | 'worker' | 'trusted-types';

export interface Need {
  readonly id: NeedId;
  /** Directives that can decide it, the first that is there. */
  readonly directives: readonly [string, ...string[]];
  /** An origin, or a scheme such as `blob:`. */
  readonly source: string;
  /** It goes on without. */
  readonly isOptional?: boolean;
}

export interface Finding {
  readonly need: NeedId;
  /** `nonce`: where the tag carries the page's own. */
  readonly verdict: 'allowed' | 'nonce' | 'blocked';
  readonly isOptional: boolean;
  /** Which one forbids it, as it stands there. */
  readonly directive?: string;
  /** What to send in its place. */
  readonly line?: string;
}

/** What a visitor's button needs of the page that carries it. */
export function needsOf(hub: string, gateUrl: string | undefined): Need[] {
  const gate: Need[] =
    gateUrl === undefined
      ? []
      : [{ id: 'gate', directives: ['connect-src', 'default-src'], source: new URL(gateUrl).origin }];
  return [
    { id: 'script', directives: ['script-src-elem', 'script-src', 'default-src'], source: hub },
    { id: 'hub', directives: ['connect-src', 'default-src'], source: hub },
    ...gate,
    { id: 'media', directives: ['media-src', 'default-src'], source: 'blob:' },
    {
      ...{ id: 'worker', source: 'blob:', isOptional: true },
      directives: ['worker-src', 'child-src', 'script-src', 'default-src'],
    },
    { id: 'trusted-types', directives: ['trusted-types'], source: 'ringtag' },
  ];
}

/** Those of a header, where commas part several, or of a `meta`. */
export function readPolicies(texts: readonly string[]): Policy[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const policy = new Map<string, readonly string[]>();
      for (const part of text.split(';')) {
        const [name = '', ...sources] = part.trim().split(/\s+/);
        if (name !== '' && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources);
      }
      return policy;
    })
    .filter(({ size }) => size > 0);
}

/** `page`: the address that the policies came with, for `'self'`. */
export function judge(policies: readonly Policy[], needs: readonly Need[], page: URL): Finding[] {
  return needs.map((need) => {
    const isOptional = need.isOptional === true;
    const all = policies.map((policy) => judgeOne(policy, { need, needs, page }));
    const worst =
      all.find(({ verdict }) => verdict === 'blocked') ?? all.find(({ verdict }) => verdict === 'nonce');
    return { need: need.id, isOptional, ...(worst ?? { verdict: 'allowed' as const }) };
  });
}

interface Judged {
  readonly need: Need;
  readonly needs: readonly Need[];
  readonly page: URL;
}

function judgeOne(
  policy: Policy,
  { need, needs, page }: Judged,
): Pick<Finding, 'verdict' | 'directive' | 'line'> {
  const decided = decide(policy, need, page);
  if (decided.verdict === 'allowed') return { verdict: 'allowed' };
  const directive = [decided.by, ...decided.sources].join(' ');
  if (decided.verdict === 'nonce') return { verdict: 'nonce', directive };
  // One line for all that the same directive must let through.
  const name = ownName(need, decided.by);
  const missing = needs.filter((each) => {
    const other = decide(policy, each, page);
    return other.verdict === 'blocked' && ownName(each, other.by) === name;
  });
  const isScript = name.startsWith('script-src');
  // Nonces, hashes and the like mean something for scripts alone.
  const kept = decided.sources.filter(
    (each) =>
      !/^'none'$/i.test(each) && (isScript || !/^'(?:nonce-|sha\d|strict-dynamic|unsafe-)/i.test(each)),
  );
  const added = missing.map(({ source }) => (isStrict(kept) && isScript ? "'nonce-…'" : source));
  return { verdict: 'blocked', directive, line: [name, ...kept, ...added].join(' ') };
}

type Decided =
  | { readonly verdict: 'allowed' }
  | { readonly verdict: 'nonce' | 'blocked'; readonly by: string; readonly sources: readonly string[] };

function decide(policy: Policy, { id, directives, source }: Need, page: URL): Decided {
  const by = directives.find((each) => policy.has(each));
  const sources = by === undefined ? undefined : policy.get(by);
  if (by === undefined || sources === undefined) return { verdict: 'allowed' };
  if (id === 'trusted-types') {
    const isAllowed = sources.some((each) => each === '*' || each === source);
    return isAllowed ? { verdict: 'allowed' } : { verdict: 'blocked', by, sources };
  }
  // With `'strict-dynamic'` a script's address counts for nothing; its nonce does.
  const isByAddress = id !== 'script' || !isStrict(sources);
  if (isByAddress && sources.some((each) => matches(each, source, page))) return { verdict: 'allowed' };
  const hasNonce = id === 'script' && sources.some((each) => /^'nonce-/i.test(each));
  return { verdict: hasNonce ? 'nonce' : 'blocked', by, sources };
}

const isStrict = (sources: readonly string[]): boolean =>
  sources.some((each) => each.toLowerCase() === "'strict-dynamic'");

/** What falls back to another directive gets one of its own, with what was allowed by that; scripts keep to `script-src`. */
function ownName({ id, directives: [own] }: Need, by: string): string {
  if (id !== 'script') return own;
  return by === 'default-src' ? 'script-src' : by;
}

/** Does the source expression match? CSP 3 §6.7.2.8, for an origin or a scheme; paths of expressions are let be. */
function matches(expression: string, source: string, page: URL): boolean {
  const lower = expression.toLowerCase();
  if (source.endsWith(':')) return lower === source;
  const wanted = new URL(source);
  if (lower === '*') return true;
  if (lower === "'self'") return isSameHost(wanted, page);
  if (/^[a-z][a-z0-9+.-]*:$/.test(lower)) return schemeFits(lower, wanted.protocol);
  const [, scheme, host = '', port] =
    /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*|(?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d+|\*))?(?:\/.*)?$/.exec(
      lower,
    ) ?? [];
  if (host === '' || !schemeFits(scheme ?? page.protocol, wanted.protocol)) return false;
  const isHost =
    host === '*' ||
    (host.startsWith('*.') ? wanted.hostname.endsWith(host.slice(1)) : host === wanted.hostname);
  return (
    isHost && (port === '*' || portOf(port, scheme ?? page.protocol) === portOf(wanted.port, wanted.protocol))
  );
}

/** `http:` lets `https:` through, and either lets its WebSocket through (§6.7.2.9). */
function schemeFits(allowed: string, wanted: string): boolean {
  const fits: Readonly<Record<string, readonly string[]>> = {
    'http:': ['http:', 'https:', 'ws:', 'wss:'],
    'https:': ['https:', 'wss:'],
    'ws:': ['ws:', 'wss:', 'http:', 'https:'],
    'wss:': ['wss:', 'https:'],
  };
  return (fits[allowed] ?? [allowed]).includes(wanted);
}

function isSameHost(wanted: URL, page: URL): boolean {
  const isSamePort = portOf(wanted.port, wanted.protocol) === portOf(page.port, page.protocol);
  return wanted.hostname === page.hostname && isSamePort && schemeFits(page.protocol, wanted.protocol);
}

function portOf(port: string | undefined, protocol: string): string {
  if (port !== undefined && port !== '') return port;
  return protocol === 'https:' || protocol === 'wss:' ? '443' : '80';
}
