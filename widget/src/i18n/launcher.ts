// The few words the loader itself shows; everything else comes with the panes.

/** Texts of `<ringtag-launcher>` and of the scanner's buttons, before and after the panes are there. */
export interface LauncherTexts {
  readonly open: string;
  readonly unavailable: string;
}

const byLanguage: Readonly<Record<string, LauncherTexts>> = {
  en: { open: 'Open Ringtag', unavailable: 'Calling could not be loaded. Reload the page to try again.' },
};
const english = byLanguage.en as LauncherTexts;

/** The texts for a BCP 47 tag; English where we have no better. */
export function launcherTexts(lang: string): LauncherTexts {
  return byLanguage[lang.toLowerCase().split('-')[0] ?? 'en'] ?? english;
}
