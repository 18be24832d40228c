// The one sentence about databases that are ahead of the program.

/** For a database that a newer program has written; this one must not touch it. */
export function newerVersion(what: string, version: number, known: number): Error {
  return new Error(
    `${what} has version ${version}, but this program knows only versions up to ${known}. Start the newer Ringtag that wrote it, or point this one at another database.`,
  );
}
