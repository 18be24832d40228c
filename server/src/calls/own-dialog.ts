// A telephone call that is passed on or moved is named by its dialog, which only its own device knows. Whoever names one
// that the exchange has with somebody else is refused as if there were none (M4).
import { type Refusal, refuse, type SipDialog } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import type { PbxReach } from './ports.ts';

/** `NOT_FOUND` where the exchange has this dialog with another device than the caller's. */
export async function refuseForeignDialog(
  pbxReach: PbxReach,
  { session }: Caller,
  dialog: SipDialog | undefined,
): Promise<Refusal | undefined> {
  if (!dialog) return undefined;
  const isForeign = (await pbxReach.isForeignDialog?.(session.id, dialog.callId)) ?? false;
  return isForeign ? refuse('NOT_FOUND') : undefined;
}
