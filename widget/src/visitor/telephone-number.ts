// Whether something reads as a telephone number, gently: the hub and the one who calls back decide.

/** E.164 has at most 15 digits; with fewer than 6 nobody can be called back. Blanks, brackets, dots and dashes pass. */
export function isTelephoneNumber(text: string): boolean {
  const digits = text.replace(/[\s().\-/]/g, '');
  return /^(?:\+|00)?\d{6,15}$/.test(digits);
}
