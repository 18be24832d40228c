// The start command's own sentences; what it starts is tested end to end.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url));

function run(...args: string[]) {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8', timeout: 10_000 });
}

test.each([['abc'], ['0'], ['99999'], ['']])('--port "%s" is refused in a sentence', (port) => {
  const { status, stderr } = run('--port', port);
  expect(status).toBe(1);
  expect(stderr).toContain(`--port takes a number from 1 to 65530, not "${port}".`);
  expect(stderr).not.toContain('    at ');
});

test('an option that does not exist is named, with the ones that do', () => {
  const { status, stderr } = run('--prot', '5000');
  expect(status).toBe(1);
  expect(stderr).toContain('There is no option "--prot".');
  expect(stderr).toContain('--reset');
});

test('a Node that is too old is told which one is needed', () => {
  const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); import(${JSON.stringify(RUN)})`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', old], { encoding: 'utf8', timeout: 10_000 });
  expect(status).toBe(1);
  expect(stderr).toContain('Ringtag needs Node 20.19 or later; this is 18.20.0.');
});

test('--help says what there is and starts nothing', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--port N');
});
