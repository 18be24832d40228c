// Keeps calls on devices that are there: what is unplugged gives way to the default, what was chosen and comes back is
// taken again, and the person is told. A call without any microphone goes on, shown as muted.
import type { Result } from '../call/errors.ts';
import type { LocalMedia } from '../call/media.ts';
import type { DeviceKind, PhoneErrorCode, PhoneNotice } from '../call/phone.ts';
import { DeviceList } from './devices-list.ts';

/** What a call offers to have its devices exchanged. */
export interface WorkingCall {
  readonly local: MediaStream | null;
  readonly muted: boolean;
  setMuted(muted: boolean): void;
  setMicrophone(track: MediaStreamTrack): void;
  setCamera(track: MediaStreamTrack): void;
  setVideo(on: boolean): Promise<PhoneErrorCode | null>;
}

export interface AtWorkOptions {
  readonly browser: Navigator;
  readonly media: LocalMedia;
  readonly sound: { follow(speakers: ReadonlySet<string>): void };
  readonly calls: () => readonly WorkingCall[];
  readonly notify: (notice: PhoneNotice) => void;
  readonly refused: (code: PhoneErrorCode) => void;
}

type Input = 'microphone' | 'camera';

const tracksOf = (call: WorkingCall, kind: Input) =>
  (kind === 'camera' ? call.local?.getVideoTracks() : call.local?.getAudioTracks()) ?? [];
const isLive = (track: MediaStreamTrack) => track.readyState === 'live';

export class DevicesAtWork {
  readonly #options: AtWorkOptions;
  readonly #watched = new WeakSet<MediaStreamTrack>();
  /** Muted because there is no microphone, not because the person wants it. */
  readonly #silenced = new Set<WorkingCall>();
  /** Chosen by hand and not gone over to yet. */
  readonly #wanted = new Set<DeviceKind>();
  #isLost = false;
  #speaker: string | undefined;
  #defaultMicrophone: string | undefined;
  #checking: Promise<void> | undefined;
  #again = false;

  constructor(options: AtWorkOptions) {
    this.#options = options;
    const check = () => void this.check();
    options.browser.mediaDevices?.addEventListener('devicechange', check);
    void this.#list().then((list) => this.#remember(list));
  }

  /** Something about the calls has changed. */
  look(): void {
    const calls = this.#options.calls();
    for (const call of calls) {
      for (const track of call.local?.getTracks() ?? []) this.#watch(track);
    }
    for (const call of this.#silenced) {
      if (!calls.includes(call)) this.#silenced.delete(call);
      // The person wants to be heard: perhaps there is a microphone by now.
      else if (!call.muted) void this.check();
    }
  }

  /** The person has chosen another one. */
  chosen(kind: DeviceKind): Promise<void> {
    this.#wanted.add(kind);
    return this.check();
  }

  /** Compares what is used with what is wanted and there; once more where something happens meanwhile. */
  check(): Promise<void> {
    this.#again = true;
    this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #checkAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const list = await this.#list();
      list.renew();
      this.#outputs(list);
      await this.#camera(list);
      await this.#microphone(list);
      this.#remember(list);
    }
    this.look();
  }

  #outputs(list: DeviceList): void {
    const { sound, calls, notify } = this.#options;
    sound.follow(new Set(list.options.speaker.map(({ id }) => id)));
    const byHand = this.#wanted.delete('speaker');
    this.#wanted.delete('ringer');
    const speaker = speakerOf(list);
    if (speaker && speaker !== this.#speaker && !byHand && calls().length > 0) {
      notify({ kind: 'speaker-changed', device: speaker });
    }
  }

  async #microphone(list: DeviceList): Promise<void> {
    const byHand = this.#wanted.delete('microphone');
    const calls = this.#options.calls().filter((call) => tracksOf(call, 'microphone').length > 0);
    const [call] = calls;
    if (!call) return;
    const used = calls.flatMap((each) => tracksOf(each, 'microphone')).find(isLive);
    const moved = used?.getSettings().deviceId === 'default' && this.#defaultIsOther(list);
    if (used && !byHand && !moved && isRight(used, list, 'microphone')) return;
    const opened = await this.#options.media.open('audio');
    if (opened.ok) this.#give(opened.value, byHand);
    // One that still works is better than none.
    else if (!used) this.#lost(opened);
  }

  /** Every call gets a track of its own, so that muting one leaves the other. */
  #give(stream: MediaStream, byHand: boolean): void {
    const { calls, notify } = this.#options;
    const [track] = stream.getAudioTracks();
    if (!track) return;
    const takers = calls().filter(({ local }) => local !== null);
    if (takers.length === 0) track.stop();
    this.#isLost = false;
    takers.forEach((call, index) => {
      call.setMicrophone(index === 0 ? track : track.clone());
      if (this.#silenced.delete(call)) call.setMuted(false);
    });
    if (!byHand) notify({ kind: 'microphone-changed', device: track.label });
  }

  #lost(why: Extract<Result<never>, { ok: false }>): void {
    const { calls, notify, refused } = this.#options;
    const heard = calls().filter(({ muted }) => !muted);
    for (const call of heard) {
      this.#silenced.add(call);
      call.setMuted(true);
    }
    // Said once, and again to whoever tries to be heard.
    if (this.#isLost && heard.length === 0) return;
    this.#isLost = true;
    notify({ kind: 'microphone-lost' });
    if (why.code !== 'MICROPHONE_MISSING') refused(why.code);
  }

  async #camera(list: DeviceList): Promise<void> {
    const byHand = this.#wanted.delete('camera');
    for (const call of this.#options.calls()) {
      const [used] = tracksOf(call, 'camera');
      if (!used || (isLive(used) && !byHand && isRight(used, list, 'camera'))) continue;
      const opened = await this.#options.media.openCamera();
      if (opened.ok) {
        call.setCamera(opened.value);
        if (!byHand) this.#options.notify({ kind: 'camera-changed', device: opened.value.label });
      } else if (!isLive(used)) {
        await call.setVideo(false);
        this.#options.notify({ kind: 'camera-lost' });
      }
    }
  }

  #watch(track: MediaStreamTrack): void {
    if (this.#watched.has(track)) return;
    this.#watched.add(track);
    track.addEventListener('ended', () => void this.check());
  }

  #remember(list: DeviceList): void {
    this.#speaker = speakerOf(list);
    this.#defaultMicrophone = list.defaultLabel('microphone');
  }

  #defaultIsOther(list: DeviceList): boolean {
    const now = list.defaultLabel('microphone');
    return now !== undefined && this.#defaultMicrophone !== undefined && now !== this.#defaultMicrophone;
  }

  #list(): Promise<DeviceList> {
    return DeviceList.of(this.#options.browser);
  }
}

function speakerOf(list: DeviceList): string | undefined {
  return list.find('speaker')?.label ?? list.defaultLabel('speaker');
}

/** What was chosen and is there, is used. */
function isRight(used: MediaStreamTrack, list: DeviceList, kind: Input): boolean {
  const wanted = list.find(kind);
  return wanted === undefined || used.getSettings().deviceId === wanted.id;
}
