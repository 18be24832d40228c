// What a connected leg finds out about itself: how it sounds and, of a direct call, its four words.
import type { LegEvent } from './call.ts';
import type { SamplerOptions } from './quality-sampler.ts';

export interface SelfWatchOptions extends Omit<SamplerOptions, 'heard'> {
  readonly tell: (event: LegEvent) => void;
  /** Direct calls: both descriptions in force. */
  readonly descriptions?: () => readonly [string, string];
}

export interface SelfWatch {
  /** It is connected, or its descriptions are new. */
  look(): void;
  /** Ends with a last report. */
  end(): void;
}

export function createSelfWatch(options: SelfWatchOptions): SelfWatch {
  const { tell, descriptions } = options;
  let stop: (() => void) | undefined;
  let looks = 0;
  let over = false;
  let told = '';

  async function look(own: number): Promise<void> {
    const { sampleQuality, wordsOf } = await import('./insight.ts');
    if (over) return;
    stop ??= sampleQuality({ ...options, heard: (quality) => tell({ type: 'quality', quality }) });
    const words = descriptions && (await wordsOf(...descriptions()));
    // A later look knows better.
    if (!words || over || own !== looks || told === String(words)) return;
    told = String(words);
    tell({ type: 'words', words });
  }

  return {
    look() {
      // A call whose page cannot load the rest goes on without it.
      look(++looks).catch(() => {});
    },
    end() {
      over = true;
      stop?.();
    },
  };
}
