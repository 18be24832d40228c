// Which addresses are a visitor's own: what may be written to for it although it is no public address.
import type { IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Client } from '../platform/client-address.ts';
import { plainAddress } from '../platform/networks.ts';

/**
 * The address it connects from comes first; none behind a proxy that is not trusted, or that says nothing which can be
 * believed, since the proxy's own is not the visitor's. A visitor on this machine has all addresses of the machine.
 */
export function guestAddresses(
  {
    socket,
    headers,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { remoteAddress?: string | undefined } },
  client: Client | undefined,
  machine: readonly string[] = addressesOfThisMachine(),
): readonly string[] {
  if (!client) return [];
  const { address } = client;
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  if (isForwarded && address === plainAddress(socket.remoteAddress ?? '')) return [];
  return machine.includes(address) ? [address, ...machine.filter((other) => other !== address)] : [address];
}

function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) =>
    all.map(({ address }) => plainAddress(address)),
  );
}
