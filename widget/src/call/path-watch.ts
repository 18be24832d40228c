// Watches the path that carries the sound of one connection: says when it is lost and found, and when to seek another
// by an ICE restart (RFC 8445 §9). Browsers notice a dead path after five seconds or more; sound that stops says it
// earlier, and a change of network earlier still. Knows neither rooms nor SIP.
import type { Clock } from './clock.ts';

const LOOK_MS = 250;
/** Nothing arrived for so long: no blip any more. Seeking harms nobody: the old path is kept until a new one works. */
const SILENT_MS = 800;
/**
 * The same in the seconds after a change of network, with a look more often. Not measured from the change on: what has
 * arrived before it is played for some 200 ms more.
 */
const HINT_MS = 3_000;
const HINT_SILENT_MS = 300;
/** While nothing arrives, or after a change of network. */
const CLOSE_LOOK_MS = 50;
/**
 * It is still silent so long after both sides have agreed to seek, though the connection says that it stands: checks
 * succeed, and the other side goes on sending over the old path until its browser is told of the new one, which may
 * take up to 2.5 s.
 */
const DEAF_MS = 700;
const AGAIN_MS = 3_000;
/** A browser between two networks has no address for a moment, and nothing to offer. */
const NO_ADDRESS_MS = 300;
const GIVE_UP_MS = 30_000;
/** From the answer to the first sound. */
const FIRST_MS = 25_000;

export interface PathWatchOptions {
  readonly connection: RTCPeerConnection;
  readonly clock: Clock;
  /** This side waits so much longer than the other, so that they rarely seek at once. */
  readonly patienceMs: number;
  /** How often it seeks where all that is wrong is that no sound comes. */
  readonly tries: number;
  /** No sound can be expected now. */
  readonly quiet: () => boolean;
  readonly seek: () => void;
  readonly found: () => void;
  readonly lost: () => void;
  /** No path could be found, at first or again. */
  readonly failed: () => void;
  /** Tells of changes of this device's network until the returned function is called. Default: the browser's events. */
  readonly hints?: (hint: () => void) => () => void;
}

export class PathWatch {
  readonly #options: PathWatchOptions;
  readonly #stopHints: () => void;
  #everFound = false;
  #lost = false;
  /** Of the last sound that arrived: the connection's own mark, and when it was new here. */
  #mark = 0;
  #heardAtMs = 0;
  #soughtAtMs = Number.NEGATIVE_INFINITY;
  #agreedAtMs = Number.NEGATIVE_INFINITY;
  #hintedAtMs = Number.NEGATIVE_INFINITY;
  /** Times that either side has sought since the last sound. */
  #tries = 0;
  /** Candidates since then. */
  #candidates = 0;
  readonly #unlisten = new AbortController();
  #cancelLook = () => {};
  #cancelSeek = () => {};
  #cancelDeadline = () => {};

  constructor(options: PathWatchOptions) {
    this.#options = options;
    const { connection } = options;
    const { signal } = this.#unlisten;
    connection.onconnectionstatechange = () => this.#change();
    connection.addEventListener('icecandidate', ({ candidate }) => candidate && this.#candidates++, {
      signal,
    });
    connection.addEventListener('icegatheringstatechange', () => this.#gathered(), { signal });
    connection.addEventListener(
      'signalingstatechange',
      () => {
        this.#agreedAtMs = options.clock.now();
      },
      { signal },
    );
    this.#stopHints = (options.hints ?? browserHints)(() => this.#hint());
  }

  get everFound(): boolean {
    return this.#everFound;
  }

