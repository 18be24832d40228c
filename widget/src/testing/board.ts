// A board with stand-ins for all around it: legs that note what they are told and say what the test wants, a hub that
// answers at once, a clock that stands still. For tests only.
import type { TransferRequest } from '@ringtag/server/protocol';
import { CallBoard } from '../call/board.ts';
import type { DialOrder, IncomingCall, Leg, LegEvent } from '../call/call.ts';
import { done, type Result } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { Dialed } from '../call/runner-options.ts';
import { fakeLocalMedia } from './fake-media.ts';
import { createManualClock, settle } from './manual-clock.ts';

export function fakeLeg(via: 'room' | 'pbx' = 'room') {
  const leg = {
    via,
    log: [] as string[],
    tell: (_: LegEvent) => {},
    /** How the exchange answers a transfer. */
    refers: done(undefined) as Result<void>,
    /** The other side agrees to be resumed. */
    resumes: true,
    streams: [] as MediaStream[],
  };
  const note = (line: string) => () => void leg.log.push(line);
  const port: Leg = {
    via,
    start: (report) => {
      leg.tell = report;
    },
    accept: note('accept'),
    setMedia: (stream) => {
      leg.streams.push(stream);
      leg.log.push('media');
    },
    decline: note('decline'),
    end: (reason) => void leg.log.push(`end ${reason}`),
    setMuted: (muted) => void leg.log.push(muted ? 'mute' : 'unmute'),
    setHeld: (held) => {
      leg.log.push(held ? 'hold' : 'unhold');
      if (!held && !leg.resumes) leg.tell({ type: 'resume-refused' });
    },
    setVideo: note('video'),
    sendDigits: note('digits'),
    setMicrophone: async () => note('microphone')(),
    ...(via === 'pbx'
      ? {
          dialog: { callId: 'sip-call', localTag: 'here', remoteTag: 'there' },
          refer: async () => {
            leg.log.push('refer');
            return leg.refers;
          },
        }
      : {}),
  };
  return Object.assign(leg, { port });
}

export type FakeLeg = ReturnType<typeof fakeLeg>;

export function createTestBoard() {
  const clock = createManualClock();
  const mic = fakeLocalMedia();
  const orders: DialOrder[] = [];
  const legs: FakeLeg[] = [];
  const refusals: PhoneErrorCode[] = [];
  const asked: { readonly callId: string; readonly request: TransferRequest }[] = [];
  const hub = {
    answer: undefined as Result<Dialed> | undefined,
    transfer: done({ transferId: 't-1' }) as Result<unknown>,
    telephone: true,
    /** What the next calls are carried by, where it is not by rooms. */
    via: 'room' as 'room' | 'pbx',
  };
  const board = new CallBoard({
    clock,
    localMedia: mic.media,
    dial: async (order) => {
      orders.push(order);
      if (hub.answer) return hub.answer;
      const leg = fakeLeg(order.way === 'auto' ? hub.via : 'pbx');
      legs.push(leg);
      return done({ hubCallId: `c-${orders.length}`, leg: leg.port, peer: personOf(order.to) });
    },
    peerOf: personOf,
    hasTelephone: async () => hub.telephone,
    transfer: async (callId, request) => {
      asked.push({ callId, request });
      return hub.transfer;
    },
    toldEnds: async () => {},
    changed: () => {},
    refused: (code) => refusals.push(code),
  });

  function ring(callId: string, rest: Partial<IncomingCall> = {}) {
    const leg = fakeLeg(rest.leg?.via);
    const call: IncomingCall = { callId, peer: { name: 'Alice' }, media: 'audio', ...rest, leg: leg.port };
    board.incoming(call);
    return leg;
  }

  /** Calls this person and has the call answered. */
  async function talk(personId: string, via: 'room' | 'pbx' = 'room') {
    hub.via = via;
    board.call({ personId }, 'audio');
    await settle();
    const leg = legs.at(-1) as FakeLeg;
    answered(leg);
    return leg;
  }

  function answered(leg: FakeLeg) {
    leg.tell({ type: 'answered' });
    leg.tell({ type: 'connected' });
  }

  /** Name and phase of each call that is shown. */
  const shown = () => board.views.map(({ peer, phase }) => `${peer.name} ${phase}`);
  const viewOf = (name: string) => {
    const view = board.views.find(({ peer }) => peer.name === name);
    if (!view) throw new Error(`no call with ${name} is shown: ${shown().join(', ')}`);
    return view;
  };
  const idOf = (name: string) => viewOf(name).callId;
  return { clock, mic, board, orders, legs, refusals, asked, hub, ring, talk, answered, shown, viewOf, idOf };
}

function personOf(target: DialOrder['to']) {
  return 'number' in target
    ? { name: target.number, number: target.number }
    : { name: target.personId, personId: target.personId };
}
