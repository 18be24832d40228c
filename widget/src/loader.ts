// The script tag. Defines the light elements, starts the keyboard guard, and fetches everything else at the first
// intent: a pointer over the launcher, a `<ringtag-phone>` in the page, or a session that this browser still has.
import { RingtagCall } from './elements/call/call-element.ts';
import { callMarked } from './elements/call/call-marked.ts';
import { RingtagLauncher } from './elements/launcher/launcher.ts';
import { RingtagPhone } from './elements/phone/phone-element.ts';
import { Themed } from './elements/themed.ts';
import { installKeyboardGuard } from './host/keyboard-guard.ts';
import { readOptions, type TagOptions } from './host/options.ts';
import { type Loaded, loadTag, PAGE, provideTag, type Tag } from './host/tag.ts';
import { hasSession } from './hub/resume.ts';

const options = readOptions(import.meta.url, document);
installKeyboardGuard();
if (provideTag(createTag(options))) void start(options);

function createTag({ hubUrl, lang, roots }: TagOptions): Tag {
  return {
    lang,
    hubUrl,
    async load(): Promise<Loaded> {
      const { createPhone, mount, scanPage, useLanguage } = await import('./app.ts');
      // Before anything is shown, so that nobody sees English first.
      await useLanguage(lang);
      const phone = createPhone({ hubUrl, lang });
      scanPage({ phone, roots, doc: document });
      return { panes: { mount }, phone };
    },
  };
}

async function start({ hubUrl, launcher, roots }: TagOptions): Promise<void> {
  if (!('customElements' in window)) (await import('./polyfill.ts')).extendPolyfilled(Themed);
  define('ringtag-launcher', RingtagLauncher);
  define('ringtag-phone', RingtagPhone);
  define('ringtag-call', RingtagCall);
  callMarked(roots);
  await documentReady();
  // A mail shown in a frame of the webmail belongs to the page around it, which has its own launcher.
  if (launcher && !insideTaggedPage() && document.querySelector('ringtag-launcher') === null) {
    document.body.append(document.createElement('ringtag-launcher'));
  }
  if (await hasSession(hubUrl)) whenIdle(() => void loadTag().catch(() => {}));
  // A chat goes on here, or a call ended with the page before; last, since where the page may keep nothing this throws.
  if (sessionStorage['ringtag-visit']) void import('./visitor/kept.ts').then(({ open }) => open());
}

function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

/** Modules of a frame may run before those of the page around it, whose tag stands there nevertheless. */
function insideTaggedPage(): boolean {
  try {
    const { parent } = window;
    const { pathname } = new URL(import.meta.url);
    const isTag = ({ src }: HTMLScriptElement) => src !== '' && new URL(src).pathname === pathname;
    return parent !== window && (PAGE in parent || [...parent.document.scripts].some(isTag));
  } catch {
    return false;
  }
}

function documentReady(): Promise<unknown> {
  return document.readyState === 'loading'
    ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve))
    : Promise.resolve();
}

function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 2_000 });
  else setTimeout(run, 200);
}
