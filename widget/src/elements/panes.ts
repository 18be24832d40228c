// Entry of the chunk with everything Lit: registers the inner elements, mounts them into a public element, and keeps
// that element in step with the phone (its face, the pane opening for a call, `ringtag-call-state`).
import type { CallStateDetail, CallView, Phone, PhoneState } from '../call/phone.ts';
import { texts } from '../i18n/index.ts';
import { Announcer } from './announcer.ts';
import { RingtagCallBar, SHOW_CALL } from './call-bar/call-bar.ts';
import { RingtagCallCard } from './call-card/call-card.ts';
import { elapsed, untilNextSecondMs } from './clock.ts';
import { RingtagKeypad } from './keypad/keypad.ts';
import { LAUNCHER_TOGGLED, RingtagLauncher } from './launcher/launcher.ts';
import { openedCss } from './launcher/opened-css.ts';
import { CLOSE_PANE, RingtagPane } from './pane/pane.ts';
import { RingtagPeople } from './people/people.ts';
import { liveCall, ringingCalls } from './phone-state.ts';
import { ANSWERED_HERE, RingtagRinging } from './ringing/ringing.ts';
import { isPrimary, type Mounted, PRIMARY_CHANGED, type Surface } from './surface.ts';
import { keepTyping } from './typing.ts';

/** What the loader gets by dynamic import. */
export interface Panes {
  mount(surface: Surface, phone: Phone): Mounted;
}

const PARTS =
  'pane-body, header, search, people, person, call-card, call-bar, hang-up, primary, via, video, notice';

function define(): void {
  const elements: Readonly<Record<string, CustomElementConstructor>> = {
    'ringtag-call-bar': RingtagCallBar,
    'ringtag-call-card': RingtagCallCard,
    'ringtag-keypad': RingtagKeypad,
    'ringtag-pane': RingtagPane,
    'ringtag-people': RingtagPeople,
    'ringtag-ringing': RingtagRinging,
  };
  for (const [name, element] of Object.entries(elements)) {
    if (customElements.get(name) === undefined) customElements.define(name, element);
  }
}

/** What the page was told of each call, by whichever element was primary. */
let told = new Map<string, string>();

/** Puts the panes into a public element. */
export function mount(surface: Surface, phone: Phone): Mounted {
  define();
  keepTyping(surface, surface.root);
  return new MountedPanes(surface, phone);
}

