// What is broken for longer, or more often, than a test can wait for: the hub away for a minute, twenty restarts of
// the exchange, a hundred reloads, answers after 30 and 40 s.
import { expect as hurried } from '@playwright/test';
import { restartOnce, untilOnline } from '../bench/recovery.ts';
import { median } from '../bench/row.ts';
import { openStage, type Stage } from '../bench/stage.ts';
import { PEOPLE, type Person } from '../e2e/person.ts';
import { BRUNO, type Exchange, exchangeOf } from '../e2e/survival/exchange.ts';
import { reloadOften } from '../e2e/survival/reloads.ts';
import { expectNoEndWhile } from '../e2e/survival/witness.ts';
import { type Report, report } from './part.ts';

/** Another world runs beside this one. */
const expect = hurried.configure({ timeout: 20_000 });

const OUTAGE_MS = 60_000;
const RESTARTS = 20;
const RELOADS = 100;
const REGISTERED_WITHIN_MS = 6_000;
const LATE_S = [30, 40] as const;

export async function soakBroken(say: (line: string) => void): Promise<Report[]> {
  const stage = await openStage({ telephone: true, say, world: { onDeath: () => {} } });
  const exchange = exchangeOf(stage.world);
  try {
    const alice = await stage.enter('alice', 'webmail');
    const bruno = await stage.enter('bruno', 'intranet');
    const reports: Report[] = [];
    for (const lateS of LATE_S) {
      const late: LateAnswer = { stage, caller: alice, callee: bruno, lateS, exchange };
      const what = `answered after ${lateS} s, by room and by telephone`;
      reports.push(await report(what, () => answerLate(late)));
    }
    reports.push(
      await report('hub killed in a call and away for a minute', () => outage(stage, alice, bruno)),
    );
    if (!exchange) return reports;
    reports.push(
      await report(`${RESTARTS} restarts of Asterisk`, () => restarts(exchange, alice)),
      await report(`${RELOADS} reloads`, () => reloads(exchange, alice)),
    );
    return reports;
  } finally {
    await exchange?.close();
    await stage.close();
  }
}

/** Nobody is in a call that an earlier part left behind. */
async function calm(...people: readonly Person[]): Promise<void> {
  for (const person of people) {
    if ((await person.button('Hang up').count()) > 0) await person.hangUp();
    await person.expectNoCall();
    await expect(person.pane.getByText('Call ended')).toHaveCount(0);
  }
}

async function hearEachOther(one: Person, other: Person): Promise<void> {
  await Promise.all([one.expectToHearPerson(other.id), other.expectToHearPerson(one.id)]);
}

interface LateAnswer {
  readonly stage: Stage;
  readonly caller: Person;
  readonly callee: Person;
  readonly lateS: number;
  readonly exchange: Exchange | undefined;
}

async function answerLate({ stage, caller, callee, lateS, exchange }: LateAnswer): Promise<string> {
  await calm(caller, callee);
  const carla = exchange ? await stage.enter('carla', 'intranet') : undefined;
  if (exchange && carla) {
    await untilOnline(exchange, carla);
    await exchange.ringWithEcho(carla.sipEndpoint, BRUNO);
    await expect(carla.ringing('bruno')).toBeVisible();
  }
  await caller.call(callee.id);
  await expect(callee.ringing(caller.id)).toBeVisible();
  await new Promise((resolve) => setTimeout(resolve, lateS * 1_000));
  await callee.answer(caller.id);
  await carla?.answer('bruno');
  await hearEachOther(caller, callee);
  await carla?.expectToHearPerson('carla');
  await caller.hangUp();
  await callee.expectNoCall();
  await carla?.browser.close();
  return 'tones both ways';
}

async function outage(stage: Stage, alice: Person, bruno: Person): Promise<string> {
  await calm(alice, bruno);
  await alice.call('bruno');
  await bruno.answer('alice');
  await hearEachOther(alice, bruno);
  let gaps = 0;
  await expectNoEndWhile([alice, bruno], async () => {
    gaps = await bruno.countGapsWhile(PEOPLE.alice.toneHz, async () => {
      await stage.world.hub.kill();
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
      await stage.world.hub.start();
      for (const { pane } of [alice, bruno])
        await expect(pane.getByText('connecting', { exact: true })).toHaveCount(0, { timeout: 30_000 });
    });
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  if (gaps > 0) throw new Error(`the tone was away in ${gaps} slices of 200 ms`);
  return 'the tone never stopped, nobody read of an end, hang-up arrived';
}

async function restarts(exchange: Exchange, person: Person): Promise<string> {
  await untilOnline(exchange, person);
  const tookMs: number[] = [];
  const bootMs: number[] = [];
  for (let round = 0; round < RESTARTS; round += 1) tookMs.push(await restartOnce(exchange, person, bootMs));
  const inTime = tookMs.filter((ms) => ms <= REGISTERED_WITHIN_MS).length;
  const seen = `${inTime} of ${RESTARTS} registered again within 6 s of the kill: ${middleAndWorst(tookMs)}; of it, Asterisk's own start: ${middleAndWorst(bootMs)}`;
  if (inTime < RESTARTS) throw new Error(seen);
  return seen;
}

function middleAndWorst(samplesMs: readonly number[]): string {
  return `median ${median(samplesMs).toFixed(0)} ms, worst ${Math.max(...samplesMs).toFixed(0)} ms`;
}

async function reloads(exchange: Exchange, person: Person): Promise<string> {
  await reloadOften(person, RELOADS);
  await person.openPane();
  await person.expectReady();
  await untilOnline(exchange, person);
  const contacts = await exchange.contactsOf(person.sipEndpoint);
  if (contacts !== 1) throw new Error(`${contacts} contacts in Asterisk`);
  await exchange.ringWithEcho(person.sipEndpoint, BRUNO);
  await person.answer('bruno');
  await person.expectToHearPerson(person.id);
  return 'one contact in Asterisk, and it rings';
}
