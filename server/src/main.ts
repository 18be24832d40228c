// The hub as a process: reads the environment, starts, stops when asked to. The only reader of process.env.
import { readConfig } from './config.ts';
import { startHub } from './hub.ts';
import { createLogger } from './platform/logger.ts';

/** A stop that takes longer than this is cut short. */
const STOP_MS = 10_000;

const result = readConfig(process.env);
if (result.ok) {
  await run(result.config);
} else {
  for (const { variable, problem } of result.problems) process.stderr.write(`${variable} ${problem}\n`);
  process.exitCode = 78; // EX_CONFIG of sysexits.h: a restart will not help
}

async function run(config: Parameters<typeof startHub>[0]['config']): Promise<void> {
  const logger = createLogger({ level: config.logLevel });
  const starting = startHub({ config, logger }).catch((err: unknown) => {
    logger.error({ err }, 'the hub could not start');
    process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`);
    process.exit(1);
  });

  let isStopping = false;
  function stop(cause: string): void {
    if (isStopping) return;
    isStopping = true;
    logger.info({ cause }, 'stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    starting
      .then((hub) => hub.close())
      .then(
        () => process.exit(0),
        (err: unknown) => {
          logger.error({ err }, 'the hub did not stop cleanly');
          process.exit(1);
        },
      );
  }

  // Before it has started: who asks it to stop meanwhile is heard as well, and it closes what it has opened.
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  if (process.env.RINGTAG_STOP_WITH_PARENT === '1') {
    process.once('disconnect', () => stop('parent gone'));
    if (process.send === undefined) process.stdin.on('end', () => stop('parent gone')).resume();
  }
  const hub = await starting;
  process.send?.({ type: 'ready', url: hub.url, port: hub.port });
}
