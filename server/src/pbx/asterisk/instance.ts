// What `asterisk/run` says of itself in a file beside the projection. Read once at start; nothing but the hub's
// defaults comes from it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Instance = z.object({ mediaAddress: z.string().nullable() });

/**
 * Where that Asterisk opens its sockets for media: null for "at every address of its machine", `undefined` where no
 * such file is beside `projectionFile`, because it is run by other means.
 */
export function mediaAddressBeside(projectionFile: string): string | null | undefined {
  try {
    const text = readFileSync(join(dirname(projectionFile), 'ringtag-asterisk.json'), 'utf8');
    return Instance.parse(JSON.parse(text)).mediaAddress;
  } catch {
    return undefined;
  }
}
