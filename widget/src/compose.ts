// Composition of the phone: the only file that knows calls, rooms and SIP together. JsSIP and socket.io-client
// arrive by dynamic import when they are first needed (architecture, decision 13).
import type { PbxAccount, Snapshot } from '@ringtag/server/protocol';
import { CallBoard } from './call/board.ts';
import type { IncomingCall } from './call/call.ts';
import { browserClock, type Clock } from './call/clock.ts';
import { createLocalMedia, type LocalMedia } from './call/media.ts';
import type { Phone, PhoneErrorCode } from './call/phone.ts';
import { PhoneDesk } from './desk/phone-desk.ts';
import { createAttention } from './host/attention.ts';
import type { BrowserDevices } from './host/devices.ts';
import { createSound } from './host/sound.ts';
import { createAuthorizedSend, createSend } from './hub/api.ts';
import { askAgain } from './hub/ask-again.ts';
import { createDeviceStore } from './hub/device-key.ts';
import { createDirectory } from './hub/directory.ts';
import { placeCall } from './hub/place.ts';
import { createSession } from './hub/session.ts';
import { createSignIn } from './hub/sign-in.ts';
import { createHubSocket } from './hub/socket.ts';
import { takeOffered } from './hub/take.ts';
import { texts } from './i18n/index.ts';
import { createRooms } from './rooms/rooms.ts';
import { createLine } from './sip/line.ts';
import type { VisitsBook } from './visits/book.ts';

export { hasSession } from './hub/resume.ts';

export interface PhoneOptions {
  /** Origin of the hub, such as `https://hub.example`. */
  readonly hubUrl: string;
  /** BCP 47 tag for the hub's and the provider's sign-in pages. Default: the page's own. */
  readonly lang?: string;
  readonly clock?: Clock;
  readonly localMedia?: LocalMedia;
}

/** The phone and its end. */
export interface ComposedPhone extends Phone {
  /** Lets go of everything: socket, registration, lock, listeners. A live call ends as `left`. */
  close(): void;
}

/** One phone per page and hub. Returns at once with status `starting`; everything else follows by itself. */
export function createPhone(options: PhoneOptions): ComposedPhone {
  const { hubUrl, clock = browserClock } = options;
  const { localMedia = createLocalMedia({ clock, waits: (waits) => desk.microphoneWaits(waits) }) } = options;
  const store = createDeviceStore(hubUrl);
  const openSend = createSend(hubUrl);
  const session = createSession({
    hubUrl,
    origin: location.origin,
    store,
    clock,
    send: openSend,
    changed: (state) => desk.sessionChanged(state),
    blocked: (code) => desk.refused(code),
  });
  const send = createAuthorizedSend(hubUrl, session);
  const directory = createDirectory(send);
  const signIn = createSignIn({
    hubUrl,
    send: openSend,
    store,
    clock,
    ...(options.lang ? { lang: options.lang } : {}),
    view: (view) => desk.showSignIn(view),
    exchange: async (code, verifier) => {
      const exchanged = await session.exchange(code, verifier);
      return exchanged.ok ? null : exchanged.code;
    },
  });
  const rooms = createRooms({
    send,
    socket: () => socket,
    online: () => desk.whenOnline(),
    clock,
    incoming: (call) => void board.incoming(call),
  });
  const line = createLine({
    account: () =>
      askAgain(clock, (signal) =>
        send<PbxAccount>('/api/pbx/account', { method: 'POST', ...(signal && { signal }) }),
      ),
    clock,
    busy: () => board.full,
    incoming: (call) => welcome(call),
    tellHub: (callId, reason) => void rooms.farewells.end(callId, reason),
    reportQuality: (callId, body) =>
      void send(`/api/calls/${encodeURIComponent(callId)}/quality`, {
        method: 'POST',
        body,
        keepalive: true,
      }),
  });
  const socket = createHubSocket({
    hubUrl,
    bearers: session,
    clock,
    wire: (connection) => {
      rooms.wire(connection);
      desk.wire.listen(connection);
    },
    snapshot: (snapshot: Snapshot) => {
      desk.wire.snapshot(snapshot);
      rooms.snapshot(snapshot);
    },
    lost: () => desk.changed(),
    sessionEnded: () => desk.wire.sessionEnded(),
    refused: (code) => desk.refused(code),
  });
  const board = new CallBoard({
    clock,
    localMedia,
    dial: (order) =>
      placeCall(
        {
          send,
          clock,
          online: () => desk.whenOnline(),
          expect: (overtaken) => rooms.expect(overtaken),
          room: (placed) => rooms.placed(placed),
          pbx: (placed) => line.placed(placed),
        },
        order,
      ),
    peerOf: (target) => directory.peerOf(target),
    transfer: (hubCallId, body) =>
      send(`/api/calls/${encodeURIComponent(hubCallId)}/transfer`, { method: 'POST', body }),
    hasTelephone: async (personId) => (await directory.telephoneWays(personId)).length > 0,
    toldEnds: () => rooms.farewells.settled(),
    changed: () => desk.changed(),
    refused: (code: PhoneErrorCode) => desk.refused(code),
  });
  const attention = createAttention();
  const sound = createSound({ blocked: (blocked) => desk.soundChanged(blocked) });
  let devices: Promise<BrowserDevices> | undefined;
  let visits: Promise<VisitsBook> | undefined;
  const desk = new PhoneDesk({
    hub: new URL(hubUrl).origin,
    lang: options.lang,
    clock,
    send,
    session,
    signIn,
    socket,
    line,
    board,
    directory,
    devices: () => {
      devices ??= fetchDevices();
      return devices;
    },
    take: (offer) =>
      takeOffered(
        {
          send,
          expect: (overtaken) => rooms.expect(overtaken),
          lineReady: () => line.ready(),
          room: (taken) => rooms.take(taken),
          pbx: (taken, giveBack) => line.take(taken, giveBack),
        },
        offer,
      ),
    visits: () => {
      visits ??= fetchVisits();
      return visits;
    },
    sound,
    attention,
    callingText: (name) => texts().isCalling(name),
  });

  async function fetchDevices(): Promise<BrowserDevices> {
    try {
      const { BrowserDevices } = await import('./host/devices.ts');
      return new BrowserDevices({
        media: localMedia,
        sound,
        calls: () => board.lives,
        notify: (notice) => desk.notify(notice),
        refused: (code) => desk.refused(code),
      });
    } catch (error) {
      devices = undefined;
      throw error;
    }
  }

  async function fetchVisits(): Promise<VisitsBook> {
    try {
      const { VisitsBook } = await import('./visits/visits.ts');
      return new VisitsBook({
        hubUrl,
        bearers: session,
        me: () => desk.state.me?.id,
        told: (unread) => desk.visitors.told(unread),
        attention,
      });
    } catch (error) {
      visits = undefined;
      throw error;
    }
  }

  /** A telephone call shows what the exchange says at once, and the person behind the number when known. */
  function welcome(call: IncomingCall): void {
    const runner = board.incoming(call);
    const { number } = call.peer;
    if (!number || call.visit) return;
    directory.resolve([{ number }]).then(
      ([person]) => {
        if (person) runner.rename({ ...directory.peerOf({ personId: person.id }), number });
      },
      () => {},
    );
  }

  void desk.start();
  return desk;
}
