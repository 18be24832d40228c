// The composition root: storage → sessions → people → telephone → calls → HTTP. `main.ts` calls it with the
// environment's configuration; tests and the demo start one in process, with a clock of their own.
import type { Config } from './config.ts';
import type { Clock } from './platform/clock.ts';
import type { Ids } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';

export interface HubOptions {
  readonly config: Config;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: random ones. */
  readonly ids?: Ids;
  /** Default: JSON lines on standard output, at the configured level. */
  readonly logger?: Logger;
}

export interface Hub {
  /** Where it listens: `http://127.0.0.1:…`; browsers come by `config.publicUrl`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, says goodbye to sockets, closes storage. */
  close(): Promise<void>;
}
