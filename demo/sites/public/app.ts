// The shop's only script: shows the instrument that is looked at without leaving the page, so that a call goes on, tells
// the call button which one it is, and opens and closes the desks for the demonstration.

const sales = document.querySelector<HTMLElement>('ringtag-call[to=sales]');
const cards = [...document.querySelectorAll<HTMLElement>('.shop li a')];
const panels = [...document.querySelectorAll<HTMLElement>('.panels article')];

function look(article: string): void {
  for (const panel of panels) panel.hidden = panel.dataset.article !== article;
  for (const card of cards) {
    if (card.dataset.article === article) card.setAttribute('aria-current', 'true');
    else card.removeAttribute('aria-current');
  }
  const shown = panels.find((panel) => !panel.hidden);
  sales?.setAttribute('data-context-product', shown?.dataset.name ?? '');
  sales?.setAttribute('data-context-price', shown?.dataset.price ?? '');
  // The other languages' page shows the same.
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) {
    const url = new URL(link.href);
    url.searchParams.set('article', article);
    link.href = url.href;
  }
}

for (const card of cards) {
  card.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    look(card.dataset.article ?? '');
    history.replaceState(null, '', (card as HTMLAnchorElement).href);
    document.getElementById('article')?.scrollIntoView({ block: 'nearest' });
  });
}

const demo = document.querySelector<HTMLFormElement>('form.demo');
demo?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.submitter as HTMLButtonElement;
  const said = demo.querySelector('output');
  const body = new URLSearchParams({ opening: button.value });
  const answer = await fetch(demo.action, { method: 'POST', body }).catch(() => undefined);
  if (said) said.value = (answer?.ok ? button.dataset.done : said.dataset.failed) ?? '';
  for (const call of document.querySelectorAll<HTMLElement & { refresh?: () => void }>('ringtag-call'))
    call.refresh?.();
});

export {};
