// Driftmail, the demo's webmail: knows nothing of Ringtag, which is only a script tag in its page.

import { listenForKeys } from './keys.ts';
import { createMailList } from './list.ts';
import { FOLDERS, type Folder, type Mail, mailsIn } from './mail.ts';
import { MAILS } from './mails.ts';
import { createReadingPane } from './reading.ts';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const search = byId<HTMLInputElement>('search');
const composer = byId<HTMLDialogElement>('composer');

const mails: Mail[] = MAILS.map((mail) => ({ ...mail }));
let folder: Folder = 'inbox';
let selectedId: string | undefined;

const list = createMailList(byId('list'), byId<HTMLUListElement>('rows'), { select, star });
const reading = createReadingPane(byId('reading'), {
  reply,
  remove,
  archive: () => moveTo('archive'),
  back: () => document.body.classList.remove('reading-open'),
});

const shown = () => mailsIn(mails, folder, search.value);
const selected = () => mails.find((mail) => mail.id === selectedId);

function draw(): void {
  list.show(shown(), selectedId);
  drawFolders();
}

function drawFolders(): void {
  const name = FOLDERS.find((f) => f.id === folder)?.name ?? '';
  byId('folder-title').textContent = search.value ? `Results in ${name}` : name;
  document.title = `${name} – Driftmail`;
  byId('folders').replaceChildren(
    ...FOLDERS.map((entry) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = entry.name;
      if (entry.id === folder) button.setAttribute('aria-current', 'true');
      const unread = mailsIn(mails, entry.id, '').filter((mail) => mail.unread).length;
      if (unread > 0) {
        const count = document.createElement('span');
        count.className = 'count';
        count.textContent = String(unread);
        button.append(count);
      }
      button.addEventListener('click', () => openFolder(entry.id));
      item.append(button);
      return item;
    }),
  );
}

function openFolder(next: Folder): void {
  folder = next;
  search.value = '';
  selectedId = undefined;
  reading.show(undefined);
  draw();
}

function select(id: string): void {
  const mail = mails.find((m) => m.id === id);
  if (!mail) return;
  selectedId = id;
  mail.unread = false;
  document.body.classList.add('reading-open');
  reading.show(mail);
  draw();
}

function star(id: string): void {
  const mail = mails.find((m) => m.id === id);
  if (mail) mail.starred = !mail.starred;
  draw();
}

function move(step: number): void {
  const rows = shown();
  const at = rows.findIndex((mail) => mail.id === selectedId);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return;
  select(next.id);
  list.reveal(next.id);
}

function moveTo(target: Mail['folder']): void {
  const mail = selected();
  if (!mail) return;
  const rows = shown();
  const at = rows.indexOf(mail);
  mail.folder = target;
  notify(target === 'trash' ? 'Deleted.' : 'Archived.');
  const next = rows[at + 1] ?? rows[at - 1];
  selectedId = next?.id;
  reading.show(next);
  draw();
}

function remove(): void {
  moveTo('trash');
}

function reply(): void {
  const mail = selected();
  if (mail) compose(mail.from.address, `Re: ${mail.subject}`);
}

function compose(to: string, subject: string): void {
  const form = composer.querySelector('form');
  form?.reset();
  const field = (name: string) => composer.querySelector<HTMLInputElement>(`[name="${name}"]`);
  const [toField, subjectField] = [field('to'), field('subject')];
  if (toField) toField.value = to;
  if (subjectField) subjectField.value = subject;
  composer.showModal();
}

let noticeTimer = 0;
function notify(text: string): void {
  byId('notice').textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = window.setTimeout(() => {
    byId('notice').textContent = '';
  }, 2_500);
}

// As old webmails do, the shortcuts are set up when everything has loaded.
window.addEventListener('load', () =>
  listenForKeys({
    move,
    remove,
    reply,
    search: () => search.focus(),
    page: () => byId('reading').scrollBy({ top: byId('reading').clientHeight * 0.85 }),
    star: () => selectedId && star(selectedId),
  }),
);
search.addEventListener('input', () => {
  draw();
});
byId('search-form').addEventListener('submit', (event) => event.preventDefault());
byId('compose').addEventListener('click', () => compose('', ''));
composer.addEventListener('close', () => {
  if (composer.returnValue === 'send') notify('This demonstration sends no mail.');
});
// Scrolling by keyboard needs the focus on what scrolls.
byId('list').tabIndex = 0;
const first = shown()[0];
selectedId = first?.id;
reading.show(first);
draw();
