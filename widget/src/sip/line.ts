// This device's line at Asterisk: registered for as long as it is wanted, whatever the network does. JsSIP arrives
// with the first registration.
import type {
  IceServer,
  PbxAccount,
  PlacedCall,
  QualityReport,
  TakenCall,
  ToldEnd,
} from '@ringtag/server/protocol';
import { TURN_CREDENTIAL_MS } from '@ringtag/server/protocol/limits';
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent, UA } from 'jssip/lib/UA.js';
import type { IncomingCall, Leg } from '../call/call.ts';
import { backoffMs, type Clock } from '../call/clock.ts';
import { done, type Result, refused } from '../call/errors.ts';
import { calledVisit } from '../visits/called.ts';
import { GateSocket } from './gate-socket.ts';
import { SipLeg, type SipLegStart } from './sip-leg.ts';

/** A registration that is not there after this long is asked for anew: JsSIP alone needs up to 34 s. */
const WATCHDOG_MS = 5_000;
/** Asterisk asks every 5 s whether we are there; silence for longer is worth a question of our own. */
const SILENT_MS = 7_000;
const ANSWER_MS = 4_000;
const CHECK_MS = 2_000;
/** A browser waits minutes for a WebSocket that nobody answers; the account that comes first may take 10 s. */
const CONNECT_MS = 15_000;
const REGISTER_EXPIRES_S = 120;
const LINE_READY_MS = 8_000;
/** A call lost its sound: a gate that does not answer within this is as good as gone. */
const DOUBT_MS = 1_000;
/** A gate that has said something within this time is taken at its word when a call is dialled. */
const QUIET_MS = 200;
/** In a call the connection is tried again after 0.25 to 0.5 s, then up to this; JsSIP alone waits for 1 to 2 s. */
const RETRY_MAX_MS = 4_000;

export interface LineOptions {
  readonly account: () => Promise<Result<PbxAccount>>;
  readonly clock: Clock;
  /** Whether this device can take no further call: the next one hears busy. */
  readonly busy: () => boolean;
  readonly incoming: (call: IncomingCall) => void;
  readonly tellHub: (callId: string, reason: ToldEnd) => void;
  /** By the hub's name of the call, or `sip` where it never placed it. */
  readonly reportQuality?: (callId: string, report: QualityReport) => void;
  readonly load?: () => Promise<{ UA: typeof UA }>;
}

export interface Line {
  /** Registers and stays registered until `close`. */
  open(): void;
  close(): void;
  /** The network is back: looks at once whether the registration still stands. */
  hurry(): void;
  readonly registered: boolean;
  /** Settles when it is registered; false when it does not come up in time. */
  ready(): Promise<boolean>;
  /** The leg of a telephone call that the hub has just placed; refuses when the line does not come up in time. */
  placed(call: Extract<PlacedCall, { via: 'pbx' }>): Promise<Result<Leg>>;
  /**
   * The leg of a telephone call that this device is taking over (SPEC M2). Until it is answered here it goes on where
   * it was: in place of a failure, the hub hears that it is given back (SPEC M5).
   */
  take(call: Extract<TakenCall, { via: 'pbx' }>, giveBack: () => void): Promise<Result<Leg>>;
}

async function loadJsSip(): Promise<{ UA: typeof UA }> {
  const module = await import('jssip');
  // CommonJS: bundlers and browsers disagree on where its exports land.
  return (module as unknown as { default?: typeof module }).default ?? module;
}

interface SipMessage {
  readonly method?: string;
}

