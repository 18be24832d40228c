// Orders to sip-gate: close every connection of an endpoint whose credentials are gone.
import type { Logger } from '../../platform/logger.ts';

export interface GateControl {
  /** Loopback URL of the gate, such as `http://127.0.0.1:4005`. */
  readonly url: string;
  /** The secret shared with the gate. */
  readonly secret: string;
}

const TIMEOUT_MS = 2_000;

/** Never rejects: the credentials are refused already, whether the gate hears of it or not. */
export async function closeAtGate(gate: GateControl, endpoint: string, logger: Logger): Promise<void> {
  try {
    const response = await fetch(new URL('/control/close', gate.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${gate.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ endpoint }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    if (!response.ok)
      logger.warn({ endpoint, status: response.status }, 'sip-gate refused to close connections');
  } catch (err) {
    logger.warn(
      { err, endpoint },
      'sip-gate does not answer; its connections of a revoked endpoint stay open',
    );
  }
}
