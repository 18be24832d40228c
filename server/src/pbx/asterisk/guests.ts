// The port for visitors' calls on Asterisk: an endpoint and a ticket for each in the projection, a token for the gate,
// and what ARI tells of the call. All that must outlive a restart of the hub is in the ticket's row.
import { limits } from '@ringtag/server/protocol';
import { signGateToken } from '../../gate/token.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Ids } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { digestHa1 } from '../credentials.ts';
import type { GuestCall, GuestCallEvent, GuestLine } from '../guest-line.ts';
import { GuestCalls, type GuestFact, LOST_CAUSE } from './guest-calls.ts';
import { GUEST_DIAL, guestRows } from './guest-rows.ts';
import { createWarnings, type WarningsOptions } from './guest-warnings.ts';
import type { Bridge, Channel } from './live-state.ts';
import { LostPages } from './lost-pages.ts';
import type { Projection } from './projection.ts';
import type { Row, RowOptions } from './rows.ts';

export interface GuestsOptions {
  readonly projection: Pick<Projection, 'put' | 'remove' | 'tickets' | 'personOf' | 'hasRoute'>;
  readonly rowOptions: RowOptions;
  readonly isAvailable: () => boolean;
  /** Ends every channel of the endpoint; never rejects. */
  readonly endChannels: (endpoint: string) => Promise<void>;
  /** Ends one channel, for this Q.850 cause where one is given; never rejects. */
  readonly hangUp: (channelId: string, cause?: number) => Promise<void>;
  readonly say: WarningsOptions['say'];
  /** Closes the endpoint's connections at the gate; never rejects. */
  readonly closeAtGate: (endpoint: string) => Promise<void>;
  /** Public WebSocket URL of sip-gate and the secret it shares with the hub. */
  readonly gate: { readonly url: string; readonly secret: string };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

export interface Guests {
  readonly line: GuestLine;
  /** An event of ARI. */
  hear(event: unknown): void;
  /** All channels there are, and what joins them, after the connection was made anew. */
  hearAll(channels: readonly Channel[], bridges?: readonly Bridge[]): void;
  /** An endpoint of an employee's is no more. */
  forget(endpoint: string): void;
  /** Forgets pending timers. */
  stop(): void;
}

/** A call that was cut at its limit ends this close to it, by the hub's clock. */
const LIMIT_MARGIN_MS = 1_000;
/** Q.850: normal clearing; Asterisk has no cause where a caller took the call back. */
const NORMAL_CLEARING = 16;

export function createGuests(options: GuestsOptions): Guests {
  const { projection, clock, logger } = options;
  const calls = new GuestCalls();
  const pages = new LostPages();
  const warnings = createWarnings(options);
  /** The ticket's row, by endpoint. */
  const tickets = new Map(projection.tickets().map((row) => [String(row.id), row]));
  const timers = new Map<string, () => void>();
  /** When those who ring for somebody else now were passed on, by endpoint. */
  const partedAtMs = new Map<string, number>();
  const listeners = new Set<(event: GuestCallEvent) => void>();
  /** What was told before anybody listened. */
  const untold: GuestCallEvent[] = [];

  function tell(event: GuestCallEvent): void {
    if (listeners.size === 0) untold.push(event);
    for (const listener of listeners) listener(event);
  }

  function change(endpoint: string, columns: Row): void {
    const row = { ...tickets.get(endpoint), ...columns };
    tickets.set(endpoint, row);
    projection.put({ tickets: [row] });
  }

  function take(fact: GuestFact): void {
    const ticket = tickets.get(fact.endpoint);
    const { endpoint } = fact;
    if (!ticket) {
      // Closed while nobody could end its call.
      if (fact.kind === 'begun') void options.endChannels(endpoint);
      return;
    }
    const visitId = ticket.visit ?? '';
    switch (fact.kind) {
      case 'begun':
        if (ticket.progress === '') change(endpoint, { progress: 'called' });
        break;
      case 'ringing':
        tell({ kind: 'ringing', visitId });
        break;
      case 'answered':
        answered(ticket, fact.by);
        break;
      case 'parted':
        partedAtMs.set(endpoint, clock.now());
        warnings.drop(endpoint);
        change(endpoint, { answered_by: '' });
        tell({ kind: 'parted', visitId });
        break;
      case 'passed':
        passed(ticket, fact);
        break;
      case 'left':
        left(ticket, fact);
        break;
      case 'held':
        tell({ kind: 'held', visitId, isHeld: fact.isHeld });
        break;
      case 'declined':
        stopOthersOf(fact);
        break;
      case 'over':
        over(ticket, fact.cause);
        break;
    }
  }

  function answered(ticket: Row, by: string | undefined): void {
    const { id: endpoint = '', visit: visitId = '' } = ticket;
    // Told before, by this hub or the one before it, which may not have heard who has it since.
    if (ticket.progress === 'answered') {
      if (by !== undefined) met(ticket, by);
      return;
    }
    change(endpoint, {
      ...{ progress: 'answered', answered_ms: String(clock.now()), answered_by: by ?? '', parted: '' },
    });
    const personId = by === undefined ? undefined : projection.personOf(by);
    tell({ kind: 'answered', visitId, ...(personId === undefined ? {} : { personId }) });
  }

  /** After a connection was made anew: who talks to it may be another one, who was joined may still be there. */
  function met(ticket: Row, by: string): void {
    const channel = calls.partnerOf(ticket.id ?? '')?.channel;
    if (channel === undefined) return;
    const isJoined = by === ticket.answered_by && ticket.joined === 'yes';
    passed(ticket, { by, channel, isJoined });
  }

  function passed(
    ticket: Row,
    { by, channel, isJoined }: Pick<GuestFact & { kind: 'passed' }, 'by' | 'channel' | 'isJoined'>,
  ): void {
    const { id: endpoint = '', visit: visitId = '', answered_by: before, language = 'en' } = ticket;
    const partedAt = partedAtMs.get(endpoint);
    const pausedMs = partedAt === undefined ? 0 : clock.now() - partedAt;
    const answeredMs = Number(ticket.answered_ms) + pausedMs;
    const endsAtMs = answeredMs + Number(ticket.max_seconds) * 1_000;
    if (isJoined) warnings.plan(endpoint, { channel, language, endsAtMs });
    else warnings.drop(endpoint);
    if (by === before && partedAt === undefined) return;
    partedAtMs.delete(endpoint);
    const joined = isJoined ? 'yes' : '';
    change(endpoint, { answered_ms: String(answeredMs), answered_by: by, joined, parted: '' });
    const personId = projection.personOf(by);
    tell({ kind: 'passed', visitId, ...(personId === undefined ? {} : { personId }), pausedMs });
  }

  /** The dialplan waits for this word, and rings again for who is lost: that one is still `answered_by`. */
  function left({ id: endpoint = '', visit: visitId = '' }: Row, fact: GuestFact & { kind: 'left' }): void {
    warnings.drop(endpoint);
    change(endpoint, { parted: `${fact.isLost ? 'lost' : 'over'}-${fact.channel}` });
    if (!fact.isLost) return;
    partedAtMs.set(endpoint, clock.now());
    tell({ kind: 'lost', visitId });
  }

  /** A person who declines on one device has declined on all of them. */
  function stopOthersOf({ endpoint, by }: GuestFact & { kind: 'declined' }): void {
    const person = projection.personOf(by);
    if (person === undefined) return;
    for (const [channel, leg] of calls.legsOf(endpoint))
      if (leg !== by && projection.personOf(leg) === person) void options.hangUp(channel);
  }

  function over(ticket: Row, cause: number): void {
    const { id: endpoint = '', visit: visitId = '', answered_ms: answeredAt, max_seconds: most } = ticket;
    warnings.drop(endpoint);
    if (ticket.progress === 'over') return;
    // One call for one ticket: its credentials only say good-bye now.
    change(endpoint, { turns: '', progress: 'over', answered_by: '' });
    const cutAtMs = answeredAt ? Number(answeredAt) + Number(most) * 1_000 : Number.POSITIVE_INFINITY;
    const tooLong = clock.now() >= cutAtMs - LIMIT_MARGIN_MS;
    timers.set(
      endpoint,
      clock.after(limits.GUEST_AFTER_MS, () => void retire(endpoint)),
    );
    tell({ kind: 'ended', visitId, cause: cause || NORMAL_CLEARING, tooLong });
  }

  /** Refused first, then its call and its connections end: in this order, so that its browser still hears of the end. */
  async function retire(endpoint: string): Promise<void> {
    timers.get(endpoint)?.();
    timers.delete(endpoint);
    partedAtMs.delete(endpoint);
    warnings.drop(endpoint);
    tickets.delete(endpoint);
    try {
      projection.remove(endpoint, {});
    } finally {
      await options.endChannels(endpoint);
      await options.closeAtGate(endpoint);
    }
  }

  const endpointsOf = (isMeant: (ticket: Row) => boolean): string[] =>
    [...tickets].filter(([, ticket]) => isMeant(ticket)).map(([endpoint]) => endpoint);

  async function retireAll(isMeant: (ticket: Row) => boolean): Promise<void> {
    await Promise.all(endpointsOf(isMeant).map(retire));
  }

  /** Good as long as the call may be: a browser that changes networks comes back by the same address. */
  function gateUrl(endpoint: string, { origin, turns, ringSeconds, maxSeconds }: GuestCall): string {
    const url = new URL(options.gate.url);
    const callMs = (turns.length * ringSeconds + maxSeconds) * 1_000;
    const expiresAtMs = clock.now() + limits.GATE_TOKEN_MS + callMs;
    const token = signGateToken({ endpoint, origin, kind: 'guest', expiresAtMs }, options.gate.secret);
    url.searchParams.set('token', token);
    return url.href;
  }

  const line: GuestLine = {
    get available() {
      return options.isAvailable();
    },
    hasRoute: (extension) => projection.hasRoute(extension),
    async open(call) {
      await retireAll(({ visit }) => visit === call.visitId);
      const { realm } = options.rowOptions;
      const endpoint = options.ids.next('g');
      const ha1 = digestHa1({ user: endpoint, realm, password: options.ids.secret() });
      const rows = guestRows({ endpoint, ha1, call }, options.rowOptions);
      projection.put(rows);
      for (const row of rows.tickets ?? []) tickets.set(endpoint, row);
      return { endpoint, realm, ha1, dial: GUEST_DIAL, gateUrl: gateUrl(endpoint, call) };
    },
    close: (visitId) => retireAll(({ visit }) => visit === visitId),
    closeAllBut: (visitIds) => {
      const kept = new Set(visitIds);
      return retireAll(({ visit = '', progress }) => !kept.has(visit) || progress === 'over');
    },
    on(listener) {
      listeners.add(listener);
      for (const event of untold.splice(0)) listener(event);
      return () => listeners.delete(listener);
    },
  };

  return {
    line,
    hear(event) {
      for (const fact of calls.hear(event)) take(fact);
      const gone = pages.hear(event);
      if (gone === undefined) return;
      for (const channel of calls.channelsWith(gone)) void options.hangUp(channel, LOST_CAUSE);
    },
    hearAll(channels, bridges) {
      for (const fact of calls.reset(channels, bridges)) take(fact);
      // Begun before this hub was, and gone since.
      for (const endpoint of endpointsOf(
        ({ progress }) => progress === 'called' || progress === 'answered',
      )) {
        if (!calls.isCalling(endpoint)) take({ kind: 'over', endpoint, cause: 41 });
      }
      logger.debug({ guests: tickets.size }, 'visitors at the telephone exchange');
    },
    forget: (endpoint) => pages.forget(endpoint),
    stop() {
      warnings.stop();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
