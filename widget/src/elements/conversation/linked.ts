// Addresses in what somebody has written, so that they can be pressed. Words of a stranger: of schemes only http and
// https, none that hides where it leads behind a name and an `@`, and the text stays what was written.

const ADDRESS = /\bhttps?:\/\/[^\s<>"]*[^\s<>".,;:!?'’)\]}]/gi;

export interface Piece {
  readonly text: string;
  readonly href?: string;
}

/** The text in order, in pieces; an address has its `href`. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    const href = hrefOf(address);
    if (!href) continue;
    pieces.push({ text: text.slice(end, index) }, { text: address, href });
    end = index + address.length;
  }
  return [...pieces, { text: text.slice(end) }].filter((piece) => piece.text !== '');
}

function hrefOf(address: string): string | undefined {
  try {
    const { href, username, password } = new URL(address);
    return username || password ? undefined : href;
  } catch {
    return undefined;
  }
}
