// What a person hears, and through what: the other side, the ringtone, the tone of a call that waits, the ringback
// tone. Tones are made here, no file is fetched. Says when the browser's autoplay policy keeps them silent.
import { chosenId } from './devices-chosen.ts';
import { render, type Tone } from './tones.ts';

/** Ids of the speakers that are there. */
type Speakers = ReadonlySet<string>;

export interface Sound {
  /** Plays this tone over and over, or none. */
  play(tone: Tone | null): void;
  /** Plays the other side. */
  attach(stream: MediaStream | null): void;
  /** Asks for sound again, inside a gesture. */
  unblock(): void;
  /** Another speaker or ringer is chosen, or one has come or gone: goes over to what is chosen and among those there. */
  follow(there: Speakers): void;
  close(): void;
}

export interface SoundOptions {
  /** Sound is refused until a gesture, or is not any more. */
  readonly blocked: (blocked: boolean) => void;
  readonly page?: Window & typeof globalThis;
}

/** The dialog is painted before the sound is made: making it takes longer than a frame. */
const AFTER_PAINT_MS = 30;
/** A context that may run does so within this time. */
const START_MS = 250;
const FADED_MS = 200;
const GESTURES = ['pointerdown', 'keydown'] as const;

export function createSound(options: SoundOptions): Sound {
  const page = options.page ?? window;
  let context: AudioContext | undefined;
  let playing: { readonly tone: Tone; readonly stop: () => void } | undefined;
  let voice: HTMLAudioElement | undefined;
  let toneBlocked = false;
  let voiceBlocked = false;
  let said = false;
  let followTone: (there?: Speakers) => void = () => {};

  function tell(): void {
    const blocked = toneBlocked || voiceBlocked;
    if (blocked === said) return;
    said = blocked;
    options.blocked(blocked);
  }

  function start(tone: Tone): void {
    let stop = () => page.clearTimeout(soon);
    const soon = page.setTimeout(() => {
      stop = sound(tone);
    }, AFTER_PAINT_MS);
    playing = { tone, stop: () => stop() };
  }

  function sound(tone: Tone): () => void {
    context ??= new page.AudioContext();
    const own = context;
    const exit = exitOf(own, tone);
    own.onstatechange = () => {
      if (own.state !== 'running') return;
      toneBlocked = false;
      tell();
    };
    const source = own.createBufferSource();
    const volume = own.createGain();
    source.buffer = render(own, tone);
    source.loop = true;
    source.connect(volume).connect(exit.node);
    // Looped by the audio thread: timers of a hidden tab may sleep. While the context waits for a gesture, so does it.
    source.start();
    void own.resume().catch(() => {});
    const timer = page.setTimeout(() => {
      // Without a sound device a context never runs, gesture or not: that is no policy that a click could lift.
      toneBlocked = own.state !== 'running' && page.navigator.userActivation?.hasBeenActive !== true;
      tell();
    }, START_MS);
    followTone = exit.follow;
    return () => {
      page.clearTimeout(timer);
      // Faded out: cutting a wave in the middle clicks.
      volume.gain.setTargetAtTime(0, own.currentTime, 0.02);
      source.stop(own.currentTime + 0.15);
      exit.close();
      followTone = () => {};
      toneBlocked = false;
      tell();
    };
  }

  /** The ringer is for the room; what is heard during a call goes where the call does. */
  function exitOf(own: AudioContext, tone: Tone) {
    const id = (there?: Speakers) => chosenOf(tone === 'ring' ? 'ringer' : 'speaker', there);
    if ('setSinkId' in own || !id()) {
      const follow = (there?: Speakers) => playThrough(own, id(there));
      follow();
      return { node: own.destination, follow, close() {} };
    }
    // Firefox chooses the speaker of an element only.
    const node = own.createMediaStreamDestination();
    const element = new page.Audio();
    element.srcObject = node.stream;
    const follow = (there?: Speakers) => {
      playThrough(element, id(there));
      void element.play().catch(() => {});
    };
    follow();
    return { node, follow, close: () => page.setTimeout(() => element.pause(), FADED_MS) };
  }

  function listen(): void {
    voice
      ?.play()
      .then(() => {
        voiceBlocked = false;
        tell();
      })
      .catch((error: unknown) => {
        voiceBlocked = error instanceof Error && error.name === 'NotAllowedError';
        tell();
      });
  }

  function unblock(): void {
    if (playing) {
      void context?.resume().catch(() => {});
      followTone();
    }
    if (voiceBlocked) listen();
  }

  for (const gesture of GESTURES) page.addEventListener(gesture, unblock, { capture: true, passive: true });

  return {
    play(tone) {
      if (playing?.tone === tone) return;
      playing?.stop();
      playing = undefined;
      if (tone) start(tone);
    },
    attach(stream) {
      if (!stream) {
        if (voice) voice.srcObject = null;
        voiceBlocked = false;
        tell();
        return;
      }
      voice ??= new page.Audio();
      if (voice.srcObject !== stream) {
        voice.srcObject = stream;
        playThrough(voice, chosenId('speaker'));
        // A hold may take every track out of it, which to Firefox is the end: it pauses.
      } else if (!voice.paused) return;
      listen();
    },
    unblock,
    follow(there) {
      if (voice) playThrough(voice, chosenOf('speaker', there));
      followTone(there);
    },
    close() {
      playing?.stop();
      playing = undefined;
      if (voice) voice.srcObject = null;
      void context?.close().catch(() => {});
      for (const gesture of GESTURES) page.removeEventListener(gesture, unblock, { capture: true });
    },
  };
}

/** Browsers let a speaker that is gone be, where it is the one in use already: nothing would be heard. */
function chosenOf(kind: 'speaker' | 'ringer', there?: Speakers): string {
  const id = chosenId(kind);
  return !there || there.has(id) ? id : '';
}

/** Where it can be chosen; a speaker that is not there leaves the default one. */
export function playThrough(player: object, id: string): void {
  const { setSinkId } = player as { setSinkId?: (id: string) => Promise<void> };
  void setSinkId?.call(player, id).catch(() => setSinkId.call(player, '').catch(() => {}));
}
