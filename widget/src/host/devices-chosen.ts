// Which microphone, speaker, ringer and camera the person has chosen, remembered per browser and site. Read anew at
// each use, so that what is chosen in one tab holds in all.
import type { DeviceKind, DeviceOption } from '../call/phone.ts';

/** Of localStorage. Ids of devices differ from site to site and are no secrets. */
export const CHOSEN_KEY = 'ringtag devices';

/** The label finds a device again whose id the browser has renewed. */
export type Chosen = { readonly [Kind in DeviceKind]?: DeviceOption };

/** Nothing where nothing is kept, or no storage is to be had. */
export function chosenDevices(): Chosen {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(CHOSEN_KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** Empty: the browser's default. */
export function chosenId(kind: DeviceKind): string {
  const id: unknown = chosenDevices()[kind]?.id;
  return typeof id === 'string' ? id : '';
}
