// What a live call is doing, in words; `null` while it simply goes on and its time says enough.
import type { CallView } from '../../call/phone.ts';
import { texts } from '../../i18n/index.ts';

export function callStatus(call: CallView): string | null {
  const t = texts();
  switch (call.phase) {
    case 'preparing':
      return t.preparing;
    case 'dialing':
      return t.dialing;
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
