// The Pier's only script: filters the people cards while somebody types.

const filter = document.getElementById('filter');
const none = document.getElementById('none');
const cards = [...document.querySelectorAll<HTMLElement>('#people > li')];

if (filter instanceof HTMLInputElement) {
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) {
      const text = (card.textContent ?? '').toLowerCase();
      card.hidden = !words.every((word) => text.includes(word));
    }
    if (none) none.hidden = cards.some((card) => !card.hidden);
  });
}

export {};
