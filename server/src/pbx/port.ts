// The hub's view of a telephone exchange. The Asterisk adapter implements it; `absentPbx` stands in where there is none.
import type { PbxAuth } from './account.ts';

export interface PbxEndpoint {
  /** `d-…` or `p-…`. */
  readonly endpoint: string;
  readonly kind: 'device' | 'phone';
  readonly callerName: string;
  readonly callerNumber: string;
  readonly auths: readonly PbxAuth[];
}

/** What dialling an extension rings. */
export interface PbxRoute {
  readonly extension: string;
  readonly personId: string;
  readonly endpoints: readonly string[];
  /** Until then it is busy for whoever dials it (D1); `Infinity`: until told otherwise. */
  readonly busyUntilMs?: number;
}

export interface PbxEvents {
  /** Telephone calls became possible or impossible. */
  availability: (available: boolean) => void;
  /** An endpoint's contacts or calls changed. */
  endpoint: (endpoint: string) => void;
}

export interface Pbx {
  /** Realm of the digest credentials. */
  readonly realm: string;
  readonly available: boolean;
  /** Not available only because the browsers' door to it is shut. */
  readonly isGateMissing?: boolean;
  /** Makes exactly these endpoints and routes usable, in one transaction; used at start. */
  replaceAll(endpoints: readonly PbxEndpoint[], routes: readonly PbxRoute[]): Promise<void>;
  /** Adds or changes one endpoint and the routes it is in; usable when the promise settles. */
  grant(endpoint: PbxEndpoint, routes: readonly PbxRoute[]): Promise<void>;
  /** Changes routes alone. */
  route(routes: readonly PbxRoute[]): Promise<void>;
  /** Refuses the endpoint's credentials at once, closes its gate connections and ends its calls. */
  revoke(endpoint: string, routes: readonly PbxRoute[]): Promise<void>;
  /** Whether some contact of the endpoint is registered and reachable. */
  isRegistered(endpoint: string): boolean;
  isInCall(endpoint: string): boolean;
  /** How many calls the endpoint is in or makes; one that only rings there does not count. */
  callsOf(endpoint: string): number;
  /** Whether one of them is answered. */
  isTalking(endpoint: string): boolean;
  /** Whether a channel goes on, by the id that its call record has; undefined where the exchange does not answer. */
  hasChannel?(id: string): boolean | undefined;
  /** The endpoint whose channel has this Call-ID of SIP; undefined where there is none, or nobody answers. */
  ownerOfDialog?(sipCallId: string): Promise<string | undefined>;
  on<E extends keyof PbxEvents>(event: E, listener: PbxEvents[E]): () => void;
  close(): Promise<void>;
}

/** Stands where no Asterisk is configured: nothing is ever available. */
export const absentPbx: Pbx = {
  realm: 'ringtag',
  available: false,
  replaceAll: async () => {},
  grant: async () => {},
  route: async () => {},
  revoke: async () => {},
  isRegistered: () => false,
  isInCall: () => false,
  callsOf: () => 0,
  isTalking: () => false,
  on: () => () => {},
  close: async () => {},
};
