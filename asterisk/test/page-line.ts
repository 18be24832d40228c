// The telephone line of a browser's page: the widget's own, in Node. Its sound is not carried (Node has no WebRTC); what
// the telephones at the far ends hear is.
import * as jssip from 'jssip';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { IncomingCall, Leg, LegEvent } from '../../widget/src/call/call.ts';
import { browserClock } from '../../widget/src/call/clock.ts';
import { createLine, type Line } from '../../widget/src/sip/line.ts';
import { grantPhone, REALM, type Scene, soon, until } from './scene.ts';
import { SilentConnection, SilentStream } from './silent-connection.ts';

export interface PageLine {
  readonly line: Line;
  /** Calls that came, in order. */
  readonly rung: IncomingCall[];
}

/** What the line needs of a browser; to be taken back with `vi.unstubAllGlobals`. */
export function stubBrowser(Socket: typeof WebSocket = WebSocket): void {
  class Description {
    constructor(init: object) {
      Object.assign(this, init);
    }
  }
  vi.stubGlobal('RTCPeerConnection', SilentConnection);
  vi.stubGlobal('RTCSessionDescription', Description);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('WebSocket', Socket);
}

/** A page of the person with that extension, registered. */
export async function openPageLine(
  { asterisk, pbx, closers }: Scene,
  { endpoint, extension }: { endpoint: string; extension: string },
): Promise<PageLine> {
  await grantPhone(pbx, { endpoint, extension });
  const rung: IncomingCall[] = [];
  const ha1 = digestHa1({ user: endpoint, realm: REALM, password: 'secret' });
  const account = { endpoint, realm: REALM, ha1, extension, gateUrl: asterisk.wsUrl };
  const line = createLine({
    account: async () => ({ ok: true, value: account }),
    clock: browserClock,
    busy: () => false,
    incoming: (call) => rung.push(call),
    tellHub: () => {},
    load: async () => ((jssip as { default?: unknown }).default ?? jssip) as never,
  });
  line.open();
  closers.push(() => line.close());
  // What another page left there is registered as well, but rings nobody.
  await soon(() => expect(line.registered).toBe(true));
  await until(pbx, () => pbx.isRegistered(endpoint));
  return { line, rung };
}

/** The leg, begun, with what it tells. */
export function startLeg(leg: Leg) {
  const events: LegEvent[] = [];
  leg.start((event) => events.push(event));
  leg.setMedia(new SilentStream() as unknown as MediaStream);
  const kinds = () => events.map(({ type }) => type);
  const end = () => events.flatMap((event) => (event.type === 'over' ? [event.end.reason] : []))[0];
  return { leg, events, kinds, end, isAnswered: () => kinds().includes('answered') };
}

/** Dials; fails where the line does not come up. */
export async function placeCall(line: Line, dial: string) {
  const placed = await line.placed({
    ...{ via: 'pbx', callId: `c-${dial}`, peer: { name: dial }, dial, iceServers: [] },
  });
  if (!placed.ok) throw new Error(placed.code);
  return startLeg(placed.value);
}
