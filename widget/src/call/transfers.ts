// Transfers that this person asks for: at once, or after a word with the other one. A room is transferred by the hub,
// which orders the other party's device to call; two telephone calls are joined by the exchange. Whatever fails, the
// calls are as they were.
import type { Peer, TransferProgress, TransferRequest } from '@ringtag/server/protocol';
import { TRANSFER_MS } from '@ringtag/server/protocol/limits';
import type { DialOrder } from './call.ts';
import type { CallList, Entry } from './call-list.ts';
import type { Clock } from './clock.ts';
import type { Result } from './errors.ts';
import type { CallView, PhoneErrorCode, PhoneTarget } from './phone.ts';
import type { Turns } from './turns.ts';

export interface TransfersOptions {
  readonly list: CallList;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly place: (order: DialOrder, hidden?: boolean) => Entry;
  readonly peerOf: (target: PhoneTarget) => Peer;
  readonly transfer: (hubCallId: string, request: TransferRequest) => Promise<Result<unknown>>;
  readonly refused: (code: PhoneErrorCode) => void;
}

type Shown = NonNullable<CallView['transfer']>;

export class Transfers {
  readonly #options: TransfersOptions;
  /** Telephone calls on their way to somebody whose telephone rings, by the call that is sent there. */
  readonly #joining = new Map<Entry, Entry>();
  readonly #timers = new Map<Entry, () => void>();
  /** Calls whose transfer the hub has taken on. */
  readonly #asked = new Set<Entry>();

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  send(entry: Entry, target: PhoneTarget): void {
    const { list, place, peerOf, turns, refused } = this.#options;
    if (!entry.runner.answered || this.#joining.has(entry)) return;
    if (entry.runner.via === 'room') void this.#ask(entry, peerOf(target), { to: target });
    else if (list.lives.length > 1) refused('TOO_MANY_CALLS');
    else {
      // The exchange's own unasked transfer lets go of the first call before it knows whether the other one answers.
      const second = place({ to: target, media: 'audio', way: 'pbx' }, true);
      turns.giveWay(second, entry, true);
      this.#joinWhenAnswered(entry, second);
    }
  }

  consult(entry: Entry, target: PhoneTarget): void {
    const { place, turns } = this.#options;
    const way = entry.runner.via === 'pbx' ? 'pbx' : 'auto';
    const second = place({ to: target, media: 'audio', way });
    turns.giveWay(second, entry, true);
    second.runner.change({ consultFor: entry.runner.callId });
  }

  /** Joins the two calls that `entry` is one of. */
  complete(entry: Entry): void {
    const pair = this.#options.list.lives.filter(({ hidden }) => !hidden);
    const asks = pair.find(({ runner }) => runner.view().consultFor !== undefined);
    const second = asks ?? pair[1];
    const first = pair.find((other) => other !== second);
    if (!first?.runner.answered || !second || !pair.includes(entry)) return;
    const byTelephone = [first, second].filter(({ runner }) => runner.via === 'pbx');
    if (!second.runner.answered) this.#completeUnanswered(first, second);
    else if (byTelephone.length === 2) void this.#refer(first, second);
    else {
      // Of a mixed pair the hub can order only the party in the room, who then takes the telephone call's place.
      const [asked, joined] = first.runner.via === 'room' ? [first, second] : [second, first];
      const { hubCallId = joined.runner.callId, leg, peer } = joined.runner;
      const dialog = leg?.dialog;
      void this.#ask(asked, peer, { with: hubCallId, ...(dialog ? { dialog, peer } : {}) });
      this.#join(asked, joined);
    }
  }

  /** Calls off what waits for an answer to be joined: the person wants to talk again. */
  callOff(entry: Entry): void {
    const second = this.#joining.get(entry);
    if (!second) return;
    this.#joining.delete(entry);
    entry.runner.change({ transfer: undefined });
    second.runner.hangUp();
  }

  hear({ callId, state, code, message }: TransferProgress): void {
    const entry = this.#options.list.find(callId);
    const to = entry?.runner.view().transfer?.to;
    if (!entry || !to) return;
    if (state === 'failed') this.#fail(entry, (code ?? 'TRANSFER_REFUSED') as Shown['code'], message);
    else if (state !== 'answered') this.#show(entry, { to, state });
  }

  /** The hub knows of these alone; what it was asked before it was started again, it has forgotten (SPEC T6). */
  keep(callIds: readonly string[]): void {
    for (const entry of this.#asked)
      if (!callIds.includes(entry.runner.hubCallId ?? '')) this.#fail(entry, 'TRANSFER_REFUSED');
  }

  /** Nobody has answered the question yet: they are called without it. */
  #completeUnanswered(first: Entry, second: Entry): void {
    if (first.runner.via === 'pbx' && second.runner.via === 'pbx') {
      second.hidden = true;
      this.#joinWhenAnswered(first, second);
      return;
    }
    second.hidden = true;
    second.runner.hangUp();
    if (second.target) this.send(first, second.target);
  }

  /** Until it has failed, the end of `joined` is that of both, and one card is enough to say so. */
  #join(asked: Entry, joined: Entry): void {
    joined.joining = true;
    const watch = () => {
      const { state = 'failed' } = asked.runner.view().transfer ?? {};
      if (state === 'failed') joined.joining = false;
      else if (joined.runner.phase !== 'ended') return;
      else joined.hidden = true;
      joined.watchers.delete(watch);
      asked.watchers.delete(watch);
    };
    joined.watchers.add(watch);
    asked.watchers.add(watch);
  }

