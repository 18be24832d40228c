// What a mail is here, and the folders they lie in. No drawing.

export type Folder = 'inbox' | 'starred' | 'sent' | 'archive' | 'trash';

export interface Mail {
  readonly id: string;
  folder: Exclude<Folder, 'starred'>;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  /** HTML as it came from outside: never shown without `body.ts`. */
  readonly html: string;
  /** Minutes before now. */
  readonly ageMinutes: number;
  unread: boolean;
  starred: boolean;
}

export const FOLDERS: readonly { readonly id: Folder; readonly name: string }[] = [
  { id: 'inbox', name: 'Inbox' },
  { id: 'starred', name: 'Starred' },
  { id: 'sent', name: 'Sent' },
  { id: 'archive', name: 'Archive' },
  { id: 'trash', name: 'Trash' },
];

/** The mails of a folder that match a search, newest first. */
export function mailsIn(mails: readonly Mail[], folder: Folder, query: string): Mail[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return mails
    .filter((mail) =>
      folder === 'starred' ? mail.starred && mail.folder !== 'trash' : mail.folder === folder,
    )
    .filter((mail) => {
      const text = `${mail.from.name} ${mail.from.address} ${mail.subject} ${mail.html}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.ageMinutes - b.ageMinutes);
}

/** `09:41` today, `Tue` this week, `12 May` before. */
export function shortDate(ageMinutes: number): string {
  const at = new Date(Date.now() - ageMinutes * 60_000);
  if (ageMinutes < 12 * 60) return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (ageMinutes < 6 * 24 * 60) return at.toLocaleDateString('en-GB', { weekday: 'short' });
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
