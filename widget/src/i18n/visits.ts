// Texts about visitors of public pages. Imported by their chunk alone, so that the phone does not carry them.
import { enVisits } from './en-visits.ts';
import { texts, type VisitTexts } from './index.ts';

export function visitTexts(): VisitTexts {
  return texts().visits ?? enVisits;
}