class MountedPanes implements Mounted {
  readonly #surface: Surface;
  readonly #phone: Phone;
  readonly #pane = document.createElement('ringtag-pane') as RingtagPane;
  readonly #ringing = document.createElement('ringtag-ringing') as RingtagRinging;
  readonly #bar = document.createElement('ringtag-call-bar') as RingtagCallBar;
  readonly #announcer = new Announcer();
  readonly #badge = document.createElement('span');
  readonly #abort = new AbortController();
  readonly #unsubscribe: () => void;
  /** The last live call this tab has opened the pane for. */
  #liveCallId: string | null = null;
  #openedForCall = false;
  /** The pane says why a call does not begin. */
  #waits = false;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(surface: Surface, phone: Phone) {
    this.#surface = surface;
    this.#phone = phone;
    this.#pane.phone = phone;
    this.#pane.setAttribute('part', 'pane');
    this.#pane.setAttribute('exportparts', PARTS);
    this.#ringing.setAttribute('exportparts', 'ringing, primary');
    this.#bar.setAttribute('exportparts', 'call-bar, hang-up');
    const { signal } = this.#abort;
    this.#ringing.addEventListener(ANSWERED_HERE, () => this.#showCall(), { signal });
    if (surface instanceof RingtagLauncher) this.#mountLauncher(surface, signal);
    else surface.root.append(this.#pane);
    window.addEventListener(PRIMARY_CHANGED, () => this.#bePrimary(), { signal });
    // Into the dialog that was just opened.
    for (const type of ['focusin', 'click'])
      document.addEventListener(type, () => this.#riseAbove(), { signal });
    this.#bePrimary();
    this.#unsubscribe = phone.subscribe((state) => this.#update(state));
  }

  unmount(): void {
    this.#unsubscribe();
    this.#abort.abort();
    clearTimeout(this.#tick);
    this.#announcer.stop();
    for (const element of [this.#pane, this.#ringing, this.#bar, this.#badge]) element.remove();
  }

  #mountLauncher(launcher: RingtagLauncher, signal: AbortSignal): void {
    this.#pane.closable = true;
    this.#bar.phone = this.#phone;
    const looks = new CSSStyleSheet();
    looks.replaceSync(openedCss);
    // After the launcher's own; in the place of the last one where it is mounted again.
    launcher.root.adoptedStyleSheets[1] = looks;
    launcher.dock.prepend(this.#pane, this.#bar);
    this.#badge.className = 'badge';
    launcher.dock.querySelector('.launcher')?.append(this.#badge);
    this.#pane.addEventListener(CLOSE_PANE, () => launcher.close(), { signal });
    this.#bar.addEventListener(SHOW_CALL, () => this.#showCall(), { signal });
    launcher.addEventListener(LAUNCHER_TOGGLED, () => this.#face(launcher, this.#phone.state), { signal });
  }

  #bePrimary(): void {
    const primary = isPrimary(this.#surface);
    this.#ringing.phone = primary ? this.#phone : null;
    if (primary) this.#surface.root.append(this.#ringing, this.#announcer.element);
  }

  #update(state: PhoneState): void {
    if (this.#surface instanceof RingtagLauncher) {
      const waits = state.notice?.kind === 'microphone-waits';
      if (waits && !this.#waits) this.#surface.openQuietly();
      this.#waits = waits;
      this.#openForCall(this.#surface, state);
      this.#face(this.#surface, state);
    }
    if (!isPrimary(this.#surface)) return;
    this.#announcer.update(state);
    this.#tellPage(state);
    this.#riseAbove();
  }

  /** A modal dialog of the page makes everything outside it inert, and calls with it. */
  #riseAbove(): void {
    const { calls } = this.#phone.state;
    const { activeElement: at } = document;
    // Within a component of the page may be one that no selector of the document finds.
    const mayBeModal = document.querySelector('dialog:modal') ?? (at !== this.#surface && at?.shadowRoot);
    if (calls.length > 0 && isPrimary(this.#surface) && mayBeModal)
      import('./above/above.ts').then(
        ({ riseAbove }) => riseAbove(this.#surface, this.#phone),
        () => {},
      );
  }

  /** A call that begins in this tab opens the pane; once it is over and dealt with, the pane goes again. */
  #openForCall(launcher: RingtagLauncher, state: PhoneState): void {
    const live = liveCall(state);
    const begins = live !== undefined && live.callId !== this.#liveCallId;
    this.#liveCallId = live?.callId ?? null;
    if (begins && state.leads && !live.elsewhere && !launcher.open) {
      this.#openedForCall = true;
      launcher.openQuietly();
    }
    if (this.#openedForCall && state.calls.length === 0 && !this.#pane.matches(':focus-within'))
      launcher.close();
    // Who stays in it after the call has it for something else.
    if (!launcher.open || state.calls.length === 0) this.#openedForCall = false;
  }

  #face(launcher: RingtagLauncher, state: PhoneState): void {
    const live = liveCall(state);
    launcher.showFace({
      ringing: ringingCalls(state).length > 0,
      time: live === undefined ? null : (elapsed(live) ?? '…'),
    });
    const unread = state.visitors?.unread ?? 0;
    const waiting = state.missed + unread;
    this.#badge.hidden = waiting === 0;
    this.#badge.textContent = waiting > 9 ? '9+' : String(waiting);
    const button = this.#badge.parentElement;
    if (button) {
      const words = [
        state.missed && texts().missedCalls(state.missed),
        unread && texts().fromVisitors(unread),
      ];
      button.title = words.filter(Boolean).join(', ');
    }
    launcher.dock.classList.toggle('dnd', state.doNotDisturb);
    launcher.dock.title = state.doNotDisturb ? texts().doNotDisturb : '';
    this.#bar.hidden = live === undefined || launcher.open;
    this.#ringing.toggleAttribute('beside-pane', launcher.open);
    clearTimeout(this.#tick);
    if (live?.activeSinceMs !== undefined)
      this.#tick = setTimeout(
        () => this.#face(launcher, this.#phone.state),
        untilNextSecondMs(live.activeSinceMs),
      );
  }

  #showCall(): void {
    if (this.#surface instanceof RingtagLauncher) this.#surface.openQuietly();
    this.#pane.focusCall();
  }

  #tellPage(state: PhoneState): void {
    const phases = new Map<string, string>();
    for (const call of state.calls) {
      phases.set(call.callId, call.phase);
      if (told.get(call.callId) !== call.phase) this.#dispatch(call);
    }
    told = phases;
  }

  #dispatch({ callId, hubCallId, phase, via, peer }: CallView): void {
    const detail: CallStateDetail = { callId: hubCallId ?? callId, state: phase, via, peer };
    this.#surface.dispatchEvent(
      new CustomEvent('ringtag-call-state', { detail, bubbles: true, composed: true }),
    );
  }
}
