// Under construction.
import type { Phone } from '../call/phone.ts';

export interface ScanOptions {
  readonly phone: Phone;
  /** Selector of the roots. */
  readonly roots: string;
  readonly doc: Document;
}

export function scanPage(options: ScanOptions): () => void {
  void options;
  return () => {};
}
