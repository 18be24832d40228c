// The message list, as hard for a guest as real ones: rows are absolutely placed nodes that are recycled while
// scrolling, rebuilt whole on every other change, and they act on mousedown.
import { previewText } from './body.ts';
import { type Mail, shortDate } from './mail.ts';

const ROW_PX = 76;

export interface MailList {
  /** Throws all rows away and draws these. */
  show(mails: readonly Mail[], selectedId: string | undefined): void;
  reveal(id: string): void;
}

export interface ListActions {
  select(id: string): void;
  star(id: string): void;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

interface Row {
  readonly node: HTMLLIElement;
  fill(mail: Mail, index: number, selected: boolean): void;
}

function createRow(actions: ListActions): Row {
  const node = element('li', 'row');
  const from = element('span', 'from');
  const link = document.createElement('a');
  link.tabIndex = -1;
  const time = document.createElement('time');
  const subject = element('span', 'subject');
  const star = element('button', 'star');
  star.type = 'button';
  star.tabIndex = -1;
  const preview = element('span', 'preview');
  from.append(link);
  node.append(from, time, subject, star, preview);
  let current = '';
  node.addEventListener('mousedown', (event) => {
    event.preventDefault();
    if (star.contains(event.target as Node)) actions.star(current);
    else actions.select(current);
  });
  // The row has acted already: the link in it must not open a mail program as well.
  node.addEventListener('click', (event) => event.preventDefault());
  return {
    node,
    fill(mail, index, selected) {
      current = mail.id;
      node.style.top = `${index * ROW_PX}px`;
      node.classList.toggle('unread', mail.unread);
      node.toggleAttribute('aria-current', selected);
      if (selected) node.setAttribute('aria-current', 'true');
      link.textContent = mail.from.name;
      link.title = mail.from.address;
      link.href = `mailto:${mail.from.address}`;
      time.textContent = shortDate(mail.ageMinutes);
      subject.textContent = mail.subject;
      star.textContent = mail.starred ? '★' : '☆';
      star.setAttribute('aria-pressed', String(mail.starred));
      star.setAttribute('aria-label', `Star: ${mail.subject}`);
      preview.textContent = previewText(mail.html);
    },
  };
}

export function createMailList(
  scroller: HTMLElement,
  list: HTMLUListElement,
  actions: ListActions,
): MailList {
  let mails: readonly Mail[] = [];
  let selected: string | undefined;
  let pool: Row[] = [];

  const place = () => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_PX));
    for (const row of pool) row.node.hidden = true;
    for (let i = 0; i < pool.length; i += 1) {
      const mail = mails[first + i];
      // Which node shows which mail depends on the scroll position alone: nodes change hands all the time.
      const row = pool[(first + i) % pool.length];
      if (!mail || !row) continue;
      row.node.hidden = false;
      row.fill(mail, first + i, mail.id === selected);
    }
  };
  scroller.addEventListener('scroll', place, { passive: true });
  new ResizeObserver(() => rebuild()).observe(scroller);

  const rebuild = () => {
    const count = Math.min(mails.length, Math.ceil(scroller.clientHeight / ROW_PX) + 2);
    pool = Array.from({ length: count }, () => createRow(actions));
    list.replaceChildren(...pool.map((row) => row.node));
    list.style.height = `${mails.length * ROW_PX}px`;
    if (mails.length === 0) {
      const empty = element('li', 'empty');
      empty.textContent = 'Nothing here.';
      list.append(empty);
    }
    place();
  };

  return {
    show(next, selectedId) {
      mails = next;
      selected = selectedId;
      rebuild();
    },
    reveal(id) {
      const index = mails.findIndex((mail) => mail.id === id);
      if (index < 0) return;
      const top = index * ROW_PX;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      const below = top + ROW_PX - scroller.clientHeight;
      if (below > scroller.scrollTop) scroller.scrollTop = below;
    },
  };
}
