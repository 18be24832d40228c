// How names and numbers are compared: without case, accents, or the punctuation people put between digits.
// Pure; both storage adapters and the directory use the same folding, so that they agree.

/** Lower case without accents, white space collapsed: "Álvaro  Conceição" → "alvaro conceicao". */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * Words to search by. An e-mail gives its parts and itself whole ("a.b@c.example" → a, b, c, example, a.b@c.example),
 * so that both "cos" and "costa@" find it.
 */
export function searchTerms(text: string): string[] {
  const whole = foldText(text)
    .split(/[\s,;()[\]<>"]+/)
    .filter(Boolean);
  const parts = whole.flatMap((word) => word.split(/[@._/-]+/)).filter(Boolean);
  return [...new Set([...whole, ...parts])];
}

/** The number without spaces, dots, dashes, slashes and brackets; a leading `00` is `+` (ITU-T E.123 §2.1). */
export function foldNumber(number: string): string {
  return number.replace(/[\s.\-()/]/g, '').replace(/^00(?=[1-9])/, '+');
}
