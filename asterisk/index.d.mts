// Finding, getting and running an Asterisk, for the demo, for tests and for the two commands of this folder.

/** An Asterisk that can be started. `origin` says whether it is the machine's own or the private tree. */
export interface FoundAsterisk {
  readonly version: string;
  readonly origin: 'path' | 'tree';
  /** Program and leading arguments. */
  readonly command: readonly string[];
  readonly modulesDir: string;
  /** Holds `documentation`, `rest-api` and `sounds`. */
  readonly dataDir: string;
}

/** An Asterisk on PATH of 22.2 or later, else the private tree in the cache; null when there is neither. */
export function findAsterisk(env?: Record<string, string | undefined>): Promise<FoundAsterisk | null>;

/**
 * Like `findAsterisk`, and where there is none makes the private tree (Debian or Ubuntu, as root, half a minute).
 * Rejects with one sentence when none can be had.
 */
export function installAsterisk(options?: {
  readonly env?: Record<string, string | undefined>;
  /** Progress, a line at a time. */
  readonly log?: (line: string) => void;
}): Promise<FoundAsterisk>;

/** What was started; also written to `DIR/ringtag-asterisk.json` (mode 0600, it holds passwords). */
export interface AsteriskInfo {
  readonly version: string;
  readonly pid: number;
  readonly dir: string;
  /** `http://127.0.0.1:PORT/ari`, as in `ASTERISK_ARI_URL`. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** SQLite file that the hub writes and Asterisk reads, as in `ASTERISK_PROJECTION`. */
  readonly projection: string;
  readonly realm: string;
  /** Where sip-gate connects to; never to be exposed. */
  readonly wsUrl: string;
  readonly host: string;
  /** Plain UDP; null where the operator did not allow it (any host but loopback). */
  readonly sipUdpPort: number | null;
  /** SIP over TLS, for phones. */
  readonly sipTlsPort: number;
  /** PEM of the certificate phones see. */
  readonly tlsCertificate: string;
  readonly rtpStart: number;
  readonly rtpEnd: number;
  /** Where sockets for media open, as in `ASTERISK_MEDIA_ADDRESS`; null where `host` is 0.0.0.0: Asterisk chooses. */
  readonly mediaAddress: string | null;
  /** Rows a finished call leaves: call detail records and channel events (CSV). */
  readonly cdrFile: string;
  readonly celFile: string;
}

export interface RunningAsterisk extends AsteriskInfo {
  /** Settles when the process is gone, with its exit code (null: by a signal). */
  readonly exited: Promise<number | null>;
  /** SIGTERM, then SIGKILL after 5 s. */
  stop(): Promise<void>;
}

export interface StartAsteriskOptions {
  /** Directory of this instance; made if missing. Secrets and ports in it are kept from run to run. */
  readonly dir: string;
  /** Address that phones and media use; default 127.0.0.1. ARI, AMI and the WebSocket are always on 127.0.0.1. */
  readonly host?: string;
  /** Plain UDP for phones; default only where `host` is loopback. */
  readonly plainUdp?: boolean;
  /**
   * Wished ports; default: those of the last run in `dir`, else free ones below those that the system hands out. One
   * that is in use is an error, those of the last run only after 15 s; a free one that somebody takes before Asterisk
   * binds it is chosen again, at most twice.
   */
  readonly sipUdpPort?: number;
  readonly sipTlsPort?: number;
  readonly httpPort?: number;
  readonly rtpStart?: number;
  readonly rtpEnd?: number;
  /** Realm of the digest credentials; default `ringtag`. */
  readonly realm?: string;
  /** PEM files for SIP over TLS; default: a self-signed certificate made in `dir`. */
  readonly tlsCertificate?: string;
  readonly tlsPrivateKey?: string;
  readonly asterisk?: FoundAsterisk;
  /** One line for each thing worth knowing. */
  readonly log?: (line: string) => void;
}

/** Renders the configuration, starts Asterisk and waits until it is fully booted (about a second). */
export function startAsterisk(options: StartAsteriskOptions): Promise<RunningAsterisk>;
