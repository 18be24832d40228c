// The tones of the phone, reckoned sample by sample.

/** `waiting`: a second call, beside the one that is talked. */
export type Tone = 'ring' | 'waiting' | 'ringback';

const RATE = 22_050;
const PERIOD_S = { ring: 3, waiting: 4, ringback: 5 } as const satisfies Record<Tone, number>;

/** One period of a tone; made once per page. */
export function render(context: AudioContext, tone: Tone): AudioBuffer {
  const known = rendered.get(tone);
  if (known) return known;
  const buffer = context.createBuffer(1, RATE * PERIOD_S[tone], RATE);
  const samples = buffer.getChannelData(0);
  if (tone === 'ringback') hum(samples);
  else for (const note of tone === 'ring' ? RING : WAITING) strike(samples, note);
  rendered.set(tone, buffer);
  return buffer;
}

const rendered = new Map<Tone, AudioBuffer>();

interface Note {
  readonly atS: number;
  readonly hz: number;
  /** Default: 1. */
  readonly loudness?: number;
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

/** Beside a voice that is listened to: soft, short and seldom. */
const WAITING: readonly Note[] = [
  { atS: 0, hz: 784, loudness: 0.4 },
  { atS: 0.2, hz: 784, loudness: 0.4 },
];

function strike(samples: Float32Array, { atS, hz, loudness = 1 }: Note): void {
  const from = Math.round(atS * RATE);
  for (let i = 0; i < RATE && from + i < samples.length; i++) {
    const t = i / RATE;
    const attack = Math.min(1, t / 0.005);
    const bar =
      Math.sin(2 * Math.PI * hz * t) + 0.25 * Math.sin(2 * Math.PI * hz * 4 * t) * Math.exp(-t * 18);
    samples[from + i] = (samples[from + i] ?? 0) + 0.22 * loudness * attack * Math.exp(-t * 6) * bar;
  }
}

/** 425 Hz, one second in five, the ringing tone of most of Europe (ITU-T E.180). */
function hum(samples: Float32Array): void {
  for (let i = 0; i < RATE; i++) {
    const edge = Math.min(1, i / 400, (RATE - i) / 400);
    samples[i] = 0.08 * edge * Math.sin((2 * Math.PI * 425 * i) / RATE);
  }
}
