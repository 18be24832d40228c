// The devices of this browser for the settings, and their exchange during calls. A chunk of its own: a phone that
// neither talks nor is being set up does without it.
import type { LocalMedia } from '../call/media.ts';
import { permissionOf, stopTracks } from '../call/media.ts';
import type { DeviceKind, DeviceOption, Devices, DevicesState, PhoneErrorCode } from '../call/phone.ts';
import { createObservable } from '../call/state.ts';
import { type AtWorkOptions, DevicesAtWork } from './devices-at-work.ts';
import { CHOSEN_KEY, chosenDevices } from './devices-chosen.ts';
import { watchStream } from './devices-level.ts';
import { DeviceList, keepChosen } from './devices-list.ts';
import { chime, playBack } from './devices-sound-check.ts';
import { notificationState } from './notifications.ts';

export interface DevicesOptions extends Omit<AtWorkOptions, 'browser'> {
  readonly browser?: Navigator;
  readonly media: LocalMedia;
}

/** Firefox asks itself which speaker a page gets. */
type SpeakerAsker = MediaDevices & {
  selectAudioOutput?(options?: { deviceId?: string }): Promise<MediaDeviceInfo>;
};

export class BrowserDevices implements Devices {
  readonly #options: DevicesOptions;
  readonly #browser: Navigator;
  readonly #atWork: DevicesAtWork;
  readonly #observable;
  #asked: PermissionStatus[] = [];
  #test: AbortController | undefined;
  /** Meters that are watched; each is opened anew when another microphone is chosen. */
  readonly #meters = new Set<() => void>();

