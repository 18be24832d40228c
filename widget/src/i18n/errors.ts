// One sentence for each code, of the wire and of this browser. The type makes a missing one a compile error.
import type { PhoneErrorCode } from '../call/phone.ts';

export type ErrorTexts = { readonly [code in PhoneErrorCode]: string };
