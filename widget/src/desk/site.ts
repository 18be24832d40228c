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
import type { CallView } from '../call/phone.ts';
import { createTabLead, type TabLead } from '../host/tab-lead.ts';
import { LeadOnSight } from './lead-on-sight.ts';
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
  readonly #leadOnSight: LeadOnSight;
  readonly #page = new AbortController();
  #joined = false;
  #going = false;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#lead = createTabLead({
      name: `ringtag ${options.hub}`,
      clock: options.clock,
      locks: navigator.locks,
      mayYield: (wish) => (wish === 'seen' ? this.#isIdleBehind() : this.#isFree()),
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
    this.#leadOnSight = new LeadOnSight({
      clock: options.clock,
      wants: () => this.#wantsLead(),
      take: () => void this.#lead.takeOver('seen'),
    });
    const { signal } = this.#page;
    window.addEventListener('online', () => this.#hurry(), { signal });
    document.addEventListener('visibilitychange', () => this.#seen(), { signal });
    window.addEventListener('pageshow', () => this.#shown(), { signal });
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
    this.#joined = true;
    this.#look();
  }

  signedOut(now: boolean): void {
    if (now) this.#post({ ringtag: 'session', signedIn: false });
    this.#lead.leave();
    this.#joined = false;
    this.#leadOnSight.stop();
    this.shared = nothingShared;
  }

  /** The hub has told this tab how things stand. */
  online(): void {
    const { lastTarget, missed, calls, visitors } = this.shared;
    this.shared = { ...nothingShared, lastTarget, missed, visitors, calls: lostOf(calls) };
    this.showSight();
  }

  /** One lost with its tab is on no board: whatever is done to it takes it off. */
  forget(callId: string): void {
    this.shared = { ...this.shared, calls: this.shared.calls.filter((call) => call.callId !== callId) };
  }

  /** Tells the other tabs, where this one leads. */
  tell(shown: Shared): void {
    if (this.leads && !this.#going)
      this.#post({ ringtag: 'shared', shared: toCommonTime(shown, performance.timeOrigin) });
  }

  showSight(): void {
    if (this.leads) void this.#options.socket.say('device:visible', { visible: this.#sight.visible });
  }

  close(): void {
    this.#sight.look(true);
    this.#leadOnSight.stop();
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
    this.#look();
    this.#hurry();
  }

  #shown(): void {
    this.#going = false;
    this.#look();
  }

  #look(): void {
    this.#sight.look();
    this.#leadOnSight.look();
  }

  #wantsLead(): boolean {
    return this.#joined && !this.leads && isInSight() && this.shared.calls.every(isElsewhere);
  }

  #isFree(): boolean {
    const { lives, ringing } = this.#options.board;
    return lives.length === 0 && ringing?.via !== 'pbx';
  }

  /** Not in sight, and with nothing on the screen that the change would take off. */
  #isIdleBehind(): boolean {
    return !isInSight() && this.#options.board.views.length === 0 && this.shared.calls.length === 0;
  }

  #hidden(): void {
    this.#sight.look(true);
    this.#leadOnSight.stop();
    // It is not the other side that left: the tab that has this one's place says that the call was lost.
    this.#going = true;
    this.#options.board.endAll({ reason: 'left' });
  }

  #hurry(): void {
    const { session, socket, line } = this.#options;
    session.hurry();
    if (!isInSight() || !this.leads) return;
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
        this.#leadOnSight.look();
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
        this.#leadOnSight.look();
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

function isInSight(): boolean {
  return document.visibilityState === 'visible';
}

/** Another device carries it: whichever tab leads here makes no difference. */
function isElsewhere({ elsewhere }: CallView): boolean {
  return elsewhere !== undefined;
}
