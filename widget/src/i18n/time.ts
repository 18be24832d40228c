// The time of day as the page's language and region write it. What else is said of dates and numbers: `format.ts`.
import { language, locale } from './index.ts';

/** Pages write their language by hand; `Intl` refuses what is no tag. */
export function place(): string {
  try {
    return Intl.getCanonicalLocales(locale().replaceAll('_', '-'))[0] ?? language();
  } catch {
    return language();
  }
}

/** `14:03`, `2:03 PM`, not broken over two lines. */
export function formatTime(dateMs: number): string {
  return new Intl.DateTimeFormat(place(), { timeStyle: 'short' }).format(dateMs).replaceAll(' ', '\u00a0');
}
