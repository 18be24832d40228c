// What people do who answer visitors: they hear a call, read what was written and left, and write back.
import type { Person } from '../fixtures.ts';

/** The dialog of a visitor's call. */
export function ringingFor(person: Person) {
  return person.page.getByRole('alertdialog');
}

export async function answerVisitor(person: Person): Promise<void> {
  await ringingFor(person).getByRole('button', { name: 'Answer', exact: true }).click({ timeout: 20_000 });
}
