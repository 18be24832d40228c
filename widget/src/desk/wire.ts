// What the hub says to the desk over the socket, beside what concerns one room: how things stand, what other devices
// carry, transfers, calls that may move, do-not-disturb.
import type { MoveOffer, Snapshot, SteerCall } from '@ringtag/server/protocol';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { WireSocket } from '../hub/socket.ts';
import type { Account } from './account.ts';
import type { PhoneDeskOptions } from './options.ts';
import type { OtherDevices } from './other-devices.ts';
import type { PopOut } from './pop-out.ts';
import type { Site } from './site.ts';
import type { Visitors } from './visitors.ts';

export interface WireOptions
  extends Pick<PhoneDeskOptions, 'board' | 'send' | 'clock' | 'take' | 'session' | 'socket'> {
  readonly account: Account;
  readonly others: OtherDevices;
  readonly site: Site;
  readonly popOut: PopOut;
  readonly visitors: Visitors;
  readonly changed: () => void;
  readonly refused: (code: PhoneErrorCode) => void;
}

export class Wire {
  /** Telephone calls can be made now. */
  telephone = false;
  /** This device makes the sound for telephone calls; so it is until the hub has said otherwise (SPEC D3). */
  aloud = true;
  /** The device that this page is to the hub. */
  deviceId: string | undefined;
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** Subscribes to one connection of the hub's socket. */
  listen(socket: WireSocket): void {
    const { board, account, others, visitors, changed } = this.#options;
    socket.on('pbx:changed', ({ available }) => {
      this.telephone = available;
      changed();
    });
    socket.on('device:aloud', ({ aloud }) => {
      this.aloud = aloud;
      changed();
    });
    socket.on('availability:changed', (availability) => account.hear(availability));
    socket.on('calls:elsewhere', (event) => {
      others.hear(event);
      changed();
    });
    socket.on('calls:steer', (event) => this.#steered(event));
    socket.on('transfer:order', (order) => board.transferOrdered(order));
    socket.on('transfer:state', (progress) => board.transferGoesOn(progress));
    socket.on('call:move', (offer) => void this.#take(offer));
    socket.on('visit:changed', (visit) => visitors.hear({ visit }));
    socket.on('visit:left', (left) => visitors.hear({ left }));
  }

  snapshot(snapshot: Snapshot): void {
    const { account, board, others, session, site, visitors } = this.#options;
    this.telephone = snapshot.pbx;
    this.aloud = snapshot.aloud;
    this.deviceId = snapshot.deviceId;
    site.online();
    others.reset(snapshot.elsewhere);
    account.hear(snapshot.availability);
    board.transfersUnderWay(snapshot.transfers);
    void account.history();
    const { state } = session;
    void visitors.ask(state.status !== 'signed-in' || state.me.answersVisitors);
  }

  /** Another tab is the device from now on. */
  lost(): void {
    this.telephone = false;
    this.#options.others.reset([]);
  }

  sessionEnded(): void {
    void this.#options.session.ended();
  }

  /** Offers the calls of this page to another device; those that it takes go on there. */
  moveTo(deviceId: string): void {
    // A chunk that does not load leaves the calls where they are.
    import('../pop-out/pop-out.ts').then(
      ({ offerCalls }) => offerCalls(this.#options, deviceId),
      () => this.#options.refused('HUB_UNREACHABLE'),
    );
  }

  async #take(offer: MoveOffer): Promise<void> {
    const { popOut, board, take } = this.#options;
    // Only the window that is there for it takes calls unasked.
    if (!popOut.isHere) return;
    const { takeCall } = await import('../pop-out/pop-out.ts');
    takeCall({ board, take }, offer);
  }

  #steered({ callId, command }: Pick<SteerCall, 'callId' | 'command'>): void {
    const { board } = this.#options;
    if (command.name === 'hangUp') board.hangUp(callId);
    else if (command.name === 'setMuted') board.find(callId)?.setMuted(command.on);
    else if (command.name === 'setHeld') board.setHeld(callId, command.on);
    else if (command.name === 'stopVideo') void board.find(callId)?.setVideo(false);
    else window.focus();
  }
}
