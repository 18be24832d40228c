// Who somebody is, from the headers by which an exchange says so.
import type { Peer } from '@ringtag/server/protocol';

/** `"Bruno Barros" <sip:1002@pbx>` (RFC 3325 §9.1, name-addr of RFC 3261 §25.1); undefined without a number. */
export function identityIn(header: string | undefined): (Peer & { readonly number: string }) | undefined {
  const [, quoted, plain, number] =
    /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<?sips?:([^@;>]+)/i.exec(header ?? '') ?? [];
  if (!number) return undefined;
  return { name: quoted?.replace(/\\(.)/g, '$1') || plain || number, number };
}
