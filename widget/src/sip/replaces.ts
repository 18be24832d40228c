// How one call takes the place of another at the exchange (RFC 3891).
import type { SipDialog } from '@ringtag/server/protocol';

/** Value of `Replaces`. Tags are named as the exchange knows them (§3): what is local here is its from-tag. */
export function replacesValue({ callId, localTag, remoteTag }: SipDialog): string {
  return `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
}

/** With `Require`, an exchange that does not know `Replaces` refuses instead of calling somebody (§3). */
export function replacesHeaders(dialog: SipDialog | undefined): string[] {
  return dialog ? [`Replaces: ${replacesValue(dialog)}`, 'Require: replaces'] : [];
}
