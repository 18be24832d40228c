// `npm run flood`: gets what is missing, builds, and floods in a network namespace of its own where it may make one, so
// that whole networks of IPv6 can be routed to loopback and nothing outside can be reached. Arguments go on.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installAsterisk, installBrowsers, installPackages } from '../../.ci/prepare.mjs';
import { root, run } from '../../.ci/run-step.mjs';

const PREFIX = '2001:db8:f100::/40';
/** A socket may be bound to any address of the prefix only where the kernel is told so. */
const PREPARE = `ip link set lo up && ip -6 route add local ${PREFIX} dev lo && echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind`;

await installPackages();
await installBrowsers();
await installAsterisk();
await run('build', 'node', ['.ci/build.mjs'], { quiet: true });
const flood = [process.execPath, join(root, 'demo/dist/flood/main.js'), ...process.argv.slice(2)];
const why = reasonAgainstNamespace();
const inNamespace = ['unshare', '--net', '--', 'sh', '-c', `${PREPARE} && exec "$@"`, 'sh', ...flood];
const [command, ...args] = why === undefined ? inNamespace : flood;
process.exit(
  await run('flood', command, args, {
    quiet: true,
    allowFailure: true,
    env: why === undefined ? { RINGTAG_FLOOD_IPV6: '1' } : { RINGTAG_FLOOD_WHY: why },
  }),
);

/** A sentence where there can be none. */
function reasonAgainstNamespace() {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'only root may route networks to itself';
  const tried = spawnSync('unshare', [...['--net', '--', 'sh', '-c'], PREPARE]);
  return tried.status === 0 ? undefined : 'unshare and iproute2 could not make a network namespace';
}
