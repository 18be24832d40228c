// What a visitor's session description may make Asterisk write to: the visitor's own address, and what is public. Any
// other address would let a stranger probe the operator's network with Asterisk's own packets. Pure.
import { isIP } from 'node:net';
import { createNetworks, plainAddress } from '../platform/networks.ts';

/** Registries of special addresses (RFC 6890); of IPv6 only what is handed out as global unicast is named at all. */
const SPECIAL = createNetworks(
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
   192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
   2001::/23 2001:db8::/32 2002::/16 3fff::/20`.split(/\s+/),
);
const GLOBAL_UNICAST = createNetworks(['2000::/3']);

/** Nobody's (RFC 5737 §3): stands where Asterisk needs an address and none may be named. */
const NOBODY = '192.0.2.1';

const BYTES = 16 * 1024;
const SECTIONS = 4;
/** Of one section: each is a target of Asterisk's checks. */
const CANDIDATES = 20;

/** Attributes that name addresses and that no call here needs. */
const DROPPED = new Set(['rtcp', 'remote-candidates', 'source-filter', 'altc', 'alt']);
/** As RFC 8866 has them, and strict: what is read in two ways is read as the stranger likes. */
const LINES = [
  /^[bd-lnp-z]=[^\p{Cc}]*$/u,
  /^o=\S+ \d{1,20} \d{1,20} IN IP[46] \S+$/,
  /^c=IN IP[46] \S+$/,
  /^m=[a-z]+ \d{1,5}(?:\/\d{1,3})? \S+(?: \S+)+$/,
  /^a=[\w!#$%&'*+.^`{|}~-]+(?::[^\p{Cc}]*)?$/u,
];
const CANDIDATE =
  /^a=candidate:([\w+/-]{1,32}) ([12]) udp (\d{1,10}) (\S{1,64}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i;

/**
 * The description with only those addresses in it; undefined where it is none, or no usual one. `own`: the visitor's
 * address as the gate sees it, where it does, and others that are known to be the visitor's.
 */
export function withoutForeignAddresses(sdp: string, own: readonly string[]): string | undefined {
  if (sdp.length > BYTES || !sdp.startsWith('v=0\r\n') || !sdp.endsWith('\r\n')) return undefined;
  const lines = sdp.slice(0, -2).split('\r\n');
  if (lines.some((line) => !isUsual(line))) return undefined;
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  const [session = [], ...media] = sections;
  if (media.length === 0 || media.length > SECTIONS) return undefined;
  const visitor: Visitor = { address: own[0] ?? NOBODY, mayName: allowedBeside(own) };
  const kept = [
    ...rewriteLines(session, visitor),
    ...media.flatMap((section) => rewriteSection(section, visitor)),
  ];
  return `${kept.join('\r\n')}\r\n`;
}

interface Visitor {
  readonly address: string;
  readonly mayName: (address: string) => boolean;
}

const isUsual = (line: string): boolean => LINES.some((form) => form.test(line));

function allowedBeside(own: readonly string[]): Visitor['mayName'] {
  const ownNetwork = createNetworks(own);
  return (address) => {
    // A name would be looked up, and a zone is a choice of the machine's interfaces.
    if (isIP(address) === 0 || address.includes('%')) return false;
    if (ownNetwork.has(address)) return true;
    const plain = plainAddress(address);
    return !SPECIAL.has(plain) && (isIP(plain) === 4 || GLOBAL_UNICAST.has(plain));
  };
}

const nameOf = (line: string): string => (/^a=([^:]*)/.exec(line)?.[1] ?? '').toLowerCase();

/** All but the candidates. Asterisk sends nothing to the origin's address: browsers write nobody's there, too. */
function rewriteLines(lines: readonly string[], { address, mayName }: Visitor): string[] {
  return lines
    .filter((line) => nameOf(line) !== 'candidate' && !DROPPED.has(nameOf(line)))
    .map((line) => {
      if (line.startsWith('o=')) return line.replace(/IN IP[46] \S+$/, 'IN IP4 0.0.0.0');
      const named = /^c=IN IP[46] (\S+)$/.exec(line)?.[1];
      return named === undefined || mayName(named) ? line : `c=IN IP${isIP(address)} ${address}`;
    });
}

interface Candidate {
  readonly line: string;
  readonly address: string;
  readonly port: number;
}

function rewriteSection(lines: readonly string[], visitor: Visitor): string[] {
  const candidates = lines.flatMap((line) => readCandidate(line) ?? []);
  const kept = candidates.filter(({ address }) => visitor.mayName(address)).slice(0, CANDIDATES);
  const dropped = candidates.find((candidate) => !kept.includes(candidate));
  return [
    ...rewriteLines(lines, visitor),
    ...kept.map(({ line }) => line),
    ...(dropped ? standIns(kept, dropped.port, visitor.address) : []),
  ];
}

/** Over UDP only, which is all that Asterisk uses; without what it does not need, such as the related address. */
function readCandidate(line: string): Candidate | undefined {
  const [, foundation, component, priority, address, portText, type = ''] = CANDIDATE.exec(line) ?? [];
  const port = Number(portText);
  if (address === undefined || port < 1 || port > 65_535) return undefined;
  const related = type.toLowerCase() === 'host' ? '' : ' raddr 0.0.0.0 rport 9';
  const named = `${plainAddress(address)} ${port}`;
  return {
    line: `a=candidate:${foundation} ${component} udp ${priority} ${named} typ ${type}${related}`,
    address,
    port,
  };
}

/**
 * Without any candidate Asterisk gives up ICE for the whole call, and without one of its own family it finds no pair.
 * With one it learns the true path from the visitor's checks (peer-reflexive candidates, RFC 8445 §7.3.1.3).
 */
function standIns(kept: readonly Candidate[], port: number, own: string): string[] {
  const families = new Set(kept.map(({ address }) => isIP(plainAddress(address))));
  const addresses = isIP(own) === 6 ? [NOBODY, own] : [own];
  return addresses
    .filter((address) => !families.has(isIP(address)))
    .map((address) => `a=candidate:ringtag${isIP(address)} 1 udp 2113929471 ${address} ${port} typ host`);
}
