// A fake of the `Phone` interface: no hub, no media. It exists so that elements can be brought into every state at
// will, for screenshots and browser tests; what the real phone does is tested where it lives.
import type { MediaKind, Peer, Person, ResolveItem } from '@ringtag/server/protocol';
import type { CallView, Phone, PhoneState, PhoneTarget } from '../src/call/phone.ts';

const person = (id: string, name: string, unit: string, extension: string, online: boolean): Person => ({
  id,
  name,
  unit,
  email: `${id}@example.org`,
  numbers: [{ kind: 'extension', number: extension }],
  online,
});

export const people: readonly Person[] = [
  person('alice', 'Alice Almeida', 'Accounting', '1001', true),
  person('bruno', 'Bruno Barros', 'Support', '1002', true),
  person('carla', 'Carla Costa', 'Legal', '1003', false),
  person('duarte', 'Duarte Dias', 'Facilities', '1004', true),
  person('elsa', 'Elsa Esteves', 'Research', '1005', false),
];

export const signedOut: PhoneState = {
  status: 'signed-out',
  leads: true,
  me: null,
  signIn: {},
  calls: [],
  telephone: true,
  soundBlocked: false,
  error: null,
};

const alice = people[0] as Person;
export const ready: PhoneState = { ...signedOut, status: 'ready', me: { ...alice, extension: '1001' } };

export function peerOf(who: Person): Peer {
  return { personId: who.id, name: who.name, ...(who.unit === undefined ? {} : { unit: who.unit }) };
}

/** An active outgoing call to Bruno, with changes. */
export function callView(changes: Partial<CallView> = {}): CallView {
  return {
    callId: 'c1',
    direction: 'out',
    via: 'room',
    phase: 'active',
    peer: peerOf(people[1] as Person),
    media: 'audio',
    muted: false,
    held: false,
    peerHeld: false,
    peerMuted: false,
    videoOn: false,
    peerVideoOn: false,
    offerDeskPhone: false,
    ...changes,
  };
}

export class FakePhone implements Phone {
  state: PhoneState;
  /** Every command, as `['call', {personId: 'bruno'}, 'audio']`. */
  readonly commands: unknown[][] = [];
  readonly #listeners = new Set<(state: PhoneState) => void>();
  readonly #find = async (query: string): Promise<readonly Person[]> =>
    query === '' ? people.filter(({ id }) => id !== this.state.me?.id) : found(query);
  /** How searches end; tests may make them fail or wait. */
  answerSearch: (query: string) => Promise<readonly Person[]> = this.#find;
  localStream: MediaStream | null = null;
  remoteStream: MediaStream | null = null;
  resolveBatches: number[] = [];
  #serial = 1;

  constructor(state: PhoneState = ready) {
    this.state = state;
  }

  /** As at the beginning, with nobody signed in. */
  reset(): void {
    this.answerSearch = this.#find;
    this.localStream = null;
    this.remoteStream = null;
    this.set(signedOut);
  }

  set(changes: Partial<PhoneState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.state);
  }

  /** Changes the one call there is. */
  change(changes: Partial<CallView>, callId?: string): void {
    this.set({
      calls: this.state.calls.map((call) =>
        callId === undefined || call.callId === callId ? { ...call, ...changes } : call,
      ),
    });
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }

  signIn(): void {
    this.commands.push(['signIn']);
    this.set({ status: 'signing-in' });
  }
  signInHere(): void {
    this.commands.push(['signInHere']);
  }
  cancelSignIn(): void {
    this.commands.push(['cancelSignIn']);
    this.set({ status: 'signed-out', signIn: {} });
  }
  async signOut(): Promise<void> {
    this.commands.push(['signOut']);
    this.set({ status: 'signed-out', me: null, calls: [] });
  }
  call(target: PhoneTarget, media: MediaKind = 'audio'): void {
    this.commands.push(['call', target, media]);
    const to = 'personId' in target ? people.find(({ id }) => id === target.personId) : undefined;
    const peer = to ? peerOf(to) : { name: 'number' in target ? target.number : 'Somebody' };
    this.#serial += 1;
    this.set({ calls: [callView({ callId: `c${this.#serial}`, phase: 'dialing', peer, media })] });
  }
  answer(callId: string, media: MediaKind = 'audio'): void {
    this.commands.push(['answer', callId, media]);
    this.change({ phase: 'active', activeSinceMs: performance.now() }, callId);
  }
  decline(callId: string, message?: string): void {
    this.commands.push(['decline', callId, message]);
    this.change({ phase: 'ended', ended: { reason: 'declined' } }, callId);
  }
  hangUp(callId: string): void {
    this.commands.push(['hangUp', callId]);
    this.change({ phase: 'ended', ended: { reason: 'hangup' } }, callId);
  }
  dismiss(callId: string): void {
    this.commands.push(['dismiss', callId]);
    this.set({ calls: this.state.calls.filter((call) => call.callId !== callId) });
  }
  setMuted(callId: string, muted: boolean): void {
    this.commands.push(['setMuted', callId, muted]);
    this.change({ muted }, callId);
  }
  setHeld(callId: string, held: boolean): void {
    this.commands.push(['setHeld', callId, held]);
    this.change({ held, phase: held ? 'held' : 'active' }, callId);
  }
  setVideo(callId: string, on: boolean): void {
    this.commands.push(['setVideo', callId, on]);
    this.change({ videoOn: on }, callId);
  }
  sendDigits(callId: string, digits: string): void {
    this.commands.push(['sendDigits', callId, digits]);
  }
  ringDeskPhone(callId: string): void {
    this.commands.push(['ringDeskPhone', callId]);
  }
  streams(): { readonly local: MediaStream | null; readonly remote: MediaStream | null } {
    return { local: this.localStream, remote: this.remoteStream };
  }
  search(query: string): Promise<readonly Person[]> {
    this.commands.push(['search', query]);
    return this.answerSearch(query);
  }
  async resolve(items: readonly ResolveItem[]): Promise<readonly (Person | null)[]> {
    this.resolveBatches.push(items.length);
    return items.map((item) => people.find((candidate) => matches(candidate, item)) ?? null);
  }
  unblockSound(): void {
    this.commands.push(['unblockSound']);
    this.set({ soundBlocked: false });
  }
}

function found(query: string): readonly Person[] {
  const wanted = query.toLowerCase();
  return people.filter(
    ({ name, email, unit }) =>
      [name, email, unit].some((text) => text?.toLowerCase().includes(wanted)) && name !== '',
  );
}

function matches(candidate: Person, item: ResolveItem): boolean {
  if ('personId' in item) return candidate.id === item.personId;
  if ('email' in item) return candidate.email === item.email.toLowerCase();
  if ('number' in item) return candidate.numbers.some(({ number }) => number === item.number);
  return candidate.name === item.name;
}
