// What has to agree with the calls at every moment: the line to the exchange, what is heard, what calls for attention,
// and the question before the page is left.
import type { CallBoard } from '../call/board.ts';
import type { Attention } from '../host/attention.ts';
import type { Sound } from '../host/sound.ts';
import { named } from '../i18n/index.ts';
import type { PhoneDeskOptions } from './options.ts';

export interface SurroundingsOptions extends Pick<PhoneDeskOptions, 'devices'> {
  readonly board: CallBoard;
  readonly line: { open(): void; close(): void };
  readonly sound: Sound;
  readonly attention: Pick<Attention, 'call'>;
  /** "Alice Almeida is calling", in the page's language. */
  readonly callingText: (name: string) => string;
}

export interface Circumstances {
  /** A tab that does not is silent. */
  readonly leads: boolean;
  /** Calls by telephone are wanted and to be had. */
  readonly telephone: boolean;
  /** This device makes the sound when one comes in: the exchange rings all alike. */
  readonly aloud: boolean;
}

export class Surroundings {
  readonly #options: SurroundingsOptions;
  #asksBeforeLeaving: AbortController | undefined;

  constructor(options: SurroundingsOptions) {
    this.#options = options;
  }

  agree({ leads, telephone, aloud }: Circumstances): void {
    const { board, line, sound, attention, callingText, devices } = this.#options;
    const lives = leads ? board.lives : [];
    // One device of the browser makes the sound (SPEC D3).
    const rings = leads ? board.ringing : undefined;
    const ringing = (rings?.via === 'pbx' ? aloud : rings?.aloud) ? rings : undefined;
    // A telephone call that runs keeps its line, whatever the hub thinks of the exchange.
    if (leads && telephone) line.open();
    else if (!lives.some(({ via }) => via === 'pbx')) line.close();
    const idle = lives.length === 0;
    const rung = leads && board.ringsThere ? 'ringback' : null;
    sound.play(ringing ? (idle ? 'ring' : 'waiting') : rung);
    sound.attach((leads && board.live?.remote) || null);
    // A chunk that does not come leaves the calls on the devices they have.
    if (lives.some(({ local }) => local))
      devices().then(
        (known) => known.look(),
        () => {},
      );
    attention.call(ringing ? callingText(named(ringing.peer).name) : null);
    this.#askBeforeLeaving(!idle);
  }

  close(): void {
    this.#askBeforeLeaving(false);
    this.#options.sound.close();
    this.#options.attention.call(null);
  }

  /** Only while there is a call: a listener that stays would keep the page out of the back/forward cache. */
  #askBeforeLeaving(ask: boolean): void {
    if (ask === (this.#asksBeforeLeaving !== undefined)) return;
    this.#asksBeforeLeaving?.abort();
    this.#asksBeforeLeaving = undefined;
    if (!ask) return;
    const asking = new AbortController();
    this.#asksBeforeLeaving = asking;
    window.addEventListener('beforeunload', (event) => event.preventDefault(), { signal: asking.signal });
  }
}
