// The hub as `main.js` starts it, in a process that can be asked what it uses. Everything in it is real.
import { readConfig } from '../../server/dist/src/config.js';
import { startHub } from '../../server/dist/src/hub.js';
import { answerGauge } from './child-gauge.mjs';

const read = readConfig(process.env);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
// The relay's rate is to be measured, not its limit.
const socketRate = { requests: Number.POSITIVE_INFINITY, windowMs: 10_000 };
const hub = await startHub({ config: read.config, socketRate });
answerGauge(hub.port);