  async #ask(entry: Entry, to: Peer, request: TransferRequest): Promise<void> {
    const { hubCallId } = entry.runner;
    if (!hubCallId || !entry.runner.answered) return;
    this.#show(entry, { to, state: 'calling' });
    const asked = await this.#options.transfer(hubCallId, request);
    if (!asked.ok) this.#fail(entry, asked.code);
    else if (entry.runner.view().transfer?.state !== 'failed') this.#asked.add(entry);
  }

  #joinWhenAnswered(first: Entry, second: Entry): void {
    const to = second.runner.peer;
    this.#joining.set(first, second);
    first.runner.change({ transfer: { to, state: 'calling' } });
    const watch = () => {
      const { runner } = second;
      if (this.#joining.get(first) !== second) second.watchers.delete(watch);
      else if (runner.phase === 'active') {
        this.#joining.delete(first);
        void this.#refer(first, second);
      } else if (runner.phase === 'ended') {
        this.#joining.delete(first);
        const { code, reason, message } = runner.end ?? {};
        this.#fail(first, code ?? (reason as Shown['code']), message);
      } else if (runner.peerRings && first.runner.view().transfer?.state === 'calling') {
        first.runner.change({ transfer: { to, state: 'ringing' } });
      }
    };
    second.watchers.add(watch);
    first.watchers.add(() => {
      if (first.runner.phase === 'ended') this.callOff(first);
    });
  }

  async #refer(first: Entry, second: Entry): Promise<void> {
    const { leg } = first.runner;
    const other = second.runner.leg;
    first.runner.change({ transfer: { to: second.runner.peer, state: 'calling' } });
    this.#join(first, second);
    const joined = other && (await leg?.refer?.({ replaces: other }));
    if (joined?.ok) {
      second.hidden = true;
      for (const { runner } of [second, first]) runner.hangUp({ reason: 'transferred' });
    } else {
      this.#fail(first, joined?.code ?? 'TRANSFER_REFUSED');
      if (second.hidden) second.runner.hangUp();
    }
  }

  /** What the hub says no more about has come to nothing. */
  #show(entry: Entry, transfer: Shown): void {
    this.#timers.get(entry)?.();
    this.#timers.set(
      entry,
      this.#options.clock.after(TRANSFER_MS, () => this.#fail(entry, 'TRANSFER_REFUSED')),
    );
    entry.runner.change({ transfer });
  }

  #fail(entry: Entry, code: Shown['code'], message?: string): void {
    this.#timers.get(entry)?.();
    this.#timers.delete(entry);
    this.#asked.delete(entry);
    const to = entry.runner.view().transfer?.to;
    if (!to || !entry.runner.live) return;
    entry.runner.change({
      transfer: { to, state: 'failed', ...(code ? { code } : {}), ...(message ? { message } : {}) },
    });
  }
}
