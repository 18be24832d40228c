// What a person hears: the other side, the ringtone, the ringback tone. Tones are made here, no file is fetched. Says
// when the browser's autoplay policy keeps them silent.

export type Tone = 'ring' | 'ringback';

export interface Sound {
  /** Plays this tone over and over, or none. */
  play(tone: Tone | null): void;
  /** Plays the other side. */
  attach(stream: MediaStream | null): void;
  /** Asks for sound again, inside a gesture. */
  unblock(): void;
  close(): void;
}

export interface SoundOptions {
  /** Sound is refused until a gesture, or is not any more. */
  readonly blocked: (blocked: boolean) => void;
  readonly page?: Window & typeof globalThis;
}

const RATE = 22_050;
/** The dialog is painted before the sound is made: making it takes longer than a frame. */
const AFTER_PAINT_MS = 30;
/** A context that may run does so within this time. */
const START_MS = 250;
const GESTURES = ['pointerdown', 'keydown'] as const;

export function createSound(options: SoundOptions): Sound {
  const page = options.page ?? window;
  let context: AudioContext | undefined;
  let playing: { readonly tone: Tone; readonly stop: () => void } | undefined;
  let voice: HTMLAudioElement | undefined;
  let toneBlocked = false;
  let voiceBlocked = false;
  let said = false;

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
    own.onstatechange = () => {
      if (own.state !== 'running') return;
      toneBlocked = false;
      tell();
    };
    const source = own.createBufferSource();
    const volume = own.createGain();
    source.buffer = render(own, tone);
    source.loop = true;
    source.connect(volume).connect(own.destination);
    // Looped by the audio thread: timers of a hidden tab may sleep. While the context waits for a gesture, so does it.
    source.start();
    void own.resume().catch(() => {});
    const timer = page.setTimeout(() => {
      // Without a sound device a context never runs, gesture or not: that is no policy that a click could lift.
      toneBlocked = own.state !== 'running' && page.navigator.userActivation?.hasBeenActive !== true;
      tell();
    }, START_MS);
    return () => {
      page.clearTimeout(timer);
      // Faded out: cutting a wave in the middle clicks.
      volume.gain.setTargetAtTime(0, own.currentTime, 0.02);
      source.stop(own.currentTime + 0.15);
      toneBlocked = false;
      tell();
    };
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
    if (playing) void context?.resume().catch(() => {});
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
      if (voice.srcObject === stream) return;
      voice.srcObject = stream;
      listen();
    },
    unblock,
    close() {
      playing?.stop();
      playing = undefined;
      if (voice) voice.srcObject = null;
      void context?.close().catch(() => {});
      for (const gesture of GESTURES) page.removeEventListener(gesture, unblock, { capture: true });
    },
  };
}

/** One period of a tone; made once per page. */
function render(context: AudioContext, tone: Tone): AudioBuffer {
  const known = rendered.get(tone);
  if (known) return known;
  const periodS = tone === 'ring' ? 3 : 5;
  const buffer = context.createBuffer(1, RATE * periodS, RATE);
  const samples = buffer.getChannelData(0);
  if (tone === 'ring') for (const note of RING) strike(samples, note);
  else hum(samples);
  rendered.set(tone, buffer);
  return buffer;
}

const rendered = new Map<Tone, AudioBuffer>();

interface Note {
  readonly atS: number;
  readonly hz: number;
}

/** Two rising figures of a struck bar: friendly, and heard through speech. */
const RING: readonly Note[] = [
  { atS: 0, hz: 659.3 },
  { atS: 0.16, hz: 784 },
  { atS: 0.32, hz: 1046.5 },
  { atS: 0.8, hz: 659.3 },
  { atS: 0.96, hz: 784 },
  { atS: 1.12, hz: 1046.5 },
];

function strike(samples: Float32Array, { atS, hz }: Note): void {
  const from = Math.round(atS * RATE);
  for (let i = 0; i < RATE && from + i < samples.length; i++) {
    const t = i / RATE;
    const attack = Math.min(1, t / 0.005);
    const bar =
      Math.sin(2 * Math.PI * hz * t) + 0.25 * Math.sin(2 * Math.PI * hz * 4 * t) * Math.exp(-t * 18);
    samples[from + i] = (samples[from + i] ?? 0) + 0.22 * attack * Math.exp(-t * 6) * bar;
  }
}

/** 425 Hz, one second in five, the ringing tone of most of Europe (ITU-T E.180). */
function hum(samples: Float32Array): void {
  for (let i = 0; i < RATE; i++) {
    const edge = Math.min(1, i / 400, (RATE - i) / 400);
    samples[i] = 0.08 * edge * Math.sin((2 * Math.PI * 425 * i) / RATE);
  }
}
