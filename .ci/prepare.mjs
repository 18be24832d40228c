// Installs what the tests need and the machine lacks: packages, a Chromium, a Firefox, an Asterisk, sipp.
// Only what is missing is fetched; on a Debian or Ubuntu with root it comes from apt, elsewhere from Playwright.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run-step.mjs';

const isRoot = process.getuid?.() === 0;
const hasApt = existsSync('/usr/bin/apt-get');

function onPath(name) {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** node_modules is as the lock file says: npm writes its own copy of the lock beside the packages. */
function packagesAreCurrent() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs - 1_000;
}

export async function installPackages() {
  if (!packagesAreCurrent()) await run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund']);
}

export async function installBrowsers() {
  const missing = [];
  if (!process.env.CHROMIUM_PATH && !onPath('chromium')) missing.push('chromium');
  if (!process.env.FIREFOX_PATH && !onPath('firefox-esr') && !onPath('firefox')) missing.push('firefox-esr');
  if (!onPath('turnserver')) missing.push('coturn');
  // Networks of their own, for the tests of calls that survive.
  if (!onPath('ip')) missing.push('iproute2');
  if (!onPath('iptables')) missing.push('iptables');
  // Microphones and speakers that can be pulled out.
  if (!onPath('pulseaudio') || !onPath('pactl')) missing.push('pulseaudio', 'pulseaudio-utils');
  if (missing.length > 0 && hasApt && isRoot) {
    await run('refreshing apt', 'apt-get', ['update', '-qq']);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run(`installing ${missing.join(' and ')}`, 'apt-get', ['install', '-y', '-qq', ...missing], {
      env,
    });
  } else if (missing.includes('chromium')) {
    await run('installing Chromium', 'npx', ['playwright', 'install', 'chromium'], { allowFailure: true });
  }
  process.env.CHROMIUM_PATH ??= onPath('chromium') ?? '';
  process.env.FIREFOX_PATH ??= onPath('firefox-esr') ?? onPath('firefox') ?? '';
}

export async function installAsterisk() {
  const code = await run('finding an Asterisk', join(root, 'asterisk/install'), [], { allowFailure: true });
  if (code !== 0) console.log('No Asterisk: the telephone tests will be skipped, each with its reason.');
  else await installSipp();
}

/** A second stranger's SIP, written by others; its tests are skipped, with the reason, where it cannot be had. */
async function installSipp() {
  if (onPath('sipp') || !hasApt || !isRoot) return;
  await run('refreshing apt', 'apt-get', ['update', '-qq'], { allowFailure: true });
  await run('installing sip-tester', 'apt-get', ['install', '-y', '-qq', 'sip-tester'], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    allowFailure: true,
  });
}

/** A JSON report, or undefined when its runner died before writing one. */
export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
