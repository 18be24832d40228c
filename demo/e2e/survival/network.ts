// A network of a browser's own: a Linux namespace joined to this machine by two cables, of which one is in use. Its
// uplink can be changed and its datagrams dropped, as on a train. Needs root and iproute2; says why where it cannot be.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHROMIUM } from '../browser.ts';

const execute = promisify(execFile);

export interface Network {
  /** This machine as seen from inside, over whichever uplink. */
  readonly hostAddress: string;
  /** Address inside, of the uplink in use. */
  readonly address: string;
  /** A script that runs Chromium inside. */
  readonly program: string;
  /** What a command line begins with to run inside. */
  readonly within: readonly string[];
  /** The address in use goes away and the other uplink takes over; what was bound to the old one is dead. */
  changeUplink(): Promise<void>;
  /** No address and no route, until `changeUplink`. */
  unplug(): Promise<void>;
  /** Every datagram is dropped but those to and from this port of the other side. */
  allowUdpOnlyTo(port: number): Promise<void>;
  /** Share of datagrams that are lost, 0 to 1, each way. */
  dropUdp(share: number): Promise<void>;
  /** Ends all of the above rules. */
  allowAll(): Promise<void>;
  close(): Promise<void>;
}

/** A sentence where there can be no namespaces, such as without root; `undefined` where there can. */
export async function whyNoNetworks(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'networks of their own need Linux and root';
  const name = `rt-probe-${process.pid}`;
  try {
    await ip('netns', 'add', name);
    await ip('netns', 'exec', name, 'iptables', '-L', '-n');
    return undefined;
  } catch (cause) {
    return `networks of their own cannot be made here: ${cause instanceof Error ? cause.message : cause}`;
  } finally {
    await ip('netns', 'del', name).catch(() => {});
  }
}

async function ip(...args: readonly string[]): Promise<string> {
  return (await execute('ip', args)).stdout;
}

/** Namespaces of runs that were killed before they could clean up. */
async function removeLeftovers(): Promise<void> {
  const names = (await ip('netns', 'list')).split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of names) {
    const pid = Number(/^rt-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await ip('netns', 'del', name).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Addresses of nobody here: 10.213.n.0/24 with an n that no interface has. */
function freeNet(): string {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  for (;;) {
    const net = `10.213.${Math.floor(Math.random() * 250)}`;
    if (![...taken].some((address) => address.startsWith(`${net}.`))) return net;
  }
}

interface Uplink {
  readonly device: string;
  readonly host: string;
  readonly inside: string;
}

let made = 0;

export async function openNetwork(): Promise<Network> {
  await removeLeftovers();
  made += 1;
  const name = `rt-${process.pid}-${made}`;
  const net = freeNet();
  const uplinks: readonly [Uplink, Uplink] = [
    { device: 'wlan', host: `${net}.1`, inside: `${net}.2` },
    { device: 'mobile', host: `${net}.5`, inside: `${net}.6` },
  ];
  const inside = (...args: readonly string[]) => ip('netns', 'exec', name, ...args);
  const firewall = (...rule: readonly string[]) => inside('iptables', '-w', ...rule);
  let inUse = 0;
  const current = () => uplinks[inUse] as Uplink;
  const plug = async () => {
    const { device, host, inside: address } = current();
    await inside('ip', 'addr', 'add', `${address}/30`, 'dev', device);
    await inside('ip', 'route', 'replace', 'default', 'via', host, 'dev', device);
  };
  const unplug = () => inside('ip', 'addr', 'flush', 'dev', current().device);
  const allowAll = async () => void (await firewall('-F'));

  await ip('netns', 'add', name);
  await inside('ip', 'link', 'set', 'lo', 'up');
  for (const [index, { device, host }] of uplinks.entries()) {
    const outside = `rt${(process.pid % 100_000).toString(36)}${made}${index}`;
    await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', device, 'netns', name);
    await ip('addr', 'add', `${host}/30`, 'dev', outside);
    await ip('link', 'set', outside, 'up');
    await inside('ip', 'link', 'set', device, 'up');
  }
  await plug();
  const folder = await mkdtemp(join(tmpdir(), 'ringtag-network-'));
  const program = join(folder, 'chromium');
  await writeFile(program, `#!/bin/sh\nexec ip netns exec ${name} "${CHROMIUM}" "$@"\n`);
  await chmod(program, 0o700);

  return {
    hostAddress: uplinks[0].host,
    get address() {
      return current().inside;
    },
    program,
    within: ['ip', 'netns', 'exec', name],
    async changeUplink() {
      await unplug();
      inUse = 1 - inUse;
      await plug();
    },
    async unplug() {
      await unplug();
    },
    async allowUdpOnlyTo(port) {
      await allowAll();
      for (const [chain, end] of [
        ['OUTPUT', '--dport'],
        ['INPUT', '--sport'],
      ] as const) {
        await firewall('-A', chain, '-p', 'udp', '!', end, String(port), '-j', 'DROP');
      }
    },
    async dropUdp(share) {
      await allowAll();
      const lossy = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)];
      for (const chain of ['OUTPUT', 'INPUT'])
        await firewall('-A', chain, '-p', 'udp', ...lossy, '-j', 'DROP');
    },
    allowAll,
    async close() {
      // Its end of each cable goes with the namespace, and the other end with it.
      await ip('netns', 'del', name);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
