// Texts of what is opened only sometimes. Imported by those chunks alone, so that the phone does not carry them.
import { enSheets } from './en-sheets.ts';
import { type SheetTexts, texts } from './index.ts';

export function sheetTexts(): SheetTexts {
  return texts().sheets ?? enSheets;
}
