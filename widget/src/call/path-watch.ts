// Watches the path that carries the sound of one connection: says when it is lost and found, and when to seek another
// by an ICE restart (RFC 8445 §9). Browsers notice a dead path after five seconds or more; sound that stops says it
// earlier, and a change of network earlier still. Knows neither rooms nor SIP.
import type { Clock } from './clock.ts';

const LOOK_MS = 250;
/** Nothing arrived for so long: no blip any more. Seeking harms nobody: the old path is kept until a new one works. */
const SILENT_MS = 1_000;
/** A change of network that the sound survives this long has left the path alone. */
const HINT_MS = 400;
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
  /** Candidates since then. */
  #candidates = 0;
  readonly #unlisten = new AbortController();
  #cancelLook = () => {};
  #cancelHint = () => {};
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
    if (this.#lost) this.#seekIn(AGAIN_MS);
  }

  close(): void {
    this.#options.connection.onconnectionstatechange = null;
    this.#unlisten.abort();
    this.#stopHints();
    for (const cancel of [this.#cancelLook, this.#cancelHint, this.#cancelSeek, this.#cancelDeadline])
      cancel();
  }

  #change(): void {
    const { connection, clock, found, lost } = this.#options;
    const { connectionState } = connection;
    if (connectionState === 'connected') {
      this.#everFound = true;
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

  #seekIn(delayMs: number): void {
    const { clock, patienceMs } = this.#options;
    this.#cancelSeek();
    this.#cancelSeek = clock.after(delayMs + patienceMs, () => this.#seek());
  }

  #seek(): void {
    this.#soughtAtMs = this.#options.clock.now();
    this.#candidates = 0;
    this.#options.seek();
    // Once is enough where it only fell silent: checks that succeed show that the path is there.
    if (this.#options.connection.connectionState !== 'connected') this.#seekIn(AGAIN_MS);
  }

  #gathered(): void {
    const { connection, clock } = this.#options;
    if (!this.#everFound || connection.iceGatheringState !== 'complete' || this.#candidates > 0) return;
    this.#cancelSeek();
    this.#cancelSeek = clock.after(NO_ADDRESS_MS, () => this.#seek());
  }

  #look(): void {
    const { clock, patienceMs } = this.#options;
    this.#cancelLook();
    this.#cancelLook = clock.after(LOOK_MS, () => {
      const silentMs = this.#listen();
      if (silentMs >= SILENT_MS + patienceMs && this.#soughtAtMs < this.#heardAtMs) this.#seek();
      this.#look();
    });
  }

  #hint(): void {
    if (!this.#everFound) return;
    const { clock } = this.#options;
    this.#cancelHint();
    this.#listen();
    const before = this.#mark;
    this.#cancelHint = clock.after(this.#lost ? 0 : HINT_MS, () => {
      this.#listen();
      if (this.#lost || (this.#mark === before && !this.#options.quiet())) this.#seek();
    });
  }

  /** For how long nothing has arrived. */
  #listen(): number {
    const { clock, connection, quiet } = this.#options;
    const mark = newestSound(connection);
    if (mark !== this.#mark || mark === 0 || quiet()) this.#heardAtMs = clock.now();
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
