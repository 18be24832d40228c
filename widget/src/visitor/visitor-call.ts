// The sound of a visitor's call: the microphone, silent until somebody can be called, the leg, and what is heard.
import type { GuestAccount } from '@ringtag/server/protocol';
import type { LegEvent } from '../call/call.ts';
import type { Clock } from '../call/clock.ts';
import type { CallEnd } from '../call/machine.ts';
import { type LocalMedia, stopTracks } from '../call/media.ts';
import type { Sound } from '../host/sound.ts';
import { type Answer, refusal, type VisitorCode } from './answer.ts';
import type { CallLeg, CallLegOptions } from './call-leg.ts';
import type { VisitView } from './visit-view.ts';

export interface VisitorCallOptions extends Pick<CallLegOptions, 'sounded'> {
  readonly media: LocalMedia;
  readonly sound: (blocked: (blocked: boolean) => void) => Sound;
  readonly startLeg: (options: CallLegOptions) => Promise<CallLeg>;
  readonly clock: Clock;
  /** To the tabs of this site where the visitor may be in a call as well; undefined where the browser has no such thing. */
  readonly tabs: () => Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'> | undefined;
  readonly changed: (
    change: Partial<Pick<VisitView, 'sound' | 'muted' | 'talksElsewhere' | 'soundBlocked'>>,
  ) => void;
  /** The leg is over; the hub will say why, unless it was a fault here. */
  readonly over: (fault?: VisitorCode) => void;
}

export class VisitorCall {
  readonly #options: VisitorCallOptions;
  readonly #sound: Sound;
  #microphone: MediaStream | null = null;
  #leg: CallLeg | null = null;
  #muted = false;
  /** Of the leg that runs or is about to; what an earlier one tells is of no interest. */
  #run = 0;
  #isRunning = false;
  #tabs: ReturnType<VisitorCallOptions['tabs']>;

  constructor(options: VisitorCallOptions) {
    this.#options = options;
    this.#sound = options.sound((soundBlocked) => options.changed({ soundBlocked }));
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async openMicrophone(): Promise<Answer<void>> {
    const opened = await this.#options.media.open('audio');
    if (!opened.ok) return refusal(opened.code);
    stopTracks(this.#microphone);
    this.#microphone = opened.value;
    // Nobody hears anything before somebody answers.
    for (const track of opened.value.getTracks()) track.enabled = false;
    return { ok: true, value: undefined };
  }

  /** Calls, once, where there is a microphone. */
  start(account: GuestAccount): void {
    const { startLeg, clock, changed, over, sounded } = this.#options;
    const stream = this.#microphone;
    if (!stream || this.#isRunning) return;
    const run = ++this.#run;
    this.#isRunning = true;
    changed({ sound: 'connecting' });
    this.#tabs = this.#options.tabs();
    // Who talks there is not to be heard here as well, unless they say so.
    if (this.#tabs) this.#tabs.onmessage = () => this.#mute(true, true);
    for (const track of stream.getTracks()) track.enabled = true;
    const report = (event: LegEvent) => {
      if (run === this.#run) this.#hear(event);
    };
    startLeg({ account, stream, clock, report, sounded }).then(
      (leg) => {
        if (run !== this.#run) return leg.end();
        this.#leg = leg;
        if (this.#muted) leg.setMuted(true);
      },
      () => {
        if (run !== this.#run) return;
        this.end();
        over('HUB_UNREACHABLE');
      },
    );
  }

  setMuted(muted: boolean): void {
    this.#mute(muted, false);
    if (!muted) this.#tabs?.postMessage('');
  }

  #mute(muted: boolean, talksElsewhere: boolean): void {
    this.#muted = muted;
    this.#leg?.setMuted(muted);
    this.#options.changed({ muted, talksElsewhere });
  }

  /** The tone of a far telephone that rings. */
  ring(rings: boolean): void {
    this.#sound.play(rings && this.#isRunning ? 'ringback' : null);
  }

  unblock(): void {
    this.#sound.unblock();
  }

  /** Hangs up, and gives the microphone back. */
  end(): void {
    this.#run++;
    this.#leg?.end();
    this.#leg = null;
    this.#isRunning = false;
    this.#muted = false;
    this.#tabs?.close();
    this.#tabs = undefined;
    stopTracks(this.#microphone);
    this.#microphone = null;
    this.#sound.play(null);
    this.#sound.attach(null);
    this.#options.changed({ sound: 'none', muted: false, talksElsewhere: false });
  }

  close(): void {
    this.end();
    this.#sound.close();
  }

  #hear(event: LegEvent): void {
    const { changed, over } = this.#options;
    switch (event.type) {
      case 'remote-stream':
        this.#sound.attach(event.stream);
        break;
      case 'connected':
        changed({ sound: 'there' });
        if (!this.#muted) this.#tabs?.postMessage('');
        break;
      case 'transport-lost':
        changed({ sound: 'lost' });
        break;
      case 'over':
        this.end();
        over(faultOf(event.end));
        break;
      default:
    }
  }
}

function faultOf({ reason, code = 'MEDIA_FAILED' }: CallEnd): VisitorCode | undefined {
  return reason === 'error' || reason === 'lost' ? code : undefined;
}
