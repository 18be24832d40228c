// What was typed into the search: perhaps a number to dial. Pure.

/** The number as dialled, if the text looks like one: at least three digits and nothing but a number's signs. */
export function dialable(text: string): string | null {
  const trimmed = text.trim();
  if (!/^\+?[\d\s().*#/-]+$/.test(trimmed)) return null;
  const number = trimmed.replace(/[\s().\-/]/g, '');
  return /^\+?[0-9*#]{3,24}$/.test(number) ? number : null;
}