  /** From now on a path must be found within bounds. */
  expect(): void {
    if (!this.#everFound) this.#deadline(FIRST_MS);
  }

  /** The other side has begun to seek. */
  sought(): void {
    if (!this.#everFound) return;
    this.#soughtAtMs = this.#options.clock.now();
    this.#tries++;
    if (this.#lost) this.#seekIn(AGAIN_MS);
  }

  close(): void {
    this.#options.connection.onconnectionstatechange = null;
    this.#unlisten.abort();
    this.#stopHints();
    for (const cancel of [this.#cancelLook, this.#cancelSeek, this.#cancelDeadline]) cancel();
  }

  #change(): void {
    const { connection, clock, found, lost } = this.#options;
    const { connectionState } = connection;
    if (connectionState === 'connected') {
      this.#everFound = true;
      if (this.#lost) this.#tries = 0;
      this.#lost = false;
      this.#heardAtMs = clock.now();
      this.#cancelSeek();
      this.#cancelDeadline();
      this.#look();
      found();
    } else if (connectionState === 'failed' || connectionState === 'disconnected') {
      this.#cancelLook();
      if (this.#everFound && !this.#lost) {
        this.#lost = true;
        this.#deadline(GIVE_UP_MS);
        lost();
      }
      this.#seekIn(Math.max(0, this.#soughtAtMs + AGAIN_MS - clock.now()));
    }
  }

  #deadline(afterMs: number): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#options.clock.after(afterMs, this.#options.failed);
  }

  #seekIn(delayMs: number, patienceMs = this.#options.patienceMs): void {
    this.#cancelSeek();
    this.#cancelSeek = this.#options.clock.after(delayMs + patienceMs, () => this.#seek());
  }

  #seek(): void {
    this.#soughtAtMs = this.#options.clock.now();
    this.#tries++;
    this.#candidates = 0;
    this.#options.seek();
    if (this.#options.connection.connectionState !== 'connected') this.#seekIn(AGAIN_MS);
  }

  #gathered(): void {
    const { iceGatheringState } = this.#options.connection;
    if (!this.#everFound || iceGatheringState !== 'complete' || this.#candidates > 0) return;
    this.#seekIn(NO_ADDRESS_MS, 0);
  }

  #look(): void {
    const { clock } = this.#options;
    const isHinted = clock.now() - this.#hintedAtMs < HINT_MS;
    const isClose = isHinted || clock.now() > this.#heardAtMs;
    this.#cancelLook();
    this.#cancelLook = clock.after(isClose ? CLOSE_LOOK_MS : LOOK_MS, () => {
      const silentMs = this.#listen();
      if (silentMs >= (isHinted ? HINT_SILENT_MS : SILENT_MS + this.#options.patienceMs) && this.#maySeek())
        this.#seek();
      this.#look();
    });
  }

  /** Not while the last time, whichever side's that was, may still bring something. */
  #maySeek(): boolean {
    const { clock, connection, patienceMs, tries } = this.#options;
    if (this.#tries === 0) return true;
    const sinceMs = clock.now() - Math.max(this.#soughtAtMs, this.#agreedAtMs);
    return this.#tries < tries && connection.signalingState === 'stable' && sinceMs >= DEAF_MS + patienceMs;
  }

  #hint(): void {
    if (!this.#everFound) return;
    this.#hintedAtMs = this.#options.clock.now();
    // Browsers tell of one change several times.
    if (this.#lost) this.#seekIn(CLOSE_LOOK_MS, 0);
    else this.#look();
  }

  /** For how long nothing has arrived. */
  #listen(): number {
    const { clock, connection, quiet } = this.#options;
    const mark = newestSound(connection);
    if (mark !== this.#mark || mark === 0 || quiet()) {
      this.#heardAtMs = clock.now();
      this.#tries = 0;
    }
    this.#mark = mark;
    return clock.now() - this.#heardAtMs;
  }
}

/** When the newest packet that was played arrived, in the browser's own count; 0 before the first. */
function newestSound(connection: RTCPeerConnection): number {
  // Asked of the receivers, because this costs nothing; statistics take a turn through the network thread.
  const sources = connection
    .getReceivers()
    .flatMap((receiver) => receiver.getSynchronizationSources?.() ?? []);
  return Math.max(0, ...sources.map(({ timestamp }) => timestamp));
}

function browserHints(hint: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  globalThis.addEventListener?.('online', hint, { signal });
  // Chromium alone tells of a change between two networks.
  const browser = globalThis.navigator as { readonly connection?: EventTarget } | undefined;
  browser?.connection?.addEventListener?.('change', hint, { signal });
  return () => stop.abort();
}
