// What tabs of one site tell each other about the phone: what is shown, and what a person asked for in a tab that does
// not lead. Never secrets, streams or descriptions (architecture, decision 9).
import type { CallView, PhoneErrorCode, PhoneNotice, PhoneTarget, VisitorsNews } from './phone.ts';

/** What the leading tab knows and the others show. */
export interface Shared {
  readonly ready: boolean;
  readonly telephone: boolean;
  readonly soundBlocked: boolean;
  readonly calls: readonly CallView[];
  readonly doNotDisturb: boolean;
  readonly quietUntilMs: number | null;
  readonly missed: number;
  /** The device that the open pop-out is. */
  readonly popOut: string | null;
  readonly notice: PhoneNotice | null;
  /** Why a command of any tab was refused. */
  readonly error: PhoneErrorCode | null;
  /** Whom this site called last. */
  readonly lastTarget: PhoneTarget | null;
  readonly visitors: VisitorsNews | null;
}

export const nothingShared: Shared = {
  ready: false,
  telephone: false,
  soundBlocked: false,
  calls: [],
  doNotDisturb: false,
  quietUntilMs: null,
  missed: 0,
  popOut: null,
  notice: null,
  error: null,
  lastTarget: null,
  visitors: null,
};

/** Commands that a tab may have carried out by the leading one. */
export type Command =
  | { readonly name: 'call'; readonly target: PhoneTarget; readonly media: 'audio' | 'video' }
  | { readonly name: 'answer'; readonly callId: string; readonly media?: 'audio' | 'video' }
  | { readonly name: 'decline'; readonly callId: string; readonly message?: string }
  | {
      readonly name: 'hangUp' | 'dismiss' | 'ringDeskPhone' | 'swap' | 'completeTransfer' | 'showCall';
      readonly callId: string;
    }
  | { readonly name: 'setMuted' | 'setHeld' | 'setVideo'; readonly callId: string; readonly on: boolean }
  | { readonly name: 'sendDigits'; readonly callId: string; readonly digits: string }
  | { readonly name: 'transfer' | 'consult'; readonly callId: string; readonly target: PhoneTarget }
  /** Offers the calls of this site to another device. */
  | { readonly name: 'move'; readonly deviceId: string }
  | { readonly name: 'dismissNotice' }
  | { readonly name: 'lookAtRecent' };

export type TabMessage =
  | { readonly ringtag: 'shared'; readonly shared: Shared }
  /** A tab has just opened: what is there to show? */
  | { readonly ringtag: 'hello' }
  | { readonly ringtag: 'command'; readonly command: Command }
  /** A tab came into sight or went out of it. */
  | { readonly ringtag: 'visible'; readonly tab: string; readonly visible: boolean }
  /** A tab has just taken the lead: which of you is in sight? */
  | { readonly ringtag: 'look' }
  /** Somebody signed in or out in another tab: look at what is stored. */
  | { readonly ringtag: 'session'; readonly signedIn: boolean };

/** Documents count time from different beginnings; between tabs it travels from the common one. */
export function toCommonTime(shared: Shared, originMs: number): Shared {
  return { ...shared, calls: shared.calls.map((call) => shifted(call, originMs)) };
}

export function toOwnTime(shared: Shared, originMs: number): Shared {
  return { ...shared, calls: shared.calls.map((call) => shifted(call, -originMs)) };
}

function shifted(call: CallView, byMs: number): CallView {
  return call.activeSinceMs === undefined ? call : { ...call, activeSinceMs: call.activeSinceMs + byMs };
}

export function isTabMessage(data: unknown): data is TabMessage {
  return (
    typeof data === 'object' && data !== null && typeof (data as { ringtag?: unknown }).ringtag === 'string'
  );
}
