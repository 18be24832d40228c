// The token that opens sip-gate: signed by the hub, checked by the gate, which therefore needs no database and no
// hub. It says one thing only: this endpoint may connect from this origin until then.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const GateTokenPayload = z.strictObject({
  endpoint: z.string().regex(/^[\w.-]{1,64}$/),
  origin: z.string().max(300),
  kind: z.enum(['employee', 'guest']),
  expiresAtMs: z.number(),
});
export type GateTokenPayload = z.infer<typeof GateTokenPayload>;

/** Bound into the signature, so that nothing else signed with the same secret passes for a token. */
const PURPOSE = 'ringtag sip-gate v1\n';
const TOKEN_CHARS = 1_024;

/** `payload.signature`, both base64url. */
export function signGateToken(payload: GateTokenPayload, secret: string): string {
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${body}.${signature(body, secret).toString('base64url')}`;
}

/** The payload of a token that is genuine and in time; undefined for anything else. */
export function verifyGateToken(token: string, secret: string, nowMs: number): GateTokenPayload | undefined {
  const [body, signed, ...rest] = token.length > TOKEN_CHARS ? [] : token.split('.');
  if (body === undefined || signed === undefined || rest.length > 0) return undefined;
  const expected = signature(body, secret);
  const given = Buffer.from(signed, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const payload = GateTokenPayload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return payload.success && payload.data.expiresAtMs > nowMs ? payload.data : undefined;
}

function signature(body: string, secret: string): Buffer {
  return createHmac('sha256', secret)
    .update(PURPOSE + body)
    .digest();
}
