// The tabs of one site as one phone: the one that leads carries it out, the others show what it says and send it what
// a person asks for in them. No secret passes between them.
import { lostOf, withoutTheirTab, wouldSuffer } from '../call/elsewhere.ts';
import {
  type Command,
  isTabMessage,
  nothingShared,
  type Shared,
  type TabMessage,
  toCommonTime,
  toOwnTime,
} from '../call/mirror.ts';
import { createTabLead, type TabLead } from '../host/tab-lead.ts';
import type { PhoneDeskOptions } from './options.ts';
import { Sight } from './sight.ts';

export interface SiteOptions
  extends Pick<PhoneDeskOptions, 'hub' | 'clock' | 'session' | 'socket' | 'line' | 'board'> {
  /** In the tab that leads: a command of any tab. */
  readonly perform: (command: Command) => void;
  readonly changed: () => void;
  /** Another tab leads from now on. */
  readonly lost: () => void;
}

export class Site {
  /** What the leading tab last said; in a tab that has just become it, until the hub has spoken. */
  shared: Shared = nothingShared;
  readonly #options: SiteOptions;
  readonly #lead: TabLead;
  readonly #sight: Sight;
  readonly #page = new AbortController();

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#lead = createTabLead({
      name: `ringtag ${options.hub}`,
      clock: options.clock,
      locks: navigator.locks,
      mayYield: () => options.board.lives.length === 0 && options.board.ringing?.via !== 'pbx',
      heardOfCall: () => wouldSuffer(this.shared.calls),
      gained: () => this.#gained(),
      lost: () => this.#lost(),
      message: (data) => this.#heard(data),
    });
    this.#sight = new Sight({
      page: document,
      post: (message) => this.#post(message),
      changed: () => this.showSight(),
    });
    const { signal } = this.#page;
    window.addEventListener('online', () => this.#hurry(), { signal });
    document.addEventListener('visibilitychange', () => this.#seen(), { signal });
    window.addEventListener('pageshow', () => this.#sight.look(), { signal });
    window.addEventListener('pagehide', () => this.#hidden(), { signal });
  }

  get leads(): boolean {
    return this.#lead.leads;
  }

  /** True once this tab leads; false when a call keeps the lead elsewhere. */
  takeOver(): Promise<boolean> {
    return this.#lead.takeOver();
  }

  /** Carries a command out here, or has it carried out by the tab that leads. */
  order(command: Command): void {
    if (this.leads) this.#options.perform(command);
    else this.#post({ ringtag: 'command', command });
  }

  /** `now`: the person has just done so, in this tab. */
  signedIn(now: boolean): void {
    if (now) this.#post({ ringtag: 'session', signedIn: true });
    this.#lead.join();
    this.#post({ ringtag: 'hello' });
    this.#sight.look();
  }

  signedOut(now: boolean): void {
    if (now) this.#post({ ringtag: 'session', signedIn: false });
    this.#lead.leave();
    this.shared = nothingShared;
  }

  /** The hub has told this tab how things stand. */
  online(): void {
    const { lastTarget, calls } = this.shared;
    this.shared = { ...nothingShared, lastTarget, calls: lostOf(calls) };
    this.showSight();
  }

  /** One lost with its tab is on no board: whatever is done to it takes it off. */
  forget(callId: string): void {
    this.shared = { ...this.shared, calls: this.shared.calls.filter((call) => call.callId !== callId) };
  }

  /** Tells the other tabs, where this one leads. */
  tell(shown: Shared): void {
    if (this.leads) this.#post({ ringtag: 'shared', shared: toCommonTime(shown, performance.timeOrigin) });
  }

  showSight(): void {
    if (this.leads) void this.#options.socket.say('device:visible', { visible: this.#sight.visible });
  }

  close(): void {
    this.#sight.look(true);
    this.#lead.close();
    this.#page.abort();
  }

  #post(message: TabMessage): void {
    this.#lead.post(message);
  }

  #gained(): void {
    this.#options.socket.open();
    // The tab that led is gone, or was silent for too long; what it carried has gone with it.
    this.shared = { ...this.shared, calls: withoutTheirTab(this.shared.calls) };
    this.#sight.ask();
    this.#options.changed();
  }

  #lost(): void {
    const { board, socket, lost } = this.#options;
    board.clear();
    socket.close();
    lost();
  }

  #seen(): void {
    this.#sight.look();
    this.#hurry();
  }

  #hidden(): void {
    this.#sight.look(true);
    this.#options.board.endAll({ reason: 'left' });
  }

  #hurry(): void {
    const { session, socket, line } = this.#options;
    session.hurry();
    if (document.visibilityState !== 'visible' || !this.leads) return;
    socket.hurry();
    line.hurry();
  }

  #heard(data: unknown): void {
    if (!isTabMessage(data)) return;
    const { session, changed, perform } = this.#options;
    switch (data.ringtag) {
      case 'shared':
        if (this.leads) return;
        this.shared = toOwnTime(data.shared, performance.timeOrigin);
        changed();
        break;
      case 'hello':
        if (this.leads) changed();
        break;
      case 'command':
        if (this.leads) perform(data.command);
        break;
      case 'visible':
        this.#sight.hear(data);
        break;
      case 'look':
        this.#sight.look();
        break;
      case 'session':
        if (data.signedIn && session.state.status === 'signed-out') void session.resume();
        if (!data.signedIn && session.state.status === 'signed-in') void session.ended();
        break;
      default:
        data satisfies never;
    }
  }
}
