// The phone as the elements see it, in a tab that leads or in one that only shows: brings the person's commands to
// those who carry them out, and puts together what is shown. Calls themselves are the board's business.
import type { HistoryPage, MediaKind, Person, ResolveItem } from '@ringtag/server/protocol';
import type { Command, Shared } from '../call/mirror.ts';
import type {
  Devices,
  Phone,
  PhoneErrorCode,
  PhoneNotice,
  PhoneState,
  PhoneTarget,
  SignInView,
} from '../call/phone.ts';
import { createObservable, startingState } from '../call/state.ts';
import type { SessionState } from '../hub/session.ts';
import { named } from '../i18n/index.ts';
import type { Visits } from '../visits/book.ts';
import { Account } from './account.ts';
import { type CallCommand, perform } from './commands.ts';
import type { PhoneDeskOptions } from './options.ts';
import { OtherDevices } from './other-devices.ts';
import { PopOut } from './pop-out.ts';
import { Site } from './site.ts';
import { stateOf } from './state-of.ts';
import { Surroundings } from './surroundings.ts';
import { Visitors } from './visitors.ts';
import { Wire } from './wire.ts';

/** Longest wait for the hub before a call that was asked for is given up. */
const ONLINE_MS = 8_000;
/** A refusal that belongs on no call is shown this long. */
const ERROR_SHOWN_MS = 8_000;

export class PhoneDesk implements Phone {
  readonly devicesPageUrl: string;
  /** What the hub's socket says to the desk. */
  readonly wire: Wire;
  readonly visitors: Visitors;
  readonly #options: PhoneDeskOptions;
  readonly #site: Site;
  readonly #account: Account;
  readonly #others: OtherDevices;
  readonly #popOut: PopOut;
  readonly #surroundings: Surroundings;
  readonly #observable = createObservable<PhoneState>(startingState);
  readonly #changes = new Set<() => void>();
  #signInView: SignInView & { readonly busy: boolean } = { busy: false };
  #soundBlocked = false;
  #error: PhoneErrorCode | null = null;
  #cancelError = () => {};
  #notice: PhoneNotice | null = null;

