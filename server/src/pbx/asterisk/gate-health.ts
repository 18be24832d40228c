// Whether sip-gate answers, asked again and again: without it no browser reaches Asterisk, however well Asterisk is.
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';

export interface GateHealthOptions {
  /** Loopback URL of the gate's control endpoint; absent: nobody can ask, and it is taken to be up. */
  readonly url: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  /** How long an answer may take; default 1.5 s. */
  readonly timeoutMs?: number;
}

export interface GateHealth {
  readonly isUp: boolean;
  close(): void;
}

const PERIOD_MS = 3_000;
const TIMEOUT_MS = 1_500;
/** A busy machine may miss one answer; it is asked again at once. */
const SILENCES = 2;

/** Asks at once, then every three seconds. Up until the first answer fails to come. */
export function watchGate(options: GateHealthOptions): GateHealth {
  const { url, clock, logger, onChange } = options;
  let isUp = true;
  let silences = 0;
  let isClosed = false;
  let cancel: (() => void) | undefined;

  async function look(at: URL): Promise<void> {
    const answer = await ask(at, options.timeoutMs ?? TIMEOUT_MS);
    if (isClosed) return;
    silences = answer === 'silent' ? silences + 1 : 0;
    const found = answer === 'up' || (answer === 'silent' && silences < SILENCES && isUp);
    const isDoubtful = answer === 'silent' && found;
    cancel = clock.after(isDoubtful ? 0 : PERIOD_MS, () => void look(at));
    if (found === isUp) return;
    isUp = found;
    if (isUp) logger.info({}, 'sip-gate answers again');
    else logger.warn({ answer }, 'sip-gate does not answer; no browser can telephone');
    onChange();
  }

  if (url !== undefined) void look(new URL('/healthz', url));
  return {
    get isUp() {
      return isUp;
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

async function ask(url: URL, timeoutMs: number): Promise<'up' | 'down' | 'silent'> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.ok ? 'up' : 'down';
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 'silent';
    // A certificate made out to the public name does not fit the loopback address, yet somebody showed it.
    const code = String((error as { cause?: { code?: unknown } }).cause?.code);
    return /CERT|TLS/.test(code) ? 'up' : 'down';
  }
}
