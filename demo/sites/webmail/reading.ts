// The reading pane: one mail, its sender, and what can be done with it.
import { renderBody } from './body.ts';
import { type Mail, shortDate } from './mail.ts';

export interface ReadingActions {
  reply(): void;
  remove(): void;
  archive(): void;
  back(): void;
}

function button(label: string, action: () => void, className = ''): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.textContent = label;
  node.className = className;
  node.addEventListener('click', action);
  return node;
}

function senderBlock(mail: Mail): HTMLElement {
  const block = document.createElement('div');
  block.className = 'sender';
  const face = document.createElement('span');
  face.className = 'face';
  face.setAttribute('aria-hidden', 'true');
  face.textContent = mail.from.name.slice(0, 1);
  const who = document.createElement('span');
  who.className = 'who';
  const link = document.createElement('a');
  link.href = `mailto:${mail.from.address}`;
  link.textContent = mail.from.name;
  link.title = mail.from.address;
  who.append(link);
  const time = document.createElement('time');
  time.textContent = shortDate(mail.ageMinutes);
  const to = document.createElement('span');
  to.className = 'to';
  to.textContent = `${mail.from.address} to ${mail.to}`;
  block.append(face, who, time, to);
  return block;
}

export function createReadingPane(
  pane: HTMLElement,
  actions: ReadingActions,
): { show(mail: Mail | undefined): void } {
  return {
    show(mail) {
      pane.scrollTop = 0;
      if (!mail) {
        const empty = document.createElement('p');
        empty.className = 'empty';
        empty.textContent = 'No message selected.';
        pane.replaceChildren(empty);
        return;
      }
      const bar = document.createElement('div');
      bar.className = 'bar';
      bar.append(
        button('← Messages', actions.back, 'back'),
        button('Reply', actions.reply),
        button('Archive', actions.archive),
        button('Delete', actions.remove),
      );
      const subject = document.createElement('h2');
      subject.textContent = mail.subject;
      const body = document.createElement('div');
      body.className = 'body';
      body.setAttribute('data-untrusted', '');
      body.append(renderBody(mail.html));
      pane.replaceChildren(bar, subject, senderBlock(mail), body);
    },
  };
}
