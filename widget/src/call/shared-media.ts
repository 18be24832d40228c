// One microphone for both calls of a tab: a call that begins while another one talks sends a copy of that one's track.
// Nobody is asked a second time, and a tab that is hidden, where browsers open nothing, can still take the call.
import { done } from './errors.ts';
import type { LocalMedia } from './media.ts';

/** `running`: the streams of the calls that have theirs open. */
export function shareMicrophone(
  media: LocalMedia,
  running: () => readonly (MediaStream | null)[],
): LocalMedia {
  const open = () =>
    running().find((stream) => stream?.getAudioTracks().some((track) => track.readyState === 'live'));
  return {
    get permitted() {
      return media.permitted || open() !== undefined;
    },
    async open(kind) {
      const copy = kind === 'audio' ? open()?.clone() : undefined;
      if (!copy) return media.open(kind);
      for (const camera of copy.getVideoTracks()) {
        camera.stop();
        copy.removeTrack(camera);
      }
      // Muted there is not muted here.
      for (const track of copy.getAudioTracks()) track.enabled = true;
      return done(copy);
    },
    openCamera: () => media.openCamera(),
  };
}
