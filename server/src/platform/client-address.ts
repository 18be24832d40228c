// Who asks, as far as the network tells (P12): the address at the other end of the socket, or, where that is a proxy
// the operator trusts, what the proxy says. No other header is believed, since any client can write one.
import { isIP } from 'node:net';
import type { Context } from 'hono';
import { createNetworks, groupsOf, type Networks, plainAddress } from './networks.ts';

export interface Client {
  readonly address: string;
  readonly port?: number;
  /** The limit's key: an IPv4 address, or the first 64 bits of an IPv6 address. */
  readonly network: string;
  /** Where two headers of a trusted proxy differ: what they say. Good for nothing but to refuse who is blocked. */
  readonly doubtful?: readonly string[];
}

export interface Peer {
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** As received; of several the values stand in one line, in order. */
  readonly forwarded?: string | undefined;
  readonly xForwardedFor?: string | undefined;
}

/** Groups of an IPv6 address that name its network: one household or server commands the rest of it (RFC 6177). */
const NETWORK_GROUPS = 4;
/** `64:ff9b::/96`: all IPv4 clients behind a translator would be one network. */
const TRANSLATED = '64:ff9b:0:0:0:0';
/** Nobody has more proxies than that. */
const HOPS = 20;

interface Hop {
  readonly address: string;
  readonly port?: number;
}

/** The proxies that an operator trusts, by address or network; `loopback` is one. */
export function proxiesOf(trusted: readonly string[]): Networks {
  return createNetworks(trusted.flatMap((text) => (text === 'loopback' ? ['127.0.0.0/8', '::1'] : [text])));
}

/** Tells who asks; `trusted` are the proxies, by address or network, whose word counts. Undefined without a socket. */
export function createClientAddress(trusted: readonly string[]): (peer: Peer) => Client | undefined {
  const proxies = proxiesOf(trusted);
  return ({ address, port, forwarded, xForwardedFor }) => {
    if (address === undefined) return undefined;
    const peer: Hop = { address: plainAddress(address), ...(port === undefined ? {} : { port }) };
    if (!proxies.has(peer.address)) return clientAt(peer);
    const said = [
      forwarded === undefined ? undefined : hopsOfForwarded(forwarded),
      xForwardedFor === undefined ? undefined : hopsOfList(xForwardedFor),
    ].filter((hops) => hops !== undefined);
    const [first = peer, second = first] = said.map((hops) => nearestStranger(peer, hops, proxies.has));
    // A proxy that writes one of the two headers passes the other on as a client wrote it. Which is which cannot be
    // known here, so where they differ neither counts.
    if (first.address === second.address) return clientAt(first);
    return { ...clientAt(peer), doubtful: [first.address, second.address] };
  };
}

/** Asks the request's socket and headers. */
export function peerOf(c: Context): Peer {
  const env = c.env as
    | { incoming?: { socket?: { remoteAddress?: string; remotePort?: number } } }
    | undefined;
  const socket = env?.incoming?.socket;
  return {
    ...{ address: socket?.remoteAddress, port: socket?.remotePort },
    ...{ forwarded: c.req.header('Forwarded'), xForwardedFor: c.req.header('X-Forwarded-For') },
  };
}

/** An IPv4 address as it is, also where IPv6 wraps it (RFC 4291 §2.5.5.2) or translates it (RFC 6052 §2.1); of IPv6 the first 64 bits. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const groups = groupsOf(plain);
  if (groups.slice(0, 6).join(':') === TRANSLATED) return translated(groups.slice(6));
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The IPv4 address in the last two groups. */
function translated(groups: readonly string[]): string {
  const bytes = groups.flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 255];
  });
  return bytes.join('.');
}

/** What is rented or handed out as one: an IPv4 network's /24, an IPv6 network's /48 (RFC 6177). */
export function neighbourhoodOf(network: string): string {
  return network.split(network.includes(':') ? ':' : '.', 3).join('.');
}

function clientAt(hop: Hop): Client {
  return { ...hop, network: networkOf(hop.address) };
}

/** From the right, past those that are trusted: each was written by the hop on its right. */
function nearestStranger(
  peer: Hop,
  hops: readonly (Hop | undefined)[],
  isTrusted: (address: string) => boolean,
): Hop {
  let nearest = peer;
  for (const hop of [...hops].reverse()) {
    // "unknown", "_hidden" or nonsense: what is further left was said by somebody who is not known.
    if (!hop) break;
    nearest = hop;
    if (!isTrusted(hop.address)) break;
  }
  return nearest;
}

/** RFC 7239 §4: elements by comma, each of pairs by semicolon. */
function hopsOfForwarded(text: string): (Hop | undefined)[] {
  const elements = splitOutsideQuotes(text, ',').slice(-HOPS);
  return elements.map((element) => {
    // By hand: an expression that skips white space on both sides takes seconds over a header full of it.
    const pairs = splitOutsideQuotes(element, ';').map((pair) =>
      pair.split('=', 2).map((part) => part.trim()),
    );
    const node = pairs.find(([name]) => name?.toLowerCase() === 'for')?.[1];
    return node === undefined ? undefined : hopOf(node.replace(/^"(.*)"$/s, '$1'));
  });
}

function hopsOfList(text: string): (Hop | undefined)[] {
  return text
    .split(',')
    .slice(-HOPS)
    .map((node) => hopOf(node.trim()));
}

/** `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function hopOf(node: string): Hop | undefined {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(node) ?? /^([\d.]+)(?::(\d{1,5}))?$/.exec(node);
  const [, text = node, portText] = bracketed ?? [];
  const address = plainAddress(text);
  if (isIP(address) === 0) return undefined;
  const port = Number(portText);
  return { address, ...(portText !== undefined && port > 0 && port < 65_536 ? { port } : {}) };
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts = text.match(separator === ',' ? /(?:"[^"]*"|[^,"])+/g : /(?:"[^"]*"|[^;"])+/g);
  return parts === null ? [''] : [...parts];
}
