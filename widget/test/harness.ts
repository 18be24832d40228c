// Runs in the browser, in tests and for screenshots: the real elements around a fake phone.
import { RingtagLauncher } from '../src/elements/launcher/launcher.ts';
import * as panes from '../src/elements/panes.ts';
import { RingtagPhone } from '../src/elements/phone/phone-element.ts';
import { installKeyboardGuard } from '../src/host/keyboard-guard.ts';
import { scanPage } from '../src/host/scanner.ts';
import { provideTag } from '../src/host/tag.ts';
import { texts, useLanguage } from '../src/i18n/index.ts';
import { callView, FakePhone, history, peerOf, people, ready, signedOut } from './fake-phone.ts';

const phone = new FakePhone();
const harness = {
  phone,
  people,
  ready,
  signedOut,
  callView,
  peerOf,
  history,
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
