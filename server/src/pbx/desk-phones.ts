// Passwords of desk phones: the one credential that a person types, so it must be known and stay. They lie in one
// file (mode 0600) that the operator may read and edit; the database holds only their HA1.
import { randomInt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export interface DeskPhonePasswords {
  /** The password of a desk phone, made at the first question. */
  passwordFor(endpoint: string): Promise<string>;
}

/** File name within `DATA_DIR`. */
export const DESK_PHONES_FILE = 'desk-phones.json';

/** Letters and digits that nobody mistakes for another when typing on a telephone. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 16;

const Passwords = z.record(z.string(), z.string().min(8));

/** Reads and writes `file`: a JSON object, endpoint → password. A file that is not one is a fault, never overwritten. */
export function createDeskPhonePasswords(file: string): DeskPhonePasswords {
  let turn: Promise<unknown> = Promise.resolve();

  async function findOrMake(endpoint: string): Promise<string> {
    const passwords = await read(file);
    const known = passwords[endpoint];
    if (known !== undefined) return known;
    const made = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    await writeFile(`${file}.new`, `${JSON.stringify({ ...passwords, [endpoint]: made }, null, 2)}\n`, {
      mode: 0o600,
    });
    await rename(`${file}.new`, file);
    return made;
  }

  return {
    passwordFor(endpoint) {
      const answer = turn.then(() => findOrMake(endpoint));
      turn = answer.catch(() => {});
      return answer;
    },
  };
}

async function read(file: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw cause;
  }
  return Passwords.parse(JSON.parse(text));
}
