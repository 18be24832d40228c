// The few words the loader itself shows; everything else comes with the panes.

/** Language, button, and what to say when panes and phone could not be fetched. Every page pays for all of them. */
type LauncherTexts = readonly [lang: string, open: string, unavailable: string];

const english: LauncherTexts = ['en', 'Open Ringtag', 'Calling could not be loaded. Reload the page.'];
const others: readonly LauncherTexts[] = [
  ['pt', 'Abrir Ringtag', 'As chamadas não carregaram. Recarregue a página.'],
  ['es', 'Abrir Ringtag', 'Las llamadas no se cargaron. Recargue la página.'],
  ['fr', 'Ouvrir Ringtag', 'Les appels n’ont pas chargé. Rechargez la page.'],
];

/** The texts for a BCP 47 tag; English where we have no better. */
export function launcherTexts(tag: string): LauncherTexts {
  return others.find(([lang]) => lang === primaryOf(tag)) ?? english;
}

/** The language of a BCP 47 tag without its region, also of the `pt_BR` that many pages have. */
export function primaryOf(tag: string): string {
  return tag.toLowerCase().replace(/[-_].*/, '');
}
