// What tabs of one site tell each other about the phone: what is shown, and what a person asked for in a tab that does
// not lead. Never secrets, streams or descriptions (architecture, decision 9).
import type { CallView } from './phone.ts';

/** What the leading tab knows and the others show. */
export interface Shared {
  readonly ready: boolean;
  readonly telephone: boolean;
  readonly soundBlocked: boolean;
  readonly calls: readonly CallView[];
}

export const nothingShared: Shared = { ready: false, telephone: false, soundBlocked: false, calls: [] };

/** Commands that a tab may have carried out by the leading one. */
export type Command =
  | { readonly name: 'answer'; readonly callId: string; readonly media?: 'audio' | 'video' }
  | { readonly name: 'decline'; readonly callId: string; readonly message?: string }
  | { readonly name: 'hangUp' | 'dismiss' | 'ringDeskPhone'; readonly callId: string }
  | { readonly name: 'setMuted' | 'setHeld' | 'setVideo'; readonly callId: string; readonly on: boolean }
  | { readonly name: 'sendDigits'; readonly callId: string; readonly digits: string };

export type TabMessage =
  | { readonly ringtag: 'shared'; readonly shared: Shared }
  /** A tab has just opened: what is there to show? */
  | { readonly ringtag: 'hello' }
  | { readonly ringtag: 'command'; readonly command: Command }
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
