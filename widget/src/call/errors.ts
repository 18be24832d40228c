// Refusals as values, and the conversion of what browsers throw into the codes of `phone.ts`.
import type { PhoneErrorCode } from './phone.ts';

/** What could not be done, and why. `ways` come with `UNREACHABLE`. */
export interface Refused {
  readonly ok: false;
  readonly code: PhoneErrorCode;
  readonly retryAfterMs?: number;
  readonly ways?: readonly unknown[];
}

export type Result<T> = { readonly ok: true; readonly value: T } | Refused;

export const done = <T>(value: T): Result<T> => ({ ok: true, value });

export const refused = (code: PhoneErrorCode): Refused => ({ ok: false, code });

/** Which device the page asked for; decides between the microphone's and the camera's codes. */
export type Wanted = 'microphone' | 'camera';

/** Codes of a failed `getUserMedia` (Media Capture and Streams §10.2), by the DOMException's name. */
export function mediaErrorCode(error: unknown, wanted: Wanted): PhoneErrorCode {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return wanted === 'camera' ? 'CAMERA_DENIED' : 'MICROPHONE_DENIED';
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    return wanted === 'camera' ? 'CAMERA_MISSING' : 'MICROPHONE_MISSING';
  }
  if (name === 'NotReadableError' || name === 'AbortError') {
    return wanted === 'camera' ? 'CAMERA_BUSY' : 'MICROPHONE_BUSY';
  }
  return 'MEDIA_FAILED';
}
