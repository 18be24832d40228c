// What other devices of this browser carry, another site's page or the pop-out, and what this one tells them of its
// own calls (SPEC D4). They are shown and steered here; their media are there.
import type { Ack, CallsElsewhere, ShowCalls, ShownCall, SteerCall } from '@ringtag/server/protocol';
import { SHOWN_CALLS } from '@ringtag/server/protocol/limits';
import type { Clock } from '../call/clock.ts';
import type { CallView } from '../call/phone.ts';

/** Changes of a moment are told together. */
const SHOW_MS = 250;

export interface OtherDevicesOptions {
  readonly clock: Clock;
  readonly show: (event: ShowCalls) => Promise<Ack | undefined>;
  readonly steer: (event: SteerCall) => Promise<Ack | undefined>;
}

interface Device {
  readonly popOut: boolean;
  readonly connected: boolean;
  readonly views: readonly CallView[];
}

export class OtherDevices {
  readonly #options: OtherDevicesOptions;
  readonly #devices = new Map<string, Device>();
  #own: readonly CallView[] = [];
  #told = '[]';
  #cancelShow: (() => void) | undefined;

  constructor(options: OtherDevicesOptions) {
    this.#options = options;
  }

  get views(): readonly CallView[] {
    return [...this.#devices.values()].flatMap(({ views }) => views);
  }

  /** The device that the open pop-out is. */
  get popOut(): string | null {
    for (const [deviceId, { popOut, connected }] of this.#devices) if (popOut && connected) return deviceId;
    return null;
  }

  /** All there is, as a snapshot says; then this device's own calls are told anew. */
  reset(events: readonly CallsElsewhere[]): void {
    this.#devices.clear();
    for (const event of events) this.hear(event);
    this.#told = '[]';
    this.#showSoon();
  }

  hear({ deviceId, popOut, connected, calls }: CallsElsewhere): void {
    if (!connected && calls.length === 0) this.#devices.delete(deviceId);
    else {
      const now = this.#options.clock.now();
      const views = calls.map((call) => viewOf(call, { deviceId, popOut, now }));
      this.#devices.set(deviceId, { popOut, connected, views });
    }
  }

  /** Settles with whether the call is one of theirs; it then is as steered, or shows that it is not. */
  steer(viewId: string, command: SteerCall['command']): boolean {
    const view = this.views.find(({ callId }) => callId === viewId);
    if (!view?.elsewhere) return false;
    const { deviceId } = view.elsewhere;
    void this.#options.steer({ deviceId, callId: viewId.slice(deviceId.length + 1), command });
    return true;
  }

  /** Tells the others what this device carries, if that has changed. */
  show(views: readonly CallView[]): void {
    this.#own = views;
    this.#showSoon();
  }

  #showSoon(): void {
    if (this.#cancelShow || comparable(this.#own) === this.#told) return;
    this.#cancelShow = this.#options.clock.after(SHOW_MS, () => {
      this.#cancelShow = undefined;
      this.#told = comparable(this.#own);
      const now = this.#options.clock.now();
      void this.#options.show({ calls: this.#own.flatMap((view) => shown(view, now)).slice(0, SHOWN_CALLS) });
    });
  }
}

/** The running time goes on by itself and is no change. */
const comparable = (views: readonly CallView[]) => JSON.stringify(views.flatMap((view) => shown(view, 0)));

function shown(view: CallView, now: number): ShownCall[] {
  const { callId, hubCallId, direction, via, peer, media, muted, activeSinceMs, visit } = view;
  const phase = view.phase === 'preparing' ? 'dialing' : view.phase;
  if (phase === 'ringing' || phase === 'ending' || phase === 'ended') return [];
  const activeForMs = activeSinceMs === undefined ? undefined : Math.max(0, Math.round(now - activeSinceMs));
  return [
    {
      callId: hubCallId ?? callId,
      ...{ direction, via, phase, peer, media, muted },
      ...(activeForMs === undefined ? {} : { activeForMs }),
      ...(visit ? { visit: { visitId: visit.visitId } } : {}),
    },
  ];
}

function viewOf(
  call: ShownCall,
  { deviceId, popOut, now }: { readonly deviceId: string; readonly popOut: boolean; readonly now: number },
): CallView {
  const { callId, activeForMs, ...rest } = call;
  return {
    ...rest,
    // The same call may be shown here as one that has just gone there.
    callId: `${deviceId}/${callId}`,
    hubCallId: callId,
    held: call.phase === 'held',
    peerHeld: false,
    peerMuted: false,
    videoOn: false,
    peerVideoOn: false,
    offerDeskPhone: false,
    elsewhere: { deviceId, popOut },
    ...(activeForMs === undefined ? {} : { activeSinceMs: now - activeForMs }),
  };
}
