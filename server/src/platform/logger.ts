// The hub's log: one JSON line an event, by pino. It carries ids and codes only; no names, addresses, numbers,
// descriptions of media or tokens. Errors are written without the personal text that foreign libraries put in them.
import { type DestinationStream, pino } from 'pino';

/** What the hub's parts log through. The fields come first; the message is a fixed sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds these fields to every line. */
  child(fields: object): Logger;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** A logger that writes JSON lines; an `err` field is written by `describeError`. */
export function createLogger({ level = 'info', destination }: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: { name: 'hub' },
    serializers: { err: describeError },
    redact: ['authorization', 'cookie', 'bearer', 'code', 'state', 'token', 'sdp', 'email'],
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Says nothing; for tests. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

/**
 * An error as it may be logged. Databases quote the offending value ("dup key: { email: "…" }"), so what stands
 * between double quotes or looks like an e-mail address is masked.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    code,
    message: mask(error.message),
    stack: (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function mask(text: string): string {
  return text.replace(/"[^"]*"/g, '"…"').replace(/[^\s@<>"']+@[^\s@<>"']+/g, '…@…');
}
