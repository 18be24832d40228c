// Microphone and camera of this browser. Knows permissions and devices; knows no calls.
import type { MediaKind } from '@ringtag/server/protocol';
import { done, mediaErrorCode, type Result, refused } from './errors.ts';

export interface LocalMedia {
  /** Whether the microphone opens without a question. Kept current in the background; false while unknown. */
  readonly permitted: boolean;
  /** A fresh stream with the microphone, and the camera if asked for and to be had. */
  open(media: MediaKind): Promise<Result<MediaStream>>;
  openCamera(): Promise<Result<MediaStreamTrack>>;
}

const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const VIDEO: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' };

export function createLocalMedia(browser: Navigator = navigator): LocalMedia {
  let permitted = false;
  void watchPermission(browser, (granted) => {
    permitted = granted;
  });

  async function capture(constraints: MediaStreamConstraints): Promise<Result<MediaStream>> {
    // Absent on pages that are not secure contexts.
    if (!browser.mediaDevices?.getUserMedia) return refused('INSECURE_PAGE');
    try {
      return done(await browser.mediaDevices.getUserMedia(constraints));
    } catch (error) {
      return refused(mediaErrorCode(error, constraints.audio ? 'microphone' : 'camera'));
    }
  }

  return {
    get permitted() {
      return permitted;
    },
    async open(media) {
      if (media === 'video') {
        const both = await capture({ audio: AUDIO, video: VIDEO });
        // Without a camera the call goes on as a voice call.
        if (both.ok) return both;
      }
      const opened = await capture({ audio: AUDIO });
      if (opened.ok) permitted = true;
      return opened;
    },
    async openCamera() {
      const opened = await capture({ video: VIDEO });
      if (!opened.ok) return opened;
      const track = opened.value.getVideoTracks()[0];
      return track ? done(track) : refused('CAMERA_MISSING');
    },
  };
}

async function watchPermission(browser: Navigator, tell: (granted: boolean) => void): Promise<void> {
  try {
    const status = await browser.permissions.query({ name: 'microphone' });
    tell(status.state === 'granted');
    status.onchange = () => tell(status.state === 'granted');
  } catch {
    // A browser that cannot say keeps the careful order: ask first, call afterwards.
  }
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
