// What a live call is doing, in words; `null` while it simply goes on and its time says enough.
import type { EndReason } from '@ringtag/server/protocol';
import type { CallView, PhoneErrorCode } from '../../call/phone.ts';
import { errorText, texts } from '../../i18n/index.ts';

export function callStatus(call: CallView): string | null {
  const t = texts();
  switch (call.phase) {
    case 'preparing':
      return t.preparing;
    case 'dialing':
      return call.peerRings ? t.ringing : t.dialing;
    case 'ringing':
      return t.ringing;
    case 'connecting':
      return t.connectingCall;
    case 'reconnecting':
      return t.reconnecting;
    case 'ending':
      return t.ending;
    case 'held':
      return t.onHold;
    case 'active':
      return call.peerHeld ? t.heldByPeer(call.peer.name) : null;
    case 'ended':
      return null;
  }
}

/** What else is to be known of it, in one sentence, the most important first; empty: nothing. */
export function callNews(call: CallView, leads: boolean): string {
  const t = texts();
  const { sentTo, transfer, quality } = call;
  if (sentTo) return t.sentTo(sentTo.by.name, sentTo.to.name);
  if (transfer) return passing(transfer);
  if (quality?.ownNetwork && quality.level !== 'good') return t.ownNetwork;
  if (call.elsewhere) return t.otherWindow;
  if (!leads) return t.otherTab;
  return call.peerMuted ? t.peerMuted(call.peer.name) : '';
}

function passing({ to, state, code, message }: NonNullable<CallView['transfer']>): string {
  const t = texts();
  const news = t.passing[state](to.name);
  if (code === undefined) return news;
  const why = code in t.errors ? errorText(code as PhoneErrorCode) : t.endedOut[code as EndReason](to.name);
  return `${news} ${message ? t.withMessage(why, message) : why}`;
}

/** What screen readers hear when a call comes to this state; `null`: nothing new. */
export function announcement(call: CallView): string | null {
  const t = texts();
  const { name } = call.peer;
  if (call.phase === 'ringing') return call.direction === 'in' ? t.isCalling(name) : t.ringing;
  if (call.phase === 'dialing') return t.callingPerson(name);
  if (call.phase === 'active') return call.peerHeld ? t.heldByPeer(name) : t.connectedTo(name);
  if (call.phase === 'held' || call.phase === 'reconnecting') return callStatus(call);
  return null;
}