  constructor(options: DevicesOptions) {
    const { browser = navigator } = options;
    this.#options = options;
    this.#browser = browser;
    this.#atWork = new DevicesAtWork({ ...options, browser });
    const { prototype } = globalThis.HTMLMediaElement ?? { prototype: {} };
    this.#observable = createObservable<DevicesState>({
      microphone: 'unknown',
      camera: 'unknown',
      options: { microphone: [], speaker: [], ringer: [], camera: [] },
      chosen: chosenIds(),
      canChooseSpeaker: 'setSinkId' in prototype,
      asksForSpeaker: typeof (browser.mediaDevices as SpeakerAsker)?.selectAudioOutput === 'function',
      test: 'idle',
      notifications: notificationState(),
      error: null,
    });
    const refresh = () => void this.#refresh();
    browser.mediaDevices?.addEventListener('devicechange', refresh);
    // Chosen in another tab of this site.
    window.addEventListener('storage', ({ key }) => {
      if (key === CHOSEN_KEY) void this.#follow(['microphone', 'speaker', 'ringer', 'camera']);
    });
    void this.#askPermissions().then(refresh);
  }

  get state(): DevicesState {
    return this.#observable.value;
  }

  subscribe(listener: (state: DevicesState) => void): () => void {
    return this.#observable.subscribe(listener);
  }

  /** Something about the calls has changed. */
  look(): void {
    this.#atWork.look();
  }

  choose(kind: DeviceKind, id: string | null): void {
    const option = this.state.options[kind].find((each) => each.id === id);
    this.#choose(kind, option);
  }

  async askForSpeaker(kind: 'speaker' | 'ringer'): Promise<void> {
    try {
      const asked = await (this.#browser.mediaDevices as SpeakerAsker).selectAudioOutput?.();
      if (asked) this.#choose(kind, { id: asked.deviceId, label: asked.label });
    } catch {
      // The person chose none: all stays as it was.
    }
    await this.#refresh();
  }

  watchLevel(listener: (level: number) => void): () => void {
    let stop = () => {};
    let attempt = 0;
    const open = async () => {
      const own = ++attempt;
      stop();
      const opened = await this.#openMicrophone();
      if (!opened) return;
      if (own !== attempt) return stopTracks(opened);
      const stopWatching = watchStream(opened, listener);
      stop = () => {
        stopWatching();
        stopTracks(opened);
      };
    };
    const again = () => void open();
    this.#meters.add(again);
    again();
    return () => {
      this.#meters.delete(again);
      attempt++;
      stop();
    };
  }

  async testMicrophone(): Promise<void> {
    const signal = this.#begin('recording');
    const stream = await this.#openMicrophone();
    try {
      if (stream) await playBack(stream, () => this.#show({ test: 'playing' }), signal);
    } catch {
      this.#show({ error: 'MEDIA_FAILED' });
    } finally {
      stopTracks(stream);
      this.#end(signal);
    }
  }

  async testSpeaker(kind: 'speaker' | 'ringer'): Promise<void> {
    const signal = this.#begin('playing');
    try {
      await chime(kind, signal);
    } catch {
      this.#show({ error: 'MEDIA_FAILED' });
    } finally {
      this.#end(signal);
    }
  }

  stopTest(): void {
    this.#test?.abort();
    this.#test = undefined;
    this.#show({ test: 'idle' });
  }

  async openCamera(): Promise<MediaStream | null> {
    const opened = await this.#options.media.openCamera();
    await this.#opened(opened.ok ? null : opened.code);
    return opened.ok ? new MediaStream([opened.value]) : null;
  }

  async askNotifications(): Promise<void> {
    if (notificationState() !== 'unsupported') await Notification.requestPermission();
    this.#show({ notifications: notificationState() });
  }

  #choose(kind: DeviceKind, option: DeviceOption | undefined): void {
    const { [kind]: _, ...others } = chosenDevices();
    keepChosen(option ? { ...others, [kind]: option } : others);
    void this.#follow([kind]);
  }

  async #follow(kinds: readonly DeviceKind[]): Promise<void> {
    this.#show({ chosen: chosenIds(), error: null });
    if (kinds.includes('microphone')) for (const again of this.#meters) again();
    await Promise.all(kinds.map((kind) => this.#atWork.chosen(kind)));
  }

  #begin(test: DevicesState['test']): AbortSignal {
    this.stopTest();
    this.#test = new AbortController();
    this.#show({ test, error: null });
    return this.#test.signal;
  }

  /** Another test may have begun meanwhile. */
  #end(signal: AbortSignal): void {
    if (!signal.aborted) this.stopTest();
  }

  async #openMicrophone(): Promise<MediaStream | null> {
    const opened = await this.#options.media.open('audio');
    await this.#opened(opened.ok ? null : opened.code);
    return opened.ok ? opened.value : null;
  }

  /** Names of devices are known from the first that is opened on. */
  async #opened(error: PhoneErrorCode | null): Promise<void> {
    this.#show({ error });
    await this.#refresh();
  }

  async #askPermissions(): Promise<void> {
    const asked = await Promise.all([
      permissionOf(this.#browser, 'microphone'),
      permissionOf(this.#browser, 'camera'),
    ]);
    this.#asked = asked.filter((status) => status !== undefined);
    for (const status of this.#asked) status.onchange = () => void this.#refresh();
    const [microphone, camera] = asked;
    this.#permission = () => ({
      microphone: microphone?.state ?? 'unknown',
      camera: camera?.state ?? 'unknown',
    });
  }

  #permission = (): Pick<DevicesState, 'microphone' | 'camera'> => ({
    microphone: 'unknown',
    camera: 'unknown',
  });

  async #refresh(): Promise<void> {
    const list = await DeviceList.of(this.#browser);
    list.renew();
    const told = this.#permission();
    const { options } = list;
    // Whoever tells names has given leave.
    this.#show({
      microphone: options.microphone.length > 0 ? 'granted' : told.microphone,
      camera: options.camera.length > 0 ? 'granted' : told.camera,
      options,
      chosen: chosenIds(),
      notifications: notificationState(),
    });
  }

  #show(changes: Partial<DevicesState>): void {
    this.#observable.set({ ...this.state, ...changes });
  }
}

function chosenIds(): DevicesState['chosen'] {
  const ids: Partial<Record<DeviceKind, string>> = {};
  for (const [kind, option] of Object.entries(chosenDevices())) ids[kind as DeviceKind] = option.id;
  return ids;
}
