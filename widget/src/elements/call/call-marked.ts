// Links and buttons of the page that call a destination: `data-ringtag-call="sales"`, also those added later. What is
// inside the roots that the integrator names are people, and the scanner's.
import { DESTINATION, type RingtagCall } from './call-element.ts';

/** A press on one unfolds beside it what a `<ringtag-call>` unfolds into. */
export function callMarked(roots: string): void {
  document.addEventListener('click', (event) => {
    const marked = (event.target as Element).closest<HTMLElement>('[data-ringtag-call]');
    const to = marked?.dataset.ringtagCall ?? '';
    if (!marked || !DESTINATION.test(to) || event.defaultPrevented || (roots && marked.closest(roots)))
      return;
    event.preventDefault();
    let call = marked.nextElementSibling as RingtagCall | null;
    if (call?.localName !== 'ringtag-call') {
      call = document.createElement('ringtag-call') as RingtagCall;
      call.opener = marked;
      call.setAttribute('to', to);
      marked.after(call);
    }
    void call.open();
  });
}
