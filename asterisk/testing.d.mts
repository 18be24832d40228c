// One Asterisk for a test file, or the reason why there is none.
import type { RunningAsterisk, StartAsteriskOptions } from './index.mjs';

export type AsteriskForTests =
  | { readonly asterisk: RunningAsterisk; readonly skip: null }
  | { readonly asterisk: null; readonly skip: string };

/**
 * Starts a real Asterisk in a fresh temporary directory. Never installs one: where none is found, `skip` is a
 * sentence (also printed once) for the test title. Stop it with `asterisk.stop()`; it dies with this process anyway.
 */
export function getAsteriskForTests(options?: Partial<StartAsteriskOptions>): Promise<AsteriskForTests>;
