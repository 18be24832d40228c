// Runs one command with a title, and ends the whole script with a sentence when it fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} title what is being done, for people
 * @param {string} command
 * @param {string[]} args
 * @param {{ allowFailure?: boolean, env?: Record<string, string>, quiet?: boolean }} [options]
 * @returns {Promise<number>} the exit code (only 0 unless `allowFailure`)
 */
export async function run(title, command, args, options = {}) {
  const started = Date.now();
  if (!options.quiet) console.log(`· ${title} …`);
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...options.env },
    });
    child.on('error', (error) => {
      console.error(`${title}: ${command} could not be started (${error.message}).`);
      resolve(127);
    });
    child.on('close', (exit, signal) => resolve(exit ?? (signal ? 1 : 0)));
  });
  if (code !== 0 && !options.allowFailure) {
    console.error(`${title} failed (exit code ${code}).`);
    process.exit(code);
  }
  if (!options.quiet) console.log(`· ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return code;
}
