// The phone as the elements see it, in a tab that leads or in one that only shows: decides who carries out a command,
// when to be connected, and what the state of the whole is. Calls themselves are the board's business.
import type { HistoryPage, MediaKind, Person, ResolveItem, Snapshot } from '@ringtag/server/protocol';
import type { CallBoard } from './call/board.ts';
import type { Clock } from './call/clock.ts';
import { lostOf, withoutTheirTab, wouldSuffer } from './call/elsewhere.ts';
import {
  type Command,
  isTabMessage,
  nothingShared,
  type Shared,
  type TabMessage,
  toCommonTime,
  toOwnTime,
} from './call/mirror.ts';
import type {
  Devices,
  Phone,
  PhoneErrorCode,
  PhoneState,
  PhoneStatus,
  PhoneTarget,
  SignInView,
} from './call/phone.ts';
import { createObservable, startingState } from './call/state.ts';
import type { Attention } from './host/attention.ts';
import type { Sound } from './host/sound.ts';
import { createTabLead, type TabLead } from './host/tab-lead.ts';
import type { Directory } from './hub/directory.ts';
import type { Session, SessionState } from './hub/session.ts';
import type { SignIn } from './hub/sign-in.ts';
import type { HubSocket } from './hub/socket.ts';

/** Longest wait for the hub before a call that was asked for is given up. */
const ONLINE_MS = 8_000;
/** A refusal that belongs on no call is shown this long. */
const ERROR_SHOWN_MS = 8_000;

export interface PhoneDeskOptions {
  /** Origin of the hub: tabs lead per hub. */
  readonly hub: string;
  readonly clock: Clock;
  readonly session: Session;
  readonly signIn: SignIn;
  readonly socket: HubSocket;
  readonly line: { open(): void; close(): void; hurry(): void };
  readonly board: CallBoard;
  readonly directory: Directory;
  readonly sound: Sound;
  readonly attention: Attention;
  /** "Alice Almeida is calling", in the page's language. */
  readonly callingText: (name: string) => string;
}

export class PhoneDesk implements Phone {
  readonly #options: PhoneDeskOptions;
  readonly #lead: TabLead;
  readonly #observable = createObservable<PhoneState>(startingState);
  readonly #page = new AbortController();
  #signInView: SignInView & { readonly busy: boolean } = { busy: false };
  /** What the leading tab last said; in a tab that has just become it, until the hub has spoken. */
  #shared: Shared = nothingShared;
  #telephone = false;
  #soundBlocked = false;
  #error: PhoneErrorCode | null = null;
  #cancelError = () => {};
  #asksBeforeLeaving: AbortController | undefined;
  readonly #changes = new Set<() => void>();

