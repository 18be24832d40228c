// One soft sound for what is written to a person, where the browser allows one: what has been touched may sound.
import { chosenId } from './devices-chosen.ts';
import { playThrough } from './sound.ts';
import { render } from './tones.ts';

/** Of the tone of a call that waits, which is soft and short, one period. */
const LENGTH_S = 1.5;

export function chime(): void {
  if (navigator.userActivation?.hasBeenActive !== true) return;
  const context = new AudioContext();
  playThrough(context, chosenId('ringer'));
  const source = context.createBufferSource();
  source.buffer = render(context, 'waiting');
  source.connect(context.destination);
  source.onended = () => void context.close();
  source.start();
  source.stop(context.currentTime + LENGTH_S);
}
