// How long what broke stays broken for the person: each thing is broken twenty times and timed until it works again.

import { PEOPLE, type Person } from '../e2e/person.ts';
import { openAway } from '../e2e/survival/away.ts';
import { type Exchange, exchangeOf } from '../e2e/survival/exchange.ts';
import { openLines } from '../e2e/survival/lines.ts';
import { openNetwork, whyNoNetworks } from '../e2e/survival/network.ts';
import { follow, toneBackAfter } from '../e2e/survival/witness.ts';
import { type Finding, median, spread } from './row.ts';
import { openStage, type Stage, toldAfter } from './stage.ts';
import { nowMs } from './stopwatch.ts';

export const RECOVERY_IDS = [
  'socket-resume-ms',
  'hub-restart-ms',
  'leader-change-ms',
  'asterisk-restart-ms',
] as const;
export const UPLINK_IDS = ['ice-restart-ms'] as const;

type Say = (line: string) => void;

const ROUNDS = 20;
const GIVE_UP_MS = 60_000;

export async function benchRecovery(wanted: ReadonlySet<string>, say: Say): Promise<Finding[]> {
  const telephone = wanted.has('asterisk-restart-ms');
  // The exchange is killed on purpose here.
  const stage = await openStage({ telephone, say, world: { onDeath: () => {} } });
  const found: Finding[] = [];
  try {
    if (wanted.has('socket-resume-ms')) found.push(await measureSocket(stage));
    if (wanted.has('leader-change-ms')) found.push(await measureLeader(stage));
    if (wanted.has('hub-restart-ms')) found.push(await measureHub(stage));
    const exchange = telephone ? exchangeOf(stage.world) : undefined;
    if (exchange) found.push(await measureExchange(stage, exchange).finally(() => exchange.close()));
    else if (telephone) say('asterisk-restart-ms is left out: no Asterisk can be had on this machine');
    return found;
  } finally {
    await stage.close();
  }
}

function finding(id: string, samples: readonly number[], ...notes: string[]): Finding {
  const row = {
    id,
    value: median(samples),
    unit: 'ms',
    n: samples.length,
    worst: Math.max(...samples),
  } as const;
  return { row, notes };
}

/** As the hub's answers arrive again: the connection is reset, the page connects and has its snapshot. */
async function measureSocket(stage: Stage): Promise<Finding> {
  const lines = await openLines(stage.world);
  const carla = await stage.enter('carla', 'intranet', lines.browser);
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const cutMs = nowMs();
    lines.hub.cut();
    samples.push((await toldAfter(carla.page, 'snapshot', cutMs)) - cutMs);
  }
  await carla.browser.close();
  await lines.close();
  return finding('socket-resume-ms', samples, 'connection reset → snapshot in the page');
}

/** A tab that leads is closed; the other has a connection of its own. */
async function measureLeader(stage: Stage): Promise<Finding> {
  let leading = await stage.enter('duarte', 'intranet');
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = await leading.newTab();
    await next.openPane();
    await next.expectReady();
    const closedMs = nowMs();
    await leading.page.close({ runBeforeUnload: false });
    samples.push((await toldAfter(next.page, 'snapshot', closedMs)) - closedMs);
    leading = next;
  }
  await leading.browser.close();
  return finding('leader-change-ms', samples, 'tab closed → the other tab has its snapshot');
}

async function measureHub(stage: Stage): Promise<Finding> {
  const people = [await stage.enter('alice', 'webmail'), await stage.enter('bruno', 'intranet')];
  const samples: number[] = [];
  const sinceUpMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const killedMs = nowMs();
    await stage.world.hub.kill();
    await stage.world.hub.start();
    const upMs = nowMs();
    const backMs = Math.max(
      ...(await Promise.all(people.map(({ page }) => toldAfter(page, 'snapshot', killedMs)))),
    );
    samples.push(backMs - killedMs);
    sinceUpMs.push(backMs - upMs);
  }
  await Promise.all(people.map(({ browser }) => browser.close()));
  return finding(
    'hub-restart-ms',
    samples,
    'kill -9, started again at once → snapshot in both of two pages',
    `of it, after the hub answers again: ${spread(sinceUpMs)}`,
  );
}

async function measureExchange(stage: Stage, exchange: Exchange): Promise<Finding> {
  const elsa = await stage.enter('elsa', 'intranet');
  await untilOnline(exchange, elsa);
  const samples: number[] = [];
  const bootMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) samples.push(await restartOnce(exchange, elsa, bootMs));
  return finding(
    'asterisk-restart-ms',
    samples,
    'kill -9, started again at once → the page has a contact there that answers',
    `of it, until Asterisk is fully booted: ${spread(bootMs)}`,
  );
}

/** Kills the exchange, starts it, and waits for this person's registration; how long that took from the kill. */
export async function restartOnce(
  exchange: Exchange,
  person: Person,
  bootMs: number[] = [],
): Promise<number> {
  const killedMs = nowMs();
  await exchange.crash();
  await exchange.start();
  bootMs.push(nowMs() - killedMs);
  await untilOnline(exchange, person);
  return nowMs() - killedMs;
}

export async function untilOnline(exchange: Exchange, person: Person): Promise<void> {
  const deadline = nowMs() + GIVE_UP_MS;
  while ((await exchange.stateOf(person.sipEndpoint)) !== 'online') {
    if (nowMs() > deadline) throw new Error(`${person.id} was not registered within ${GIVE_UP_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function benchUplinks(_: ReadonlySet<string>, say: Say): Promise<Finding[]> {
  const why = await whyNoNetworks();
  if (why) {
    say(`ice-restart-ms is left out: ${why}`);
    return [];
  }
  const network = await openNetwork();
  const stage = await openStage({ telephone: false, say });
  const away = await openAway(stage.world, network);
  try {
    const bruno = await stage.enter('bruno', 'intranet');
    const alice = await stage.enter('alice', 'webmail', away.browser);
    await alice.call('bruno');
    await bruno.answer('alice');
    await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all([follow(alice, PEOPLE.bruno.toneHz), follow(bruno, PEOPLE.alice.toneHz)]);
      const cutMs = nowMs();
      await network.changeUplink();
      const back = [alice, bruno].map((person) => toneBackAfter(person, cutMs, GIVE_UP_MS));
      samples.push(Math.max(...(await Promise.all(back))));
    }
    return [
      finding(
        'ice-restart-ms',
        samples,
        'address and route change in a room call → tone heard again at both ends',
      ),
    ];
  } finally {
    await stage.close();
    await away.close();
    await network.close();
  }
}
