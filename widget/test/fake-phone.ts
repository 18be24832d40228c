// A fake of the `Phone` interface: no hub, no media. It exists so that elements can be brought into every state at
// will, for screenshots and browser tests; what the real phone does is tested where it lives.
import type {
  HistoryEntry,
  HistoryPage,
  MediaKind,
  Peer,
  Person,
  ResolveItem,
} from '@ringtag/server/protocol';
import type {
  CallView,
  DeviceKind,
  Devices,
  DevicesState,
  Phone,
  PhoneState,
  PhoneTarget,
} from '../src/call/phone.ts';
import { FakeVisits } from './fake-visits.ts';

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
  { ...person('duarte', 'Duarte Dias', 'Facilities', '1004', true), doNotDisturb: true },
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
  doNotDisturb: false,
  quietUntilMs: null,
  missed: 0,
  popOut: 'closed',
  notice: null,
  canRedial: false,
  visitors: null,
};

const alice = people[0] as Person;
export const ready: PhoneState = { ...signedOut, status: 'ready', me: { ...alice, extension: '1001' } };

export function peerOf(who: Person): Peer {
  return { personId: who.id, name: who.name, ...(who.unit === undefined ? {} : { unit: who.unit }) };
}

const MINUTE_MS = 60_000;
const entry = (who: number, agoMinutes: number, changes: Partial<HistoryEntry>): HistoryEntry => ({
  callId: `h${agoMinutes}`,
  direction: 'out',
  peer: peerOf(people[who] as Person),
  media: 'audio',
  via: 'room',
  result: 'answered',
  agoMs: agoMinutes * MINUTE_MS,
  ...changes,
});

/** One call of each kind, newest first, and more to come. */
export const history: HistoryPage = {
  calls: [
    entry(1, 2, { direction: 'in', result: 'missed' }),
    entry(1, 12, { lengthMs: 192_000 }),
    entry(2, 60, { direction: 'in', lengthMs: 41_000, transferredTo: peerOf(people[3] as Person) }),
    entry(3, 24 * 60, { result: 'no-answer' }),
    entry(4, 3 * 24 * 60, { direction: 'in', result: 'declined', media: 'video' }),
    entry(0, 20 * 24 * 60, {
      peer: { name: '+351 210 000 000', number: '+351210000000' },
      via: 'pbx',
      result: 'busy',
    }),
  ],
  next: 'older',
};

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
    this.answerHistory = this.#noHistory;
    this.localStream = null;
    this.remoteStream = null;
    this.fakeDevices.set(someDevices);
    this.fakeVisits.reset();
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
  swap(callId: string): void {
    this.commands.push(['swap', callId]);
    this.set({
      calls: this.state.calls.map((call) =>
        call.phase === 'active' || call.phase === 'held'
          ? { ...call, held: call.callId !== callId, phase: call.callId === callId ? 'active' : 'held' }
          : call,
      ),
    });
  }
  transfer(callId: string, target: PhoneTarget): void {
    this.commands.push(['transfer', callId, target]);
    this.change({ transfer: { to: targetPeer(target), state: 'calling' } }, callId);
  }
  consult(callId: string, target: PhoneTarget): void {
    this.commands.push(['consult', callId, target]);
    this.change({ held: true, phase: 'held' }, callId);
    this.#serial += 1;
    const consult = callView({
      callId: `c${this.#serial}`,
      phase: 'dialing',
      peer: targetPeer(target),
      consultFor: callId,
    });
    this.set({ calls: [...this.state.calls, consult] });
  }
  completeTransfer(callId: string): void {
    this.commands.push(['completeTransfer', callId]);
    for (const call of this.state.calls) {
      this.change({ phase: 'ended', ended: { reason: 'transferred' } }, call.callId);
    }
  }
  redial(): void {
    this.commands.push(['redial']);
  }
  setDoNotDisturb(on: boolean, forMs?: number): void {
    this.commands.push(['setDoNotDisturb', on, forMs]);
    this.set({ doNotDisturb: on, quietUntilMs: forMs === undefined ? null : Date.now() + forMs });
  }
  readonly #noHistory = async (): Promise<HistoryPage | null> => ({ calls: [] });
  /** How the person's own calls are told; tests may make it fail or wait. */
  answerHistory: (before?: string) => Promise<HistoryPage | null> = this.#noHistory;
  history(before?: string): Promise<HistoryPage | null> {
    this.commands.push(['history', before]);
    return this.answerHistory(before);
  }
  lookAtRecent(): void {
    this.commands.push(['lookAtRecent']);
    this.set({ missed: 0 });
  }
  popOut(): void {
    this.commands.push(['popOut']);
    this.set({ popOut: 'opening' });
  }
  showCall(callId: string): void {
    this.commands.push(['showCall', callId]);
  }
  dismissNotice(): void {
    this.commands.push(['dismissNotice']);
    this.set({ notice: null });
  }
  readonly devicesPageUrl = 'https://hub.example/devices';
  readonly fakeDevices = new FakeDevices();
  async devices(): Promise<FakeDevices> {
    return this.fakeDevices;
  }
  readonly fakeVisits = new FakeVisits();
  async visits(): Promise<FakeVisits> {
    return this.fakeVisits;
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

export const someDevices: DevicesState = {
  microphone: 'granted',
  camera: 'prompt',
  options: {
    microphone: [
      { id: 'm1', label: 'Headset' },
      { id: 'm2', label: 'Built-in microphone' },
    ],
    speaker: [{ id: 's1', label: 'Headset' }],
    ringer: [{ id: 's1', label: 'Headset' }],
    camera: [],
  },
  chosen: {},
  canChooseSpeaker: true,
  asksForSpeaker: false,
  test: 'idle',
  notifications: 'default',
  error: null,
};

/** Devices that are not there: what is shown and asked for, nothing else. */
export class FakeDevices implements Devices {
  state: DevicesState = someDevices;
  readonly commands: unknown[][] = [];
  readonly #listeners = new Set<(state: DevicesState) => void>();
  set(changes: Partial<DevicesState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.state);
  }
  subscribe(listener: (state: DevicesState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }
  choose(kind: DeviceKind, id: string | null): void {
    this.commands.push(['choose', kind, id]);
    const { [kind]: _, ...others } = this.state.chosen;
    this.set({ chosen: id === null ? others : { ...others, [kind]: id } });
  }
  async askForSpeaker(kind: 'speaker' | 'ringer'): Promise<void> {
    this.commands.push(['askForSpeaker', kind]);
  }
  watchLevel(listener: (level: number) => void): () => void {
    this.commands.push(['watchLevel']);
    const timer = setInterval(() => listener(0.4), 50);
    return () => {
      clearInterval(timer);
      this.commands.push(['unwatchLevel']);
    };
  }
  async testMicrophone(): Promise<void> {
    this.commands.push(['testMicrophone']);
    this.set({ test: 'recording' });
  }
  stopTest(): void {
    this.set({ test: 'idle' });
  }
  async testSpeaker(kind: 'speaker' | 'ringer'): Promise<void> {
    this.commands.push(['testSpeaker', kind]);
  }
  /** What the camera shows; tests may draw it. */
  picture: MediaStream | null = null;
  async openCamera(): Promise<MediaStream | null> {
    this.commands.push(['openCamera']);
    return this.picture;
  }
  async askNotifications(): Promise<void> {
    this.commands.push(['askNotifications']);
  }
}

function targetPeer(target: PhoneTarget): Peer {
  const to = 'personId' in target ? people.find(({ id }) => id === target.personId) : undefined;
  return to ? peerOf(to) : { name: 'number' in target ? target.number : 'Somebody' };
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
