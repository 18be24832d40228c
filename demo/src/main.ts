// What `npm run demo` runs once everything is installed and built: one world on the ports asked for, a table of
// addresses, and a clean end.
import { ADMINISTRATOR } from './destinations.ts';
import { DEMO_PEOPLE } from './people.ts';
import { portsFrom, takenPorts } from './ports.ts';
import { deskPhonePassword, type Telephone } from './telephone.ts';
import { startWorld, type World } from './world.ts';

export interface DemoOptions {
  readonly basePort: number;
  readonly dataDir: string;
  readonly telephone: boolean;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function administrator(): string {
  return DEMO_PEOPLE.find(({ id }) => id === ADMINISTRATOR)?.name ?? ADMINISTRATOR;
}

function addresses(world: World): string {
  return table([
    [world.sites.webmail.origin, 'webmail: sign in here as one person'],
    [world.sites.intranet.origin, 'intranet: and here, in another window, as another'],
    [
      world.sites.public.origin,
      world.telephone
        ? 'shop: press “Talk to sales” as a visitor; Alice and Bruno ring'
        : 'shop: write to sales as a visitor (calls need an Asterisk)',
    ],
    [world.hubOrigin, 'the hub'],
    [world.identity.issuer, `identity provider of ${DEMO_PEOPLE.length} people; one click signs in`],
    [`${world.hubOrigin}/admin`, `the shop’s desks, for their administrator, ${administrator()}`],
  ]);
}

/** A sentence for a range of ports that is not free. */
export function takenSentence(taken: readonly number[], basePort: number): string {
  const which = taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(', ')} are`;
  return `${which} in use by another program. Stop it, or choose another range: npm run demo -- --port ${basePort + 100}`;
}

/** Starts the demo and prints what a person needs. Resolves when it is ready; `closed` when all has stopped. */
export async function runDemo(options: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const ports = portsFrom(options.basePort);
  const taken = await takenPorts(ports);
  if (taken.length > 0) throw new Error(takenSentence(taken, options.basePort));
  const world = await startWorld({
    ports,
    dataDir: options.dataDir,
    telephone: options.telephone,
    say: (line) => console.log(`· ${line}`),
    onDeath: (name, how) =>
      console.error(
        `The ${name} stopped by itself (${how}); its log is in ${options.dataDir}/logs. Start the demo again.`,
      ),
  });
  console.log(`\n${addresses(world)}\n`);
  if (world.telephone) console.log(`${await telephoneText(options.dataDir, world.telephone)}\n`);
  console.log('Ringtag demo is ready');
  return world;
}

async function telephoneText(dataDir: string, { asterisk }: Telephone): Promise<string> {
  const phone = DEMO_PEOPLE.find((person) => person.deskPhone);
  if (!phone?.deskPhone) return '';
  const password = await deskPhonePassword(dataDir, phone.deskPhone);
  const rows: [string, string][] = [
    [
      'server',
      `${asterisk.host}:${asterisk.sipUdpPort} (UDP) or ${asterisk.host}:${asterisk.sipTlsPort} (TLS)`,
    ],
    ['user', phone.deskPhone],
    ['password', password ?? `in ${dataDir}/hub/desk-phones.json`],
    ['600', 'echo test, from any phone or from the search box'],
    ['scripted phone', 'npm run phone -w demo   rings, answers and plays a tone'],
  ];
  const open = `Open on ${asterisk.host} only: SIP ${asterisk.sipUdpPort}, RTP ${asterisk.rtpStart}–${asterisk.rtpEnd}.`;
  return `  ${phone.name}’s desk phone, for a SIP phone of your own:\n${table(rows)}\n  ${open}`;
}
