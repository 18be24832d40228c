// Microphone and camera of this browser: opens those that were chosen, or the default ones where they are not there.
// Knows permissions, and why one is refused; knows no calls.
import type { MediaKind } from '@ringtag/server/protocol';
import { chosenId } from '../host/devices-chosen.ts';
import { browserClock, type Clock } from './clock.ts';
import { done, mediaErrorCode, type Result, refused, type Wanted } from './errors.ts';
import type { PhoneErrorCode } from './phone.ts';

export interface LocalMedia {
  /** Whether the microphone opens without a question. Kept current in the background; false while unknown. */
  readonly permitted: boolean;
  /** A fresh stream with the microphone, and the camera if asked for and to be had. */
  open(media: MediaKind): Promise<Result<MediaStream>>;
  openCamera(): Promise<Result<MediaStreamTrack>>;
}

/** A browser that has not opened the microphone of a hidden tab by then holds it until that tab is seen. */
const HELD_MS = 1_000;

export interface LocalMediaOptions {
  readonly browser?: Navigator;
  readonly clock?: Clock;
  /** The microphone of this hidden tab is held by the browser, or no longer. */
  readonly waits?: (waits: boolean) => void;
}

/** `exact`, because Chromium may take its default where a device is only wished for. */
const chosen = (kind: Wanted, byChoice: boolean): MediaTrackConstraints => {
  const id = byChoice && chosenId(kind);
  return id ? { deviceId: { exact: id } } : {};
};

const constraintsOf = (wanted: readonly Wanted[], byChoice: boolean): MediaStreamConstraints => ({
  ...(wanted.includes('microphone') && {
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...chosen('microphone', byChoice),
    },
  }),
  ...(wanted.includes('camera') && {
    video: {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      facingMode: 'user',
      ...chosen('camera', byChoice),
    },
  }),
});

export function createLocalMedia(options: LocalMediaOptions = {}): LocalMedia {
  const { browser = navigator, clock = browserClock, waits = () => {} } = options;
  let permitted = false;
  void watchPermission(browser, (granted) => {
    permitted = granted;
  });

  async function capture(...wanted: readonly Wanted[]): Promise<Result<MediaStream>> {
    // Absent on pages that are not secure contexts.
    if (!browser.mediaDevices?.getUserMedia) return refused('INSECURE_PAGE');
    const open = (byChoice: boolean) => browser.mediaDevices.getUserMedia(constraintsOf(wanted, byChoice));
    try {
      return done(
        await open(true).catch((error: unknown) => (isGone(error) ? open(false) : Promise.reject(error))),
      );
    } catch (error) {
      return refused(await whyRefused(browser, error, wanted[0] ?? 'microphone'));
    }
  }

  async function open(media: MediaKind): Promise<Result<MediaStream>> {
    if (media === 'video') {
      const both = await capture('microphone', 'camera');
      // Without a camera the call goes on as a voice call.
      if (both.ok) return both;
    }
    const opened = await capture('microphone');
    if (opened.ok) permitted = true;
    return opened;
  }

  return {
    get permitted() {
      // Nobody is left in silence by a browser that holds the microphone of a hidden tab until that tab is seen.
      return permitted && !isHidden();
    },
    async open(media) {
      let told = false;
      const tell = (held: boolean) => {
        told = held;
        waits(held);
      };
      const cancel = clock.after(HELD_MS, () => isHidden() && tell(true));
      const opened = await open(media);
      cancel();
      if (told) tell(false);
      return opened;
    },
    async openCamera() {
      const opened = await capture('camera');
      if (!opened.ok) return opened;
      const track = opened.value.getVideoTracks()[0];
      return track ? done(track) : refused('CAMERA_MISSING');
    },
  };
}

/** Behind another tab, or minimised. */
export function isHidden(): boolean {
  return globalThis.document?.visibilityState === 'hidden';
}

/** What was chosen is not there: the default will do. */
function isGone(error: unknown): boolean {
  return error instanceof Error && /^(OverconstrainedError|NotFoundError)$/.test(error.name);
}

/** A question that was closed can be asked again; a no stands; the page itself may not be allowed to ask. */
async function whyRefused(browser: Navigator, error: unknown, wanted: Wanted): Promise<PhoneErrorCode> {
  const code = mediaErrorCode(error, wanted);
  if (code !== 'MICROPHONE_DENIED' && code !== 'CAMERA_DENIED') return code;
  if (isForbidden(wanted)) return 'MEDIA_FORBIDDEN';
  const state = await permissionOf(browser, wanted);
  if (state?.state !== 'prompt') return code;
  return wanted === 'camera' ? 'CAMERA_DISMISSED' : 'MICROPHONE_DISMISSED';
}

type PoliticDocument = Document & { featurePolicy?: { allowsFeature(name: string): boolean } };

/** Permissions-Policy, by the page's header or the frame around it; told by Chromium alone. */
function isForbidden(wanted: Wanted): boolean {
  return (globalThis.document as PoliticDocument | undefined)?.featurePolicy?.allowsFeature(wanted) === false;
}

/** Nothing where the browser does not say. */
export async function permissionOf(
  browser: Navigator,
  wanted: Wanted,
): Promise<PermissionStatus | undefined> {
  try {
    return await browser.permissions.query({ name: wanted });
  } catch {
    return undefined;
  }
}

/** A browser that cannot say keeps the careful order: ask first, call afterwards. */
async function watchPermission(browser: Navigator, tell: (granted: boolean) => void): Promise<void> {
  const status = await permissionOf(browser, 'microphone');
  if (!status) return;
  tell(status.state === 'granted');
  status.onchange = () => tell(status.state === 'granted');
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
