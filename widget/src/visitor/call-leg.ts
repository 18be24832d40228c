// The visitor's one call: an INVITE to the one place that its account may dial (SPEC P5), over the gate, without ever
// registering. Everything after that is the same leg as an employee's telephone call.
import type { GuestAccount, QualityReport } from '@ringtag/server/protocol';
import type { UA } from 'jssip/lib/UA.js';
import type { LegEvent } from '../call/call.ts';
import type { Clock } from '../call/clock.ts';
import { done } from '../call/errors.ts';
import { GateSocket } from '../sip/gate-socket.ts';
import { SipLeg } from '../sip/sip-leg.ts';

/** The gate, or the way to it, does not answer. */
const CONNECT_MS = 10_000;
const DOUBT_MS = 1_000;
const FAREWELL_MS = 1_000;

export interface CallLegOptions {
  /** Good for the whole call, the gate's token included. */
  readonly account: GuestAccount;
  readonly stream: MediaStream;
  readonly clock: Clock;
  readonly report: (event: LegEvent) => void;
  /** How it has sounded so far; about every minute and at the end. */
  readonly sounded: (report: QualityReport) => void;
}

export interface CallLeg {
  setMuted(muted: boolean): void;
  end(): void;
}

async function loadJsSip(): Promise<{ UA: typeof UA }> {
  const module = await import('jssip');
  // CommonJS: bundlers and browsers disagree on where its exports land.
  return (module as unknown as { default?: typeof module }).default ?? module;
}

/** Calls; rejects where the library cannot be fetched. */
export async function startLeg(options: CallLegOptions, load = loadJsSip): Promise<CallLeg> {
  const { account, stream, clock, report } = options;
  const { UA: Agent } = await load();
  const known = done({ ...account, extension: '' });
  const socket = new GateSocket({ account: async () => known, fresh() {} }, clock.now);
  const agent = createAgent(Agent, account, socket);
  const leg = new SipLeg(
    { direction: 'out', ua: agent, dial: account.dial, iceServers: account.iceServers },
    {
      clock,
      tellHub() {},
      closed: stop,
      // The leg has just asked the far end for another path: a gate that is there has answered by then.
      doubtGate() {
        const askedAtMs = clock.now();
        clock.after(DOUBT_MS, () => {
          if (!socket.isConnected() || socket.heardAtMs >= askedAtMs) return;
          socket.drop();
          socket.connect();
        });
      },
      reportQuality: options.sounded,
    },
  );
  const cancelDeadline = clock.after(CONNECT_MS, () => {
    stop();
    report({ type: 'over', end: { reason: 'error', code: 'PBX_UNAVAILABLE' } });
  });
  let hasCalled = false;

  function stop(): void {
    cancelDeadline();
    // After the BYE.
    clock.after(FAREWELL_MS, () => agent.stop());
  }

  leg.start(report);
  agent.on('connected', () => {
    cancelDeadline();
    // The far end's BYE would go to the connection that is dead.
    if (hasCalled) leg.refresh();
    else leg.setMedia(stream);
    hasCalled = true;
  });
  agent.start();
  return { setMuted: (muted) => leg.setMuted(muted), end: () => leg.end('hangup') };
}

function createAgent(Agent: typeof UA, { endpoint, realm, ha1 }: GuestAccount, socket: GateSocket): UA {
  return new Agent({
    sockets: [socket as never],
    // The domain of our address: the realm where it can be one, else a name that goes nowhere.
    uri: `sip:${endpoint}@${/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(realm) ? realm : 'pbx.invalid'}`,
    authorization_user: endpoint,
    realm,
    ha1,
    register: false,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 10,
    user_agent: 'Ringtag',
  });
}
