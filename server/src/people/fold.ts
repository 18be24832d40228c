// How text is made comparable: accents, case and the writing of numbers do not matter. Used alike by whoever stores
// people and by whoever looks for them; knows nothing of either.

/** Latin letters that NFKD leaves whole though people type them plain. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Fewer digits than this are a word like any other, not a number being typed. */
const NUMBER_DIGITS = 4;

/** Lower case, without accents, white space collapsed: `"  José  ÁVILA"` becomes `"jose avila"`. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The folded words of a text, each once, in order: split at everything that is neither letter nor digit, so that an
 * e-mail address falls apart at `@ . - _`. A text that is a telephone number, however written, is one word of digits.
 */
export function searchTerms(text: string): string[] {
  const digits = text.replace(/\D/g, '');
  if (digits.length >= NUMBER_DIGITS && /^[+\d\s.\-()/]+$/.test(text)) return [digits];
  return [...new Set(foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/**
 * A number without spaces, dots, dashes, slashes and brackets, the international prefix `00` as `+`:
 * `"00 55 (11) 98888-7777"` becomes `"+5511988887777"`.
 */
export function foldNumber(number: string): string {
  return number.replace(/[\s.\-/()[\]\u2010-\u2015]/g, '').replace(/^00(?=[1-9]\d{6})/, '+');
}
