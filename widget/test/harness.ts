// Runs in the browser, in tests and for screenshots: the real elements around a fake phone.

import { createObservable } from '../src/call/state.ts';
import { RingtagCall } from '../src/elements/call/call-element.ts';
import { RingtagLauncher } from '../src/elements/launcher/launcher.ts';
import * as panes from '../src/elements/panes.ts';
import { RingtagPhone } from '../src/elements/phone/phone-element.ts';
import { defineVisit, type RingtagVisit } from '../src/elements/visitor/visit-card.ts';
import { mountNotes } from '../src/elements/visits/visit-notes.ts';
import { installKeyboardGuard } from '../src/host/keyboard-guard.ts';
import { scanPage } from '../src/host/scanner.ts';
import { provideTag } from '../src/host/tag.ts';
import { texts, useLanguage } from '../src/i18n/index.ts';
import { visitorTexts } from '../src/visitor/i18n/texts.ts';
import { firstView, type VisitView } from '../src/visitor/visit-view.ts';
import { showOpen } from '../src/visitor/visitor.ts';
import { callView, FakePhone, history, peerOf, people, ready, signedOut } from './fake-phone.ts';
import { calledVisit, leftOf, visitOf } from './fake-visits.ts';

const phone = new FakePhone();

/** The card of a call button in one state, without a hub: its desk does nothing. */
async function showVisit(view: VisitView | null, card: VisitView['card'], lang: string): Promise<void> {
  if (!customElements.get('ringtag-call')) {
    RingtagCall.prototype.refresh = async () => {};
    customElements.define('ringtag-call', RingtagCall);
  }
  const call = document.querySelector('ringtag-call') as RingtagCall;
  call.lang = lang;
  call.root.querySelector('ringtag-visit')?.remove();
  call.show(card);
  call.removeAttribute('open');
  call.button.hidden = false;
  if (view === null) return;
  showOpen(call);
  defineVisit();
  const visit = document.createElement('ringtag-visit') as RingtagVisit;
  visit.desk = { view: createObservable(view) } as never;
  visit.texts = await visitorTexts(lang);
  visit.lang = lang;
  visit.now = () => 200_000;
  call.button.after(visit);
  await visit.updateComplete;
}

const harness = {
  showVisit,
  firstView,
  phone,
  people,
  ready,
  signedOut,
  callView,
  peerOf,
  history,
  calledVisit,
  visitOf,
  leftOf,
  mountNotes,
  scan: (roots: string) => scanPage({ phone, roots, doc: document }),
  guard: installKeyboardGuard,
  texts,
  define(lang = 'en') {
    const load = async () => {
      await useLanguage(lang);
      return { phone, panes };
    };
    provideTag({ lang, load });
    customElements.define('ringtag-launcher', RingtagLauncher);
    customElements.define('ringtag-phone', RingtagPhone);
  },
};
export type Harness = typeof harness;
declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
