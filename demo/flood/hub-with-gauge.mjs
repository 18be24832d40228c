// The hub as `main.js` starts it, which on `collect FILE` on standard input throws away what nobody holds any longer,
// and writes down what is left.
import { rename, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import '../../server/dist/src/main.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [word, file] = line.split(' ');
  if (word !== 'collect') return;
  // Twice: what finalizers let go of is only gone the second time.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  // Whole or not there.
  await writeFile(`${file}.new`, JSON.stringify({ heapBytes: heapUsed + external }));
  await rename(`${file}.new`, file);
});
