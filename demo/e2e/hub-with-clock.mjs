// The hub as `main.js` starts it, with a clock that jumps: `advance MS` on standard input moves it. What was due in
// between runs at once.
import { createInterface } from 'node:readline';
import { readConfig } from '../../server/dist/src/config.js';
import { startHub } from '../../server/dist/src/hub.js';

let offsetMs = 0;
const waiting = new Set();

const clock = {
  now: () => Date.now() + offsetMs,
  after(delayMs, task) {
    const entry = { dueMs: clock.now() + delayMs, task, timer: undefined };
    waiting.add(entry);
    arm(entry);
    return () => {
      clearTimeout(entry.timer);
      waiting.delete(entry);
    };
  },
};

function arm(entry) {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(
    () => {
      waiting.delete(entry);
      entry.task();
    },
    Math.max(0, Math.min(entry.dueMs - clock.now(), 2 ** 31 - 1)),
  ).unref();
}

const { config, problems } = readConfig(process.env);
if (problems) throw new Error(JSON.stringify(problems));
const hub = await startHub({ config, clock });
const stop = () => hub.close().then(() => process.exit(0));
process.once('SIGTERM', stop);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, ms] = line.split(' ');
    if (word !== 'advance') return;
    offsetMs += Number(ms);
    for (const entry of [...waiting]) arm(entry);
  })
  .on('close', stop);
