// What hostile visitors of the flood try, and what it means when one of them is let through. Each attempt is the text
// of one request, made when it is sent, so that no two are alike.
import { randomBytes } from 'node:crypto';

/** Kinds of attempts, and how many of a hundred are of each. */
export const SHARES = {
  'ticket without proof': 15,
  'ticket with a wrong proof': 8,
  'ticket for no destination': 7,
  'forged Origin': 8,
  'forged X-Forwarded-For': 8,
  'used or invented ticket': 9,
  'stolen visit key': 7,
  'body of 1 MB': 2,
  'broken JSON': 5,
  'wish in chunks': 4,
  'slow body': 1,
  'gate without a token': 5,
  'gate with a wrong token': 5,
  'stream hoarded': 2,
  'card asked for': 3,
  'own visit asked about': 2,
  'path that is none': 4,
  'knocks of few networks': 4,
  'silent connection': 1,
} as const;
export type Kind = keyof typeof SHARES;
export const KINDS = Object.keys(SHARES) as readonly Kind[];

/** What the hostile ones have: all of it got honestly, by the rules, before. */
export interface Loot {
  /** An origin that destinations list. */
  readonly origin: string;
  readonly destinations: readonly string[];
  /** Spent already. */
  readonly tickets: readonly string[];
  /** Their own, two at least. */
  readonly visits: readonly { readonly visitId: string; readonly key: string }[];
}

export interface Attempt {
  readonly kind: Kind;
  readonly door: 'hub' | 'gate';
  readonly text: string;
  /** `slow`: the rest never comes. `hoard`: a stream that is kept open. */
  readonly manner: 'plain' | 'slow' | 'hoard';
  /** Index of the only address that this attempt may come from. */
  readonly source?: number;
}

/**
 * `early`: within what P11 lets anybody have while it is quiet. `own`: a stream of the attacker's own visit. `card`: a
 * destination's, which is anybody's. `through`: let in against the rules.
 */
export type Verdict = 'refused' | 'early' | 'own' | 'card' | 'through';

const EARLY: ReadonlySet<Kind> = new Set([
  'ticket without proof',
  'forged X-Forwarded-For',
  'wish in chunks',
]);

const LONG_BODY = 'x'.repeat(1024 * 1024);
/** Made once: the generator's own work must not be what is measured. */
let longText = '';
/** So few addresses that what they say about others matters. */
const FORGERS = 16;
/** So few networks that each knocks within its own bound, and all of them together too often. */
const KNOCKERS = 250;

const wheel: readonly Kind[] = KINDS.flatMap((kind) => Array.from({ length: SHARES[kind] }, () => kind));

/** The next attempt: all kinds by their shares, in an order that repeats; with `only`, to see what one kind costs. */
export function attemptOf(index: number, loot: Loot, only?: Kind): Attempt {
  // 37 is prime to 100: kinds alternate instead of coming in blocks.
  const kind = only ?? wheel[(index * 37) % wheel.length] ?? 'ticket without proof';
  return { kind, door: 'hub', manner: 'plain', ...MAKERS[kind](loot, index) };
}

export function verdictOf(kind: Kind, status: number): Verdict {
  if (status !== 101 && (status < 200 || status > 299)) return 'refused';
  if (EARLY.has(kind)) return 'early';
  if (kind === 'card asked for') return 'card';
  return kind === 'stream hoarded' ? 'own' : 'through';
}

const secret = (): string => randomBytes(24).toString('base64url');
const at = <T>(list: readonly T[], index: number): T => {
  const one = list[index % list.length];
  if (one === undefined) throw new Error('The hostile visitors have nothing to begin with');
  return one;
};

function wish(to: string, more: object = {}): string {
  const context = { url: 'http://shop.localhost/boots', title: 'Boots', language: 'en' };
  return JSON.stringify({ to, intent: 'call', context, ...more });
}

function post(path: string, body: string, headers: readonly string[]): string {
  const length = Buffer.byteLength(body);
  const lines = [`POST ${path} HTTP/1.1`, 'Host: hub.localhost', 'Content-Type: application/json'];
  return [...lines, ...headers, `Content-Length: ${length}`, '', body].join('\r\n');
}

const askTicket = ({ origin }: Loot, body: string, ...headers: string[]) => ({
  text: post('/api/public/tickets', body, [`Origin: ${origin}`, ...headers]),
});

function ask({ origin }: Loot, path: string, ...headers: string[]) {
  const head = [`GET ${path} HTTP/1.1`, 'Host: hub.localhost', `Origin: ${origin}`];
  return { text: [...head, ...headers, '', ''].join('\r\n') };
}

