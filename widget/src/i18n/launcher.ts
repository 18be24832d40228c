// The few words the loader itself shows; everything else comes with the panes.

/** Language, button, and what to say when panes and phone could not be fetched. Every page pays for all of them. */
type LauncherTexts = readonly [lang: string, open: string, unavailable: string];

const english: LauncherTexts = ['en', 'Open Ringtag', 'Offline? Try again or reload.'];
const others: readonly LauncherTexts[] = [
  ['pt', 'Abrir Ringtag', 'Sem rede? Tente de novo ou recarregue.'],
  ['es', 'Abrir Ringtag', '¿Sin conexión? Reintente o recargue.'],
  ['fr', 'Ouvrir Ringtag', 'Hors ligne ? Réessayez ou rechargez.'],
];

/** The texts for a BCP 47 tag; English where we have no better. */
export function launcherTexts(tag: string): LauncherTexts {
  return others.find(([lang]) => lang === primaryOf(tag)) ?? english;
}

/** The language of a BCP 47 tag without its region, also of the `pt_BR` that many pages have. */
export function primaryOf(tag: string): string {
  return tag.toLowerCase().replace(/[-_].*/, '');
}
