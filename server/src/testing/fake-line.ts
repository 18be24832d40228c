// For tests: a telephone exchange for visitors' calls that writes down what it is asked, and says what the test wants.
import { settle } from '../calls/stage.ts';
import type { GuestCall, GuestCallEvent, GuestLine } from '../pbx/guest-line.ts';

export interface FakeLine extends GuestLine {
  available: boolean;
  /** Extensions that nobody's device is behind, and nothing else. */
  readonly unrouted: Set<string>;
  /** Opening one rejects. */
  failsToOpen: boolean;
  /** Calls that could be made now, by visit. */
  readonly calls: Map<string, GuestCall>;
  readonly closed: string[];
  keptAtStart: readonly string[];
  /** What the exchange says next. */
  tell(event: GuestCallEvent): Promise<void>;
}

export function createFakeLine(): FakeLine {
  const listeners = new Set<(event: GuestCallEvent) => void>();
  const line: FakeLine = {
    available: true,
    unrouted: new Set(),
    hasRoute: (extension) => !line.unrouted.has(extension),
    failsToOpen: false,
    calls: new Map(),
    closed: [],
    keptAtStart: [],
    async open(call) {
      if (line.failsToOpen) throw new Error('no line');
      line.calls.set(call.visitId, call);
      const endpoint = `g-${call.visitId}`;
      return { endpoint, realm: 'ringtag', ha1: 'x', gateUrl: 'wss://hub.example.test/sip', dial: 'visit' };
    },
    async close(visitId) {
      line.calls.delete(visitId);
      line.closed.push(visitId);
    },
    async closeAllBut(visitIds) {
      line.keptAtStart = visitIds;
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async tell(event) {
      for (const listener of listeners) listener(event);
      await settle();
    },
  };
  return line;
}
