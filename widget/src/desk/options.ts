// What the desk is made of; composed in `compose.ts`.
import type { MoveOffer } from '@ringtag/server/protocol';
import type { CallBoard } from '../call/board.ts';
import type { Clock } from '../call/clock.ts';
import type { Result } from '../call/errors.ts';
import type { Devices } from '../call/phone.ts';
import type { Attention } from '../host/attention.ts';
import type { Sound } from '../host/sound.ts';
import type { Send } from '../hub/api.ts';
import type { Directory } from '../hub/directory.ts';
import type { Session } from '../hub/session.ts';
import type { SignIn } from '../hub/sign-in.ts';
import type { HubSocket } from '../hub/socket.ts';
import type { Taken } from '../hub/take.ts';
import type { VisitsBook } from '../visits/book.ts';

export interface DevicesOfCalls extends Devices {
  /** Something about the calls has changed. */
  look(): void;
}

export interface PhoneDeskOptions {
  /** Origin of the hub: tabs lead per hub. */
  readonly hub: string;
  /** Of the pop-out's page. */
  readonly lang?: string | undefined;
  readonly clock: Clock;
  readonly send: Send;
  readonly session: Session;
  readonly signIn: SignIn;
  readonly socket: HubSocket;
  readonly line: { open(): void; close(): void; hurry(): void };
  readonly board: CallBoard;
  readonly directory: Directory;
  /** Fetched at the first call or with the settings. */
  readonly devices: () => Promise<DevicesOfCalls>;
  /** Fetched by those who answer visitors of public pages. */
  readonly visits: () => Promise<VisitsBook>;
  readonly sound: Sound;
  readonly attention: Pick<Attention, 'call'>;
  /** Asks the hub for a call that was offered to this device, and brings its leg (SPEC M1). */
  readonly take: (offer: MoveOffer) => Promise<Result<Taken>>;
  /** "Alice Almeida is calling", in the page's language. */
  readonly callingText: (name: string) => string;
}
