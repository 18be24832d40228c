// Links and buttons of the page that call a destination: `data-ringtag-call="sales"`, also those added later. What is
// inside the roots that the integrator names are people, and the scanner's.
import { DESTINATION } from './call-element.ts';

/** A press on one unfolds beside it what a `<ringtag-call>` unfolds into. */
export function callMarked(roots: string): void {
  document.addEventListener('click', (event) => {
    const marked = (event.target as Element).closest<HTMLElement>('[data-ringtag-call]');
    const to = marked?.dataset.ringtagCall ?? '';
    // With a key, another window is wanted.
    const isOther = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey;
    if (isOther || !marked || !DESTINATION.test(to) || (roots && marked.closest(roots))) return;
    event.preventDefault();
    import('../../visitor/kept.ts').then(
      ({ open }) => open(marked),
      () => {
        // It does what it does without us.
        delete marked.dataset.ringtagCall;
        marked.click();
      },
    );
  });
}
