// `npm run phone -w demo`: the scripted phone as a terminal command. It registers at the running demo as Bruno's desk
// phone, rings, answers after a while, plays a tone and prints what it hears; or, with --call, it calls.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSoftphone, type Softphone, type SoftphoneCall, type SoftphoneEvent } from './index.ts';

const USAGE = `npm run phone -w demo -- [--user p-bruno] [--answer-after SECONDS] [--tone HZ] [--call NUMBER] [--digits 123#]
                          [--data DIR] [--server HOST:PORT --password PASSWORD]

Rings, answers after 3 seconds, plays 660 Hz and prints what it hears, until Ctrl-C.
With --call it dials instead: an extension, 600 (echo) or 601 (a tone of 1004 Hz).
`;

/** Of this file at demo/src/softphone and, compiled, at demo/dist/src/softphone. */
const ROOT = fileURLToPath(
  new URL(import.meta.url.includes('/dist/') ? '../../../..' : '../../..', import.meta.url),
);
const HEAR_EVERY_MS = 1_000;

interface Options {
  readonly server: { readonly host: string; readonly port: number };
  readonly user: string;
  readonly password: string;
  readonly toneHz: number;
  readonly answerAfterMs: number;
  readonly call?: string;
  readonly digits?: string;
}

async function readOptions(): Promise<Options | undefined> {
  const { values } = parseArgs({
    options: {
      user: { type: 'string', default: 'p-bruno' },
      'answer-after': { type: 'string', default: '3' },
      tone: { type: 'string', default: '660' },
      call: { type: 'string' },
      digits: { type: 'string' },
      data: { type: 'string', default: join(ROOT, '.ringtag') },
      server: { type: 'string' },
      password: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const { user, call, digits } = values;
  return {
    user,
    server: values.server === undefined ? await demoServer(values.data) : parseServer(values.server),
    password: values.password ?? (await demoPassword(values.data, user)),
    toneHz: Number(values.tone),
    answerAfterMs: Number(values['answer-after']) * 1_000,
    ...(call === undefined ? {} : { call }),
    ...(digits === undefined ? {} : { digits }),
  };
}

function parseServer(text: string): Options['server'] {
  const [host = '127.0.0.1', port = '5060'] = text.split(':');
  return { host, port: Number(port) };
}

async function demoServer(data: string): Promise<Options['server']> {
  const file = join(resolve(data), 'asterisk', 'ringtag-asterisk.json');
  const info = JSON.parse(await readOrExplain(file)) as { host: string; sipUdpPort: number };
  return { host: info.host, port: info.sipUdpPort };
}

async function demoPassword(data: string, user: string): Promise<string> {
  const file = join(resolve(data), 'hub', 'desk-phones.json');
  const password = (JSON.parse(await readOrExplain(file)) as Record<string, string>)[user];
  if (password === undefined) throw new Error(`There is no desk phone "${user}" in ${file}.`);
  return password;
}

function readOrExplain(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Error(`${file} is not there: start the demo first, or say --server and --password.`);
  });
}

function say(text: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
}

function sentenceFor(event: SoftphoneEvent, answerAfterMs: number): string | undefined {
  switch (event.kind) {
    case 'registration':
      return event.status === 200 ? 'registered' : `registration refused (${event.status})`;
    case 'incoming':
      return `rings: ${event.call.peer.replace(/;.*/, '')}; answering in ${answerAfterMs / 1_000} s`;
    case 'ringing':
      return event.call.direction === 'out' ? `it rings there (${event.call.progress})` : undefined;
    case 'answered':
      return 'the call is up';
    case 'digit':
      return `hears the digit ${event.digit}`;
    case 'ended': {
      const { by, status = '', reason = '' } = event.end;
      return `the call ended (${by}) ${status} ${reason}`.trimEnd();
    }
  }
}

function sayWhatIsHeard(calls: readonly SoftphoneCall[]): void {
  for (const call of calls.filter(({ state }) => state === 'active')) {
    const { hz, levelDb, purity } = call.heard();
    say(
      hz === 0
        ? 'hears silence'
        : `hears ${hz} Hz, ${Math.round(levelDb)} dB, ${Math.round(purity * 100)} % of it`,
    );
  }
}

/** Settles when the call is over; rejects never. */
async function placeCall(phone: Softphone, { call: dialled = '', digits }: Options): Promise<void> {
  const call = await phone.call(dialled);
  if ((await call.answered) && digits !== undefined) await call.sendDigits(digits);
  await call.ended;
}

async function main(): Promise<void> {
  const options = await readOptions();
  if (!options) {
    console.log(USAGE);
    return;
  }
  const { call, answerAfterMs, ...account } = options;
  const phone = await createSoftphone({
    ...account,
    ...(call === undefined ? { answerAfterMs } : {}),
    onEvent: (event) => {
      const sentence = sentenceFor(event, answerAfterMs);
      if (sentence !== undefined) say(sentence);
    },
  });
  const hearing = setInterval(() => sayWhatIsHeard(phone.calls), HEAR_EVERY_MS);
  const stop = async (): Promise<void> => {
    clearInterval(hearing);
    await phone.close();
  };
  const interrupted = new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  say(`${options.user} at ${options.server.host}:${options.server.port}`);
  const status = await phone.register();
  if (status === 200)
    await Promise.race([interrupted, ...(call === undefined ? [] : [placeCall(phone, options)])]);
  else process.exitCode = 1;
  await stop();
}

await main().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
});
