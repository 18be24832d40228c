// The microphones, speakers and cameras that are there, as a person chooses among them; and which of them a choice
// means, also after the browser has given it another id.
import type { DeviceKind, DeviceOption } from '../call/phone.ts';
import { CHOSEN_KEY, type Chosen, chosenDevices } from './devices-chosen.ts';

/** Chromium's own names for "whatever the system takes". */
const ALIASES = ['default', 'communications'];
const KINDS = ['microphone', 'speaker', 'ringer', 'camera'] as const satisfies readonly DeviceKind[];
const BROWSERS_KIND = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
  camera: 'videoinput',
} as const satisfies Record<DeviceKind, MediaDeviceKind>;

export class DeviceList {
  readonly #all: readonly MediaDeviceInfo[];

  constructor(all: readonly MediaDeviceInfo[]) {
    this.#all = all;
  }

  /** What is there now; nothing on pages that may not know. */
  static async of(browser: Navigator): Promise<DeviceList> {
    const all = await browser.mediaDevices?.enumerateDevices().catch(() => []);
    return new DeviceList(all ?? []);
  }

  get options(): Readonly<Record<DeviceKind, readonly DeviceOption[]>> {
    const [microphone, speaker, ringer, camera] = KINDS.map((kind) => this.#options(kind));
    return {
      microphone: microphone ?? [],
      speaker: speaker ?? [],
      ringer: ringer ?? [],
      camera: camera ?? [],
    };
  }

  /** The device that was chosen, if it is there: by its id, or by its name where the id is another one now. */
  find(kind: DeviceKind, chosen = chosenDevices()[kind]): DeviceOption | undefined {
    if (!chosen) return undefined;
    const options = this.#options(kind);
    return options.find(({ id }) => id === chosen.id) ?? options.find(({ label }) => label === chosen.label);
  }

  /** Which device the browser's default is now, as far as it says. */
  defaultLabel(kind: DeviceKind): string | undefined {
    const label = this.#of(kind).find(({ deviceId }) => deviceId === 'default')?.label;
    // "Default - Headset": the words before are the browser's, in its own language.
    return label?.replace(/^[^-]* - /, '');
  }

  /** Keeps the ids that chosen devices have now. */
  renew(): void {
    const chosen = chosenDevices();
    for (const kind of KINDS) {
      const found = this.find(kind, chosen[kind]);
      if (found && found.id !== chosen[kind]?.id) keepChosen({ ...chosenDevices(), [kind]: found });
    }
  }

  #of(kind: DeviceKind): readonly MediaDeviceInfo[] {
    return this.#all.filter((device) => device.kind === BROWSERS_KIND[kind]);
  }

  /** Before the page may use any, devices have neither name nor id. */
  #options(kind: DeviceKind): readonly DeviceOption[] {
    return this.#of(kind)
      .filter(({ deviceId, label }) => deviceId && label && !ALIASES.includes(deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }
}

/** A page without storage remembers nothing; what was chosen is then lost. */
export function keepChosen(chosen: Chosen): void {
  try {
    localStorage.setItem(CHOSEN_KEY, JSON.stringify(chosen));
  } catch {
    // Blocked by the person's settings, or full.
  }
}
