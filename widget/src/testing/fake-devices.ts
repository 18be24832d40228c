// A table with devices that a test plugs in and pulls out: what a browser tells of them, and microphones and cameras
// that open the chosen one if it is there, else the first. For tests only.
import { done, refused } from '../call/errors.ts';
import type { LocalMedia } from '../call/media.ts';
import { chosenId } from '../host/devices-chosen.ts';
import { asStream, FakeStream, FakeTrack } from './fake-media.ts';

export interface FakeDevice {
  readonly kind: MediaDeviceKind;
  readonly deviceId: string;
  readonly label: string;
}

export function fakeStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

export function fakeTable(...plugged: FakeDevice[]) {
  let devices: readonly FakeDevice[] = plugged;
  const opened: FakeTrack[] = [];
  const mediaDevices = Object.assign(new EventTarget(), { enumerateDevices: async () => devices });
  const find = (kind: MediaDeviceKind, id: string) => {
    const real = devices.filter((device) => device.kind === kind);
    return real.find(({ deviceId }) => deviceId === id) ?? real[0];
  };
  const track = (kind: 'audio' | 'video', device: FakeDevice) => {
    const made = new FakeTrack(kind, device);
    opened.push(made);
    return made;
  };
  const media: LocalMedia = {
    permitted: true,
    async open() {
      const device = find('audioinput', chosenId('microphone'));
      return device
        ? done(asStream(new FakeStream([track('audio', device)])))
        : refused('MICROPHONE_MISSING');
    },
    async openCamera() {
      const device = find('videoinput', chosenId('camera'));
      return device ? done(track('video', device) as unknown as MediaStreamTrack) : refused('CAMERA_MISSING');
    },
  };
  return {
    browser: { mediaDevices } as unknown as Navigator,
    media,
    opened,
    /** These are there from now on; tracks of the others end, as browsers end them. */
    plug(...next: FakeDevice[]) {
      devices = next;
      for (const each of opened) {
        const there = next.some(({ deviceId }) => deviceId === each.deviceId);
        if (!there && each.readyState === 'live') each.unplug();
      }
      mediaDevices.dispatchEvent(new Event('devicechange'));
    },
  };
}
