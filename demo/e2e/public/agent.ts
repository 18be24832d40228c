// What people do who answer visitors: they hear a call, read what was written and left, and write back.
import { expect, type Person } from '../fixtures.ts';

/** The dialog of a visitor's call. */
export function ringingFor(person: Person) {
  return person.page.getByRole('alertdialog');
}

export async function answerVisitor(person: Person): Promise<void> {
  await ringingFor(person).getByRole('button', { name: 'Answer', exact: true }).click({ timeout: 20_000 });
}

/** What stands in the dialog that rings, word for word and as text. */
export async function expectAbout(person: Person, words: readonly string[]): Promise<void> {
  const dialog = ringingFor(person);
  await expect(dialog).toBeVisible({ timeout: 20_000 });
  for (const text of words) await expect(dialog.getByText(text).first()).toBeVisible();
}

/** The list of those who write, and of what was left. */
export async function openVisitors(person: Person): Promise<void> {
  await person.openPane();
  await person.page.getByRole('tab', { name: /^Visitors/ }).click();
}

/** In the chat that is in front. */
export async function write(person: Person, text: string): Promise<void> {
  const field = person.page.getByRole('textbox', { name: 'Write to the visitor', exact: true }).first();
  await field.fill(text);
  await field.press('Enter');
}

/** The hub's answers to this person, asked with the bearer of their page. */
export interface HubOf {
  get<T>(path: string): Promise<T>;
  bytes(path: string): Promise<{ readonly type: string; readonly size: number }>;
  post(path: string, body: unknown): Promise<number>;
}

/** To be called before the person signs in. */
export function hubOf(person: Person): HubOf {
  let authorization = '';
  person.page.on('request', (request) => {
    authorization = request.headers().authorization ?? authorization;
  });
  const { hubOrigin, sites } = person.world;
  const headers = () => ({
    authorization,
    origin: sites.webmail.origin,
    'content-type': 'application/json',
  });
  const at = (path: string) => `http://127.0.0.1:${new URL(hubOrigin).port}${path}`;
  const ask = async (path: string) => {
    const answer = await fetch(at(path), { headers: headers() });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    get: async <T>(path: string) => (await ask(path)).json() as Promise<T>,
    async bytes(path) {
      const answer = await ask(path);
      return {
        type: answer.headers.get('content-type') ?? '',
        size: (await answer.arrayBuffer()).byteLength,
      };
    },
    async post(path, body) {
      return (await fetch(at(path), { method: 'POST', headers: headers(), body: JSON.stringify(body) }))
        .status;
    },
  };
}
