// Reads the lines that are added to a file, from a place that was kept. A file is known by its first line, which has a
// time and a name in it: so one that was renamed, copied away and emptied, or begun anew is told from one that has only
// grown, and what was left unread in the old one is read first.
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FilePosition } from '../../records/record.ts';

/** Read at once, at most; a line is shorter. */
const CHUNK_BYTES = 256 * 1024;

export interface Line {
  readonly text: string;
  readonly at: FilePosition;
}

export interface Chunk {
  readonly lines: readonly Line[];
  /** Where to go on; undefined before there was any line. */
  readonly end: FilePosition | undefined;
  /** Nothing more is there now. */
  readonly isAll: boolean;
}

/** The next whole lines of `path` from `from` on (default: its beginning). A file that is not there has none. */
export async function readLines(path: string, from: FilePosition | undefined): Promise<Chunk> {
  const identity = await identify(path);
  if (from === undefined || identity === from.file) {
    if (identity === undefined) return { lines: [], end: from, isAll: true };
    return readFrom(path, from ?? { file: identity, offset: 0 });
  }
  // Another file has taken its place, or will.
  const old = await siblings(path);
  const index = old.findIndex(({ file }) => file === from.file);
  const mine = old[index];
  if (mine) {
    const chunk = await readFrom(mine.path, from);
    if (chunk.lines.length > 0) return { ...chunk, isAll: false };
  }
  const next = mine ? old[index + 1] : undefined;
  if (next) return { lines: [], end: { file: next.file, offset: 0 }, isAll: false };
  if (identity === undefined) return { lines: [], end: from, isAll: true };
  return { lines: [], end: { file: identity, offset: 0 }, isAll: false };
}

/** Undefined while there is no whole line. */
async function identify(path: string): Promise<string | undefined> {
  return withFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8 * 1024), 0, 8 * 1024, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    if (end < 0) return undefined;
    return createHash('sha256').update(buffer.subarray(0, end)).digest('base64url');
  });
}

async function readFrom(path: string, { file: identity, offset }: FilePosition): Promise<Chunk> {
  const chunk = await withFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
    const bytes = buffer.subarray(0, bytesRead);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    return { lines: split(whole, { file: identity, offset }), whole, isAll: bytesRead < CHUNK_BYTES };
  });
  if (!chunk) return { lines: [], end: { file: identity, offset }, isAll: true };
  const { lines, whole, isAll } = chunk;
  return { lines, end: { file: identity, offset: offset + whole.length }, isAll };
}

function split(bytes: Buffer, { file, offset }: FilePosition): Line[] {
  const lines: Line[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const end = bytes.indexOf(10, begin);
    const text = bytes.toString('utf8', begin, end).replace(/\r$/, '');
    if (text !== '') lines.push({ text, at: { file, offset: offset + begin } });
    begin = end + 1;
  }
  return lines;
}

/** What rotation has put beside it (`Master.csv.1`, `Master.csv-20260101`), oldest first. */
async function siblings(path: string): Promise<{ path: string; file: string }[]> {
  const name = basename(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const found = await Promise.all(
    names
      .filter((each) => each !== name && each.startsWith(name))
      .map(async (each) => {
        const at = join(dirname(path), each);
        const [file, info] = await Promise.all([identify(at), stat(at).catch(() => undefined)]);
        return file !== undefined && info ? [{ path: at, file, changedMs: info.mtimeMs }] : [];
      }),
  );
  return found.flat().sort((a, b) => a.changedMs - b.changedMs);
}

async function withFile<T>(path: string, task: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    // Not there (yet, or between two rotations), or not for us to read: asked again next time.
    return undefined;
  }
  try {
    return await task(file);
  } finally {
    await file.close();
  }
}