function longWish(loot: Loot): string {
  longText ||= askTicket(loot, wish(at(loot.destinations, 0), { data: LONG_BODY })).text;
  return longText;
}

type Maker = (loot: Loot, index: number) => Pick<Attempt, 'text'> & Partial<Attempt>;

const MAKERS: Readonly<Record<Kind, Maker>> = {
  'ticket without proof': (loot, index) => askTicket(loot, wish(at(loot.destinations, index))),
  'ticket with a wrong proof': (loot, index) => {
    const token = `${secret()}.16.12.${Date.now() + 60_000}.${secret()}`;
    const answers = Array.from({ length: 16 }, (_, part) => index + part);
    return askTicket(loot, wish(at(loot.destinations, index), { proof: { token, answers } }));
  },
  'ticket for no destination': (loot, index) => askTicket(loot, wish(`desk-${index}x`)),
  'forged Origin': (loot, index) =>
    askTicket({ ...loot, origin: `https://shop-${index}.example` }, wish(at(loot.destinations, index))),
  'forged X-Forwarded-For': (loot, index) => ({
    ...askTicket(loot, wish(at(loot.destinations, index)), `X-Forwarded-For: 198.51.100.${index % 256}`),
    source: index % FORGERS,
  }),
  'used or invented ticket': (loot, index) => ({
    text: post(
      '/api/public/visits',
      JSON.stringify({ ticket: index % 2 === 0 ? at(loot.tickets, index) : secret() }),
      [`Origin: ${loot.origin}`],
    ),
  }),
  'stolen visit key': ({ origin, visits }, index) => {
    const [{ visitId }, { key }] = [at(visits, index), at(visits, index + 1)];
    return {
      text: post(`/api/public/visits/${visitId}/messages`, JSON.stringify({ id: secret(), text: 'Hello' }), [
        `Origin: ${origin}`,
        `Authorization: Bearer ${key}`,
      ]),
    };
  },
  'body of 1 MB': (loot) => ({ text: longWish(loot) }),
  'broken JSON': (loot, index) => askTicket(loot, `{"to":"sales","intent":${'['.repeat(index % 500)}`),
  'wish in chunks': ({ origin, destinations }, index) => {
    const body = wish(at(destinations, index));
    const head = ['POST /api/public/tickets HTTP/1.1', 'Host: hub.localhost', `Origin: ${origin}`];
    const lines = [...head, 'Content-Type: application/json', 'Transfer-Encoding: chunked', ''];
    const chunks = [Buffer.byteLength(body).toString(16), body, '0', '', ''];
    return { text: [...lines, ...chunks].join('\r\n') };
  },
  'slow body': (loot) => ({
    text: askTicket(loot, `{${' '.repeat(999)}`).text.slice(0, -998),
    manner: 'slow',
  }),
  'gate without a token': ({ origin }) => ({ door: 'gate', text: upgrade('/sip', origin) }),
  'gate with a wrong token': ({ origin }) => ({
    door: 'gate',
    text: upgrade(`/sip?token=${secret()}${secret()}.${secret()}`, origin),
  }),
  'stream hoarded': ({ origin, visits }, index) => {
    const { visitId, key } = at(visits, index);
    const head = [`GET /api/public/visits/${visitId}/events HTTP/1.1`, 'Host: hub.localhost'];
    return {
      text: [...head, `Origin: ${origin}`, `Authorization: Bearer ${key}`, '', ''].join('\r\n'),
      manner: 'hoard',
    };
  },
  // Some spelt in ways that only a router would understand, some of employees' own.
  'path that is none': ({ origin }, index) => {
    const path = at(['/api/%70ublic/tickets', '/api/./public/tickets', '/api/calls', `/no-${index}`], index);
    return { text: post(path, '{}', [`Origin: ${origin}`]) };
  },
  'card asked for': (loot, index) => ask(loot, `/api/public/destinations/${at(loot.destinations, index)}`),
  // With its own key, and nothing that is there.
  'own visit asked about': (loot, index) => {
    const { visitId, key } = at(loot.visits, index);
    return ask(loot, `/api/public/visits/${visitId}/nothing`, `Authorization: Bearer ${key}`);
  },
  'knocks of few networks': (loot, index) => ({
    ...ask(loot, `/nothing-${index}`),
    source: FORGERS + (index % KNOCKERS),
  }),
  'silent connection': () => ({ text: '', manner: 'slow' }),
};

function upgrade(path: string, origin: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: hub.localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: sip',
    `Origin: ${origin}`,
    '',
    '',
  ].join('\r\n');
}