  constructor(options: PhoneDeskOptions) {
    const { hub, clock, socket } = options;
    const changed = () => this.changed();
    const refused = (code: PhoneErrorCode) => this.refused(code);
    this.#options = options;
    this.devicesPageUrl = new URL('/devices', hub).href;
    this.#account = new Account({ ...options, changed, refused });
    this.visitors = new Visitors({ ...options, changed });
    this.#others = new OtherDevices({
      clock,
      show: (event) => socket.say('calls:show', event),
      steer: (event) => socket.say('calls:steer', event),
    });
    this.#site = new Site({
      ...options,
      changed,
      perform: (command) => this.#perform(command),
      lost: () => {
        this.wire.lost();
        changed();
      },
    });
    this.#popOut = new PopOut({
      ...options,
      page: window,
      changed,
      blocked: () => this.notify({ kind: 'popup-blocked' }),
      opened: (deviceId) => this.#site.order({ name: 'move', deviceId }),
      online: async () => ((await this.whenOnline()) ? this.wire.deviceId : undefined),
    });
    this.#surroundings = new Surroundings(options);
    this.wire = new Wire({
      ...options,
      ...{ account: this.#account, others: this.#others, site: this.#site, popOut: this.#popOut },
      ...{ visitors: this.visitors, changed, refused },
    });
  }

  /** Finds out whether this browser is signed in, and goes on from there. */
  async start(): Promise<void> {
    const { session, signIn } = this.#options;
    if (!window.isSecureContext) this.#signInView = { busy: false, error: 'INSECURE_PAGE' };
    else if (await this.#popOut.join()) return;
    else if (!(await signIn.finishReturn()) || session.state.status !== 'signed-in') return session.resume();
    this.changed();
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
    // Beside a call of another tab it is made there: the microphone is open there already.
    void this.#site.takeOver().then(() => this.#site.order({ name: 'call', target, media }));
  }

  answer(callId: string, media?: MediaKind): void {
    this.#clearError();
    const command: Command = { name: 'answer', callId, ...(media ? { media } : {}) };
    const call = this.state.calls.find((view) => view.callId === callId);
    // An INVITE is bound to the connection of the tab that got it; a room call rings in whichever tab connects.
    if (this.#site.leads || call?.via !== 'room') this.#site.order(command);
    else void this.#answerHere(command);
  }

  decline(callId: string, message?: string): void {
    this.#site.order({ name: 'decline', callId, ...(message ? { message } : {}) });
  }

  hangUp(callId: string): void {
    this.#site.order({ name: 'hangUp', callId });
  }

  dismiss(callId: string): void {
    this.#site.order({ name: 'dismiss', callId });
  }

  setMuted(callId: string, on: boolean): void {
    this.#site.order({ name: 'setMuted', callId, on });
  }

  setHeld(callId: string, on: boolean): void {
    this.#site.order({ name: 'setHeld', callId, on });
  }

  setVideo(callId: string, on: boolean): void {
    this.#site.order({ name: 'setVideo', callId, on });
  }

  sendDigits(callId: string, digits: string): void {
    this.#site.order({ name: 'sendDigits', callId, digits });
  }

  ringDeskPhone(callId: string): void {
    this.#site.order({ name: 'ringDeskPhone', callId });
  }

  swap(callId: string): void {
    this.#site.order({ name: 'swap', callId });
  }

  transfer(callId: string, target: PhoneTarget): void {
    this.#site.order({ name: 'transfer', callId, target });
  }

  consult(callId: string, target: PhoneTarget): void {
    this.#site.order({ name: 'consult', callId, target });
  }

  completeTransfer(callId: string): void {
    this.#site.order({ name: 'completeTransfer', callId });
  }

  redial(): void {
    const target = this.#lastTarget;
    if (target) this.call(target);
  }

  setDoNotDisturb(on: boolean, forMs?: number): void {
    void this.#account.setDoNotDisturb(on, forMs);
  }

  history(before?: string): Promise<HistoryPage | null> {
    return this.#account.history(before);
  }

  lookAtRecent(): void {
    this.#site.order({ name: 'lookAtRecent' });
  }

  popOut(): void {
    this.#popOut.open(this.#shown.popOut);
  }

  showCall(callId: string): void {
    const call = this.state.calls.find((view) => view.callId === callId);
    if (call?.elsewhere?.popOut) this.#popOut.show();
    this.#site.order({ name: 'showCall', callId });
  }

  dismissNotice(): void {
    this.notify(null);
    this.#site.order({ name: 'dismissNotice' });
  }

  streams(callId: string): { readonly local: MediaStream | null; readonly remote: MediaStream | null } {
    const call = this.#options.board.find(callId);
    return { local: call?.local ?? null, remote: call?.remote ?? null };
  }

  devices(): Promise<Devices> {
    return this.#options.devices();
  }

  visits(): Promise<Visits> {
    return this.#options.visits();
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
    const { board, session, signIn } = this.#options;
    board.clear();
    session.close();
    signIn.cancel();
    this.#site.close();
    this.#surroundings.close();
  }

  // What the parts tell.

  sessionChanged(state: SessionState): void {
    const wasSignedIn = this.state.me !== null;
    if (state.status === 'signed-in') {
      if (!wasSignedIn) this.#site.signedIn(this.state.status !== 'starting');
    } else if (state.status === 'signed-out') {
      this.#options.board.endAll({ reason: 'signed-out' });
      this.#site.signedOut(wasSignedIn);
      this.#account.forget();
      this.visitors.forget();
      this.#options.signIn.prepare();
    }
    this.changed();
  }

  showSignIn(view: SignInView & { readonly busy: boolean }): void {
    this.#signInView = view;
    this.changed();
  }

  soundChanged(blocked: boolean): void {
    this.#soundBlocked = blocked;
    this.changed();
  }

  /** Something that happened by itself and is worth a word; `null` takes it off. */
  notify(notice: PhoneNotice | null): void {
    this.#notice = notice;
    this.changed();
  }

  /** The tab of a call is hidden, and its browser holds the microphone until it is seen; or no longer. */
  microphoneWaits(waits: boolean): void {
    if (waits || this.#notice?.kind === 'microphone-waits')
      this.notify(waits ? { kind: 'microphone-waits' } : null);
  }

  refused(code: PhoneErrorCode): void {
    this.#cancelError();
    this.#error = code;
    this.#cancelError = this.#options.clock.after(ERROR_SHOWN_MS, () => this.#clearError());
    this.changed();
  }

  /** True once the hub has greeted this tab; false if it does not in time. */
  whenOnline(): Promise<boolean> {
    return this.#until(() => this.#options.socket.ready);
  }

  /** Puts together anew what is shown, and brings everything else in line with it. */
  changed(): void {
    const { session, board } = this.#options;
    const { leads } = this.#site;
    if (leads) this.#account.missed.follow(board.views);
    const shown = this.#shown;
    this.#observable.set(
      stateOf({
        session: session.state,
        leads,
        signIn: this.#signInView,
        shown,
        popOut: this.#popOut.state(shown.popOut),
        canRedial: this.#lastTarget !== null,
      }),
    );
    this.#site.tell(shown);
    if (leads) this.#others.show(board.views);
    else this.visitors.follow(shown.visitors);
    const { telephone, aloud } = this.wire;
    this.#surroundings.agree({ leads, aloud, telephone: telephone && this.state.me !== null });
    for (const check of [...this.#changes]) check();
  }

  /** What this tab knows if it leads; else what the leading one said, and what happened in this tab alone. */
  get #shown(): Shared {
    const { socket, board } = this.#options;
    const { leads, shared } = this.#site;
    const error = this.#error;
    const notice = this.#notice;
    if (!leads) return { ...shared, error: error ?? shared.error, notice: notice ?? shared.notice };
    return {
      ready: socket.ready,
      telephone: this.wire.telephone,
      soundBlocked: this.#soundBlocked,
      calls: [...shared.calls, ...board.views, ...this.#others.views].map((call) => ({
        ...call,
        peer: named(call.peer),
      })),
      doNotDisturb: this.#account.doNotDisturb,
      quietUntilMs: this.#account.quietUntilMs,
      missed: this.#account.missed.count ?? shared.missed,
      popOut: this.#others.popOut,
      lastTarget: board.lastTarget ?? shared.lastTarget,
      ...{ error, notice },
      visitors: this.visitors.news ?? shared.visitors,
    };
  }

  get #lastTarget(): PhoneTarget | null {
    return this.#shown.lastTarget ?? this.#account.lastCalled;
  }

  async #answerHere(command: Extract<Command, { name: 'answer' }>): Promise<void> {
    const { callId } = command;
    // It rings on every connection of this person, this new one included (SPEC C2).
    const here = () => this.#options.board.find(callId) !== undefined;
    if (!(await this.#site.takeOver()) || (await this.#until(here))) this.#site.order(command);
  }

  #perform(command: Command): void {
    if (command.name === 'move') this.wire.moveTo(command.deviceId);
    else if (command.name === 'dismissNotice') this.notify(null);
    else if (command.name === 'lookAtRecent') {
      this.#account.missed.looked();
      this.changed();
    } else this.#performOnCall(command);
  }

  #performOnCall(command: CallCommand): void {
    const refused = (code: PhoneErrorCode) => this.refused(code);
    if (command.name === 'hangUp' || command.name === 'dismiss') this.#site.forget(command.callId);
    perform(command, { board: this.#options.board, others: this.#others, refused });
    this.changed();
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
    this.changed();
  }
}
