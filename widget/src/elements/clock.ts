// Running times of calls, in whole seconds, re-rendered when the second changes.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallView } from '../call/phone.ts';

/** `3:12` as `03:12`, an hour and more as `1:03:12`. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

export function elapsed(call: CallView, nowMs: number = performance.now()): string | null {
  return call.activeSinceMs === undefined ? null : formatElapsed(nowMs - call.activeSinceMs);
}

/** Until the running time of a call shows another second: everything that shows it changes at once. */
export function untilNextSecondMs(sinceMs: number, nowMs: number = performance.now()): number {
  return 1_000 - ((nowMs - sinceMs) % 1_000);
}

/** Re-renders its host whenever the time since `since` shows another second; nothing runs while that is absent. */
export class SecondsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #since: () => number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, since: () => number | undefined) {
    this.#host = host;
    this.#since = since;
    host.addController(this);
  }

  hostUpdated(): void {
    clearTimeout(this.#timer);
    const since = this.#since();
    if (since !== undefined)
      this.#timer = setTimeout(() => this.#host.requestUpdate(), untilNextSecondMs(since));
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }
}
