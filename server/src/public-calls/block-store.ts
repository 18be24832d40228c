// What is kept of the networks that administrators have blocked.

/** A network that gets nothing of `/api/public/`. */
export interface BlockRecord {
  /** `b-…` */
  readonly id: string;
  /** An address, or a network as `192.0.2.0/24` or `2001:db8::/48`. */
  readonly network: string;
  /** The administrator's words, for administrators alone. */
  readonly reason: string;
  /** Who blocked it: an e-mail address, or `token`. */
  readonly by: string;
  readonly createdAtMs: number;
  /** Absent: until it is lifted. */
  readonly endsAtMs?: number;
}

export interface BlockStore {
  /** Those in force, the newest first. What has ended is forgotten. */
  all(nowMs: number): Promise<BlockRecord[]>;
  put(block: BlockRecord): Promise<void>;
  /** False where there is none. */
  remove(id: string): Promise<boolean>;
}