export function createLine(options: LineOptions): Line {
  const { clock } = options;
  const legs = new Set<SipLeg>();
  const waiting = new Set<() => void>();
  let wanted = false;
  let run = 0;
  let ua: UA | undefined;
  let socket: GateSocket | undefined;
  /** For calls that come in; those that go out bring theirs. */
  let iceServers: readonly IceServer[] = [];
  let freshAtMs = 0;
  let unregisteredSinceMs: number | undefined;
  let probedAtMs: number | undefined;
  /** The question to the gate that is still open. */
  let asking: Promise<void> | undefined;
  let wasLost = false;
  /** Connections lost or not come about since the last registration. */
  let losses = 0;
  let cancelWatch = () => {};
  /** Hang-ups, and when they were said, that nobody may have heard: the connection has been silent since. */
  let unheard: { message: SipMessage; atMs: number }[] = [];

  async function begin(own: number, attempt: number): Promise<void> {
    const [loaded, account] = await Promise.all([
      (options.load ?? loadJsSip)().catch(() => undefined),
      options.account(),
    ]);
    if (own !== run || !wanted) return;
    if (!loaded || !account.ok) {
      cancelWatch = clock.after(backoffMs(attempt, 30_000), () => void begin(own, attempt + 1));
      return;
    }
    let first: PbxAccount | undefined = account.value;
    socket = new GateSocket(
      {
        // The account that named the line opens its first connection; each later one asks anew.
        account: async () => {
          const ready = first;
          first = undefined;
          return ready ? done(ready) : options.account();
        },
        fresh,
      },
      clock.now,
    );
    ua = createAgent(loaded.UA, account.value, socket);
    listen(ua);
    ua.start();
    watch(own);
  }

  function fresh({ realm, ha1, iceServers: servers = [] }: PbxAccount): void {
    iceServers = servers;
    freshAtMs = clock.now();
    ua?.set('realm', realm);
    ua?.set('ha1', ha1);
  }

  /** A call comes in long after the last connection: while it rings there is time for credentials that are good. */
  async function freshen(): Promise<void> {
    if (clock.now() - freshAtMs < TURN_CREDENTIAL_MS / 2) return;
    const account = await options.account();
    if (account.ok) fresh(account.value);
  }

  /** JsSIP forgets what got lost, and for the far end the call would go on: it is said with the next connection. */
  function keepHangUps(agent: UA): void {
    const { transport } = agent as unknown as { transport: { send(message: SipMessage): boolean } };
    const send = transport.send.bind(transport);
    transport.send = (message) => {
      forgetHeard();
      if (message.method === 'BYE') unheard.push({ message, atMs: clock.now() });
      return send(message);
    };
    agent.on('connected', () => {
      for (const { message } of unheard.splice(0)) send(message);
    });
  }

  function forgetHeard(): void {
    unheard = unheard.filter(({ atMs }) => atMs >= (socket?.heardAtMs ?? 0));
  }

  function listen(agent: UA): void {
    keepHangUps(agent);
    agent.on('registered', () => {
      unregisteredSinceMs = undefined;
      probedAtMs = undefined;
      // The far end's BYE would go to the connection that is dead.
      if (wasLost) for (const leg of legs) leg.refresh();
      wasLost = false;
      losses = 0;
      for (const tell of [...waiting]) tell();
    });
    agent.on('disconnected', () => {
      wasLost = true;
      forgetHeard();
      if (legs.size + unheard.length > 0)
        clock.after(backoffMs(losses++, RETRY_MAX_MS), () => socket?.connect());
    });
    agent.on('newRTCSession', (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if (String(event.originator) !== 'remote') return;
      const { session, request } = event as IncomingRTCSessionEvent;
      if (options.busy()) return session.terminate({ status_code: 486 });
      void freshen();
      const leg = createLeg({ direction: 'in', session, request, iceServers: () => iceServers });
      const { uri, display_name: name } = request.from;
      const number = String(uri.user ?? '');
      const peer = { name: name || number, ...(number ? { number } : {}) };
      const visit = calledVisit((header) => request.getHeader(header));
      options.incoming({ callId: `sip-${crypto.randomUUID()}`, peer, media: 'audio', leg, visit });
    });
  }

  /** `callId`: the hub's name of the call, where it placed it. `giveBack`: it runs elsewhere until it is answered. */
  function createLeg(start: SipLegStart, callId?: string, giveBack?: () => void): SipLeg {
    const leg: SipLeg = new SipLeg(start, {
      clock,
      tellHub(reason) {
        if (giveBack && !leg.answered) giveBack();
        else if (callId) options.tellHub(callId, reason);
      },
      closed: (closed) => legs.delete(closed),
      doubtGate: () => void doubtGate(),
      reportQuality: (report) => options.reportQuality?.(callId ?? 'sip', report),
    });
    legs.add(leg);
    return leg;
  }

  /** Asks the gate for a sign of life, and connects anew where none comes at once, or where there is no connection. */
  function doubtGate(): Promise<void> {
    asking ??= askGate().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function askGate(): Promise<void> {
    const asked = socket;
    if (!ua || !asked) return;
    if (asked.isConnected()) {
      const askedAtMs = clock.now();
      const answered = new Promise<void>((resolve) => {
        asked.onheard = resolve;
        clock.after(DOUBT_MS, resolve);
      });
      ua.register();
      await answered;
      if (asked !== socket || asked.heardAtMs >= askedAtMs) return;
      asked.drop();
    }
    // JsSIP would wait for a second or two.
    asked.connect();
  }

  async function dial(
    call: Extract<PlacedCall | TakenCall, { via: 'pbx' }>,
    giveBack?: () => void,
  ): Promise<Result<Leg>> {
    const { callId, dial, iceServers, replaces } = call;
    // Firefox does not say that the network has changed: an INVITE into a dead connection would be silence.
    if (socket && clock.now() - socket.heardAtMs > QUIET_MS) await doubtGate();
    if ((await whenRegistered()) && ua)
      return done(createLeg({ direction: 'out', ua, dial, callId, iceServers, replaces }, callId, giveBack));
    if (giveBack) giveBack();
    else if (callId) options.tellHub(callId, 'failed');
    return refused('PBX_UNAVAILABLE');
  }

  function watch(own: number): void {
    cancelWatch();
    cancelWatch = clock.after(CHECK_MS, () => {
      if (own !== run) return;
      check();
      watch(own);
    });
  }

  function check(): void {
    const now = clock.now();
    if (!ua || !socket?.isConnected()) {
      unregisteredSinceMs = undefined;
      if (socket && socket.connectingForMs > CONNECT_MS) socket.drop();
      return;
    }
    if (!ua.isRegistered()) {
      unregisteredSinceMs ??= now;
      // JsSIP waits 32 s for a REGISTER that fell into a restart; only losing the connection ends that wait.
      if (now - unregisteredSinceMs >= WATCHDOG_MS) {
        unregisteredSinceMs = undefined;
        socket.drop();
      }
    } else if (probedAtMs !== undefined && socket.heardAtMs < probedAtMs) {
      if (now - probedAtMs < ANSWER_MS) return;
      probedAtMs = undefined;
      socket.drop();
    } else if (now - socket.heardAtMs > SILENT_MS) {
      probedAtMs = now;
      ua.register();
    } else {
      probedAtMs = undefined;
    }
  }

  function whenRegistered(): Promise<boolean> {
    if (ua?.isRegistered()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (up: boolean) => {
        cancel();
        waiting.delete(registered);
        resolve(up);
      };
      const registered = () => settle(true);
      const cancel = clock.after(LINE_READY_MS, () => settle(false));
      waiting.add(registered);
    });
  }

  return {
    open() {
      if (wanted) return;
      wanted = true;
      void begin(++run, 0);
    },
    close() {
      if (!wanted) return;
      wanted = false;
      run++;
      cancelWatch();
      ua?.stop();
      ua = undefined;
      socket = undefined;
    },
    hurry: () => void doubtGate(),
    get registered() {
      return ua?.isRegistered() ?? false;
    },
    ready: whenRegistered,
    placed: (call) => dial(call),
    take: dial,
  };
}

function createAgent(Agent: typeof UA, account: PbxAccount, socket: GateSocket): UA {
  const { endpoint, realm, ha1 } = account;
  return new Agent({
    sockets: [socket as never],
    uri: `sip:${endpoint}@${hostOf(account)}`,
    authorization_user: endpoint,
    realm,
    ha1,
    register_expires: REGISTER_EXPIRES_S,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 10,
    user_agent: 'Ringtag',
  });
}

/** The domain of our address: the realm where it can be one, else a name that goes nowhere. */
function hostOf({ realm }: PbxAccount): string {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(realm) ? realm : 'pbx.invalid';
}
