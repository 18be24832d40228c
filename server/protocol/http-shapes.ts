// Shapes that bodies of several subjects have in common. Not for import from outside `protocol`.
import { z } from 'zod';

export const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/);

/** base64url of 32 random bytes (codes, nonces, verifiers) up to a generous length. */
export const token = z
  .string()
  .min(16)
  .max(256)
  .regex(/^[\w-]+$/);