  constructor(options: PhoneDeskOptions) {
    this.#options = options;
    this.#lead = createTabLead({
      name: `ringtag ${options.hub}`,
      clock: options.clock,
      locks: navigator.locks,
      mayYield: () => this.#mayYield,
      heardOfCall: () => wouldSuffer(this.#shared.calls),
      gained: () => this.#gained(),
      lost: () => this.#lost(),
      message: (data) => this.#heard(data),
    });
    const { signal } = this.#page;
    window.addEventListener('online', () => this.#hurry(), { signal });
    document.addEventListener('visibilitychange', () => this.#hurry(), { signal });
    window.addEventListener('pagehide', () => options.board.endAll({ reason: 'left' }), { signal });
  }

  /** Finds out whether this browser is signed in, and goes on from there. */
  async start(): Promise<void> {
    const { session, signIn } = this.#options;
    if (!window.isSecureContext) this.#signInView = { busy: false, error: 'INSECURE_PAGE' };
    else if (!(await signIn.finishReturn()) || session.state.status !== 'signed-in') return session.resume();
    this.#publish();
  }

  get state(): PhoneState {
    return this.#observable.value;
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    return this.#observable.subscribe(listener);
  }

  signIn(): void {
    this.#options.signIn.begin();
  }

  signInHere(): void {
    void this.#options.signIn.beginHere();
  }

  cancelSignIn(): void {
    this.#options.signIn.cancel();
  }

  signOut(): Promise<void> {
    return this.#options.session.signOut();
  }

  call(target: PhoneTarget, media: MediaKind = 'audio'): void {
    this.#clearError();
    void this.#lead.takeOver().then((leads) => {
      if (leads) this.#options.board.call(target, media);
      else this.refused('ALREADY_IN_CALL');
    });
  }

  answer(callId: string, media?: MediaKind): void {
    this.#clearError();
    const command: Command = { name: 'answer', callId, ...(media ? { media } : {}) };
    const call = this.state.calls.find((view) => view.callId === callId);
    // An INVITE is bound to the connection of the tab that got it; a room call rings in whichever tab connects.
    if (this.#lead.leads || call?.via !== 'room') this.#order(command);
    else void this.#answerHere(command);
  }

  decline(callId: string, message?: string): void {
    this.#order({ name: 'decline', callId, ...(message ? { message } : {}) });
  }

  hangUp(callId: string): void {
    this.#order({ name: 'hangUp', callId });
  }

  dismiss(callId: string): void {
    this.#order({ name: 'dismiss', callId });
  }

  setMuted(callId: string, muted: boolean): void {
    this.#order({ name: 'setMuted', callId, on: muted });
  }

  setHeld(callId: string, held: boolean): void {
    this.#order({ name: 'setHeld', callId, on: held });
  }

  setVideo(callId: string, on: boolean): void {
    this.#order({ name: 'setVideo', callId, on });
  }

  sendDigits(callId: string, digits: string): void {
    this.#order({ name: 'sendDigits', callId, digits });
  }

  ringDeskPhone(callId: string): void {
    this.#order({ name: 'ringDeskPhone', callId });
  }

  // Issue of the moment: these follow with the two-call board.
  swap(_callId: string): void {}
  transfer(_callId: string, _target: PhoneTarget): void {}
  consult(_callId: string, _target: PhoneTarget): void {}
  completeTransfer(_callId: string): void {}
  redial(): void {}
  setDoNotDisturb(_on: boolean, _forMs?: number): void {}
  async history(_before?: string): Promise<HistoryPage | null> {
    return null;
  }
  popOut(): void {}
  showCall(_callId: string): void {}
  dismissNotice(): void {}
  readonly devicesPageUrl = '';
  readonly devices = noDevices;

  streams(callId: string): { readonly local: MediaStream | null; readonly remote: MediaStream | null } {
    const call = this.#options.board.find(callId);
    return { local: call?.local ?? null, remote: call?.remote ?? null };
  }

  search(query: string, signal: AbortSignal): Promise<readonly Person[]> {
    return this.#options.directory.search(query, signal);
  }

  resolve(items: readonly ResolveItem[]): Promise<readonly (Person | null)[]> {
    return this.#options.directory.resolve(items);
  }

  unblockSound(): void {
    this.#options.sound.unblock();
  }

  close(): void {
    const { board, session, signIn, sound, attention } = this.#options;
    board.clear();
    session.close();
    signIn.cancel();
    this.#lead.close();
    this.#page.abort();
    this.#asksBeforeLeaving?.abort();
    sound.close();
    attention.call(null);
  }

  // What the parts tell.

  sessionChanged(state: SessionState): void {
    const before = this.state.me !== null;
    if (state.status === 'signed-in') {
      if (!before && this.state.status !== 'starting') this.#tell({ ringtag: 'session', signedIn: true });
      this.#lead.join();
      if (!before) this.#tell({ ringtag: 'hello' });
    } else if (state.status === 'signed-out') {
      this.#options.board.endAll({ reason: 'signed-out' });
      if (before) this.#tell({ ringtag: 'session', signedIn: false });
      this.#lead.leave();
      this.#shared = nothingShared;
      this.#options.signIn.prepare();
    }
    this.#publish();
  }

  async sessionEnded(): Promise<void> {
    await this.#options.session.ended();
  }

  showSignIn(view: SignInView & { readonly busy: boolean }): void {
    this.#signInView = view;
    this.#publish();
  }

  online(snapshot: Snapshot): void {
    this.#telephone = snapshot.pbx;
    this.#shared = { ...nothingShared, calls: lostOf(this.#shared.calls) };
    this.#publish();
  }

  offline(): void {
    this.#publish();
  }

  telephoneChanged(available: boolean): void {
    this.#telephone = available;
    this.#publish();
  }

  callsChanged(): void {
    this.#publish();
  }

  soundChanged(blocked: boolean): void {
    this.#soundBlocked = blocked;
    this.#publish();
  }

  refused(code: PhoneErrorCode): void {
    this.#cancelError();
    this.#error = code;
    this.#cancelError = this.#options.clock.after(ERROR_SHOWN_MS, () => this.#clearError());
    this.#publish();
  }

  /** True once the hub has greeted this tab; false if it does not in time. */
  whenOnline(): Promise<boolean> {
    return this.#until(() => this.#options.socket.ready);
  }

  get #mayYield(): boolean {
    const { board } = this.#options;
    return board.lives.length === 0 && board.ringing?.via !== 'pbx';
  }

  #gained(): void {
    this.#options.socket.open();
    // The tab that led is gone, or was silent for too long; what it carried has gone with it.
    this.#shared = { ...this.#shared, calls: withoutTheirTab(this.#shared.calls) };
    this.#publish();
  }

  #lost(): void {
    this.#telephone = false;
    const { board, socket } = this.#options;
    board.clear();
    socket.close();
    this.#publish();
  }

  #hurry(): void {
    this.#options.session.hurry();
    if (document.visibilityState !== 'visible' || !this.#lead.leads) return;
    this.#options.socket.hurry();
    this.#options.line.hurry();
  }

  #heard(data: unknown): void {
    if (!isTabMessage(data)) return;
    const { session } = this.#options;
    switch (data.ringtag) {
      case 'shared':
        if (this.#lead.leads) return;
        this.#shared = toOwnTime(data.shared, performance.timeOrigin);
        this.#publish();
        break;
      case 'hello':
        if (this.#lead.leads) this.#publish();
        break;
      case 'command':
        if (this.#lead.leads) this.#perform(data.command);
        break;
      case 'session':
        if (data.signedIn && session.state.status === 'signed-out') void session.resume();
        if (!data.signedIn && session.state.status === 'signed-in') void session.ended();
        break;
      default:
        data satisfies never;
    }
  }

  #tell(message: TabMessage): void {
    this.#lead.post(message);
  }

  /** Carries a command out here, or has it carried out by the tab that holds the call. */
  #order(command: Command): void {
    if (this.#lead.leads) this.#perform(command);
    else this.#tell({ ringtag: 'command', command });
  }

  async #answerHere(command: Extract<Command, { name: 'answer' }>): Promise<void> {
    const { callId } = command;
    if (!(await this.#lead.takeOver())) return this.#order(command);
    // It rings on every connection of this person, this new one included (SPEC C2).
    if (await this.#until(() => this.#options.board.find(callId) !== undefined)) this.#perform(command);
  }

  #perform(command: Command): void {
    const { board } = this.#options;
    const call = board.find(command.callId);
    switch (command.name) {
      case 'answer':
        void board.answer(command.callId, command.media);
        break;
      case 'decline':
        call?.decline(command.message);
        break;
      case 'hangUp':
      case 'dismiss':
      case 'ringDeskPhone':
        board[command.name](command.callId);
        // One lost with its tab is on no board: whatever is done to it takes it off.
        this.#shared = {
          ...this.#shared,
          calls: this.#shared.calls.filter(({ callId }) => callId !== command.callId),
        };
        this.#publish();
        break;
      case 'setMuted':
      case 'setHeld':
        call?.[command.name](command.on);
        break;
      case 'setVideo':
        void call?.setVideo(command.on).then((code) => code && this.refused(code));
        break;
      case 'sendDigits':
        call?.sendDigits(command.digits);
        break;
      default:
        command satisfies never;
    }
  }

  /** Waits for a change after which `holds`; false if none comes in time. */
  #until(holds: () => boolean): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (held: boolean) => {
        cancel();
        this.#changes.delete(check);
        resolve(held);
      };
      const check = () => holds() && settle(true);
      const cancel = this.#options.clock.after(ONLINE_MS, () => settle(false));
      this.#changes.add(check);
    });
  }

  #clearError(): void {
    if (this.#error === null) return;
    this.#cancelError();
    this.#error = null;
    this.#publish();
  }

  #publish(): void {
    const { session, board, socket } = this.#options;
    const leads = this.#lead.leads;
    const own: Shared = {
      ready: socket.ready,
      telephone: this.#telephone,
      soundBlocked: this.#soundBlocked,
      calls: board.views,
    };
    const shown = leads ? { ...own, calls: [...this.#shared.calls, ...own.calls] } : this.#shared;
    const { busy, ...signIn } = this.#signInView;
    this.#observable.set({
      status: statusOf(session.state, {
        busy,
        ready: shown.ready,
        insecure: signIn.error === 'INSECURE_PAGE',
      }),
      leads,
      me: session.state.status === 'signed-in' ? session.state.me : null,
      signIn,
      calls: shown.calls,
      telephone: shown.telephone,
      soundBlocked: shown.soundBlocked,
      error: this.#error,
      doNotDisturb: false,
      popOut: 'closed',
      notice: null,
      canRedial: false,
    });
    if (leads) this.#tell({ ringtag: 'shared', shared: toCommonTime(shown, performance.timeOrigin) });
    this.#tend(leads);
    for (const check of [...this.#changes]) check();
  }

  /** Brings line, sound and the question before leaving in line with the calls; a tab that does not lead is silent. */
  #tend(leads: boolean): void {
    const { board, line, sound, attention, callingText } = this.#options;
    const live = leads ? board.live : undefined;
    const ringing = leads ? board.ringing : undefined;
    // A telephone call that runs keeps its line, whatever the hub thinks of the exchange.
    if (leads && this.#telephone && this.state.me) line.open();
    else if (live?.via !== 'pbx') line.close();
    const waits = live?.direction === 'out' && live.phase === 'dialing' && live.peerRings;
    sound.play(ringing && !live ? 'ring' : waits ? 'ringback' : null);
    sound.attach(live?.remote ?? null);
    attention.call(ringing ? callingText(ringing.peer.name) : null);
    this.#askBeforeLeaving(live !== undefined);
  }

  /** Only while there is a call: a listener that stays would keep the page out of the back/forward cache. */
  #askBeforeLeaving(ask: boolean): void {
    if (ask === (this.#asksBeforeLeaving !== undefined)) return;
    this.#asksBeforeLeaving?.abort();
    this.#asksBeforeLeaving = undefined;
    if (!ask) return;
    const asking = new AbortController();
    this.#asksBeforeLeaving = asking;
    window.addEventListener('beforeunload', (event) => event.preventDefault(), { signal: asking.signal });
  }
}

const noDevices: Devices = {
  state: {
    microphone: 'unknown',
    camera: 'unknown',
    options: { microphone: [], speaker: [], ringer: [], camera: [] },
    chosen: {},
    canChooseSpeaker: false,
    test: 'idle',
    notifications: 'unsupported',
    error: null,
  },
  subscribe: () => () => {},
  choose() {},
  watchLevel: () => () => {},
  testMicrophone: async () => {},
  stopTest() {},
  testSpeaker: async () => {},
  openCamera: async () => null,
  askNotifications: async () => {},
};

function statusOf(
  session: SessionState,
  facts: { readonly busy: boolean; readonly ready: boolean; readonly insecure: boolean },
): PhoneStatus {
  if (facts.insecure) return 'signed-out';
  if (session.status === 'signed-in') return facts.ready ? 'ready' : 'connecting';
  return facts.busy ? 'signing-in' : session.status;
}
