// SIP credentials as stored: per device session or desk phone, hashed as Asterisk and JsSIP both want them.

export interface PbxAuth {
  /** Row id in the projection: `<endpoint>-<n>`. */
  readonly id: string;
  /** MD5(endpoint:realm:password), RFC 2617 §3.2.2.2. */
  readonly ha1: string;
  /** Absent: valid until the endpoint goes. */
  readonly validUntilMs?: number;
}

export interface PbxEndpointRecord {
  /** `d-…` (device session) or `p-…` (desk phone): SIP user, endpoint, aor and auth user in one. */
  readonly endpoint: string;
  readonly kind: 'device' | 'phone';
  readonly personId: string;
  /** Device sessions only. */
  readonly sessionId?: string;
  /** Newest last; two while a rotation overlaps. */
  readonly auths: readonly PbxAuth[];
}
