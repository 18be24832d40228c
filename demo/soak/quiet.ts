// People who do nothing for minutes: one with the page behind another tab, one with the laptop asleep. Then they are
// called.
import { expect } from '@playwright/test';
import { openStage } from '../bench/stage.ts';
import { PEOPLE, type Person } from '../e2e/person.ts';
import { type HiddenTab, reopenBehind } from '../e2e/survival/behind.ts';
import { BRUNO, exchangeOf } from '../e2e/survival/exchange.ts';
import { putToSleep } from '../e2e/survival/sleep.ts';
import { type Report, report } from './part.ts';

const RINGS_WITHIN_MS = 10_000;
/** A device that wakes needs a moment; who is told that nobody can be reached tries again. */
const AWAKE_WITHIN_MS = 6_000;

const seconds = (sinceMs: number) => `${((Date.now() - sinceMs) / 1_000).toFixed(1)} s`;

/** `begun` runs when they have begun to do nothing. */
export async function soakQuiet(
  minutes: number,
  say: (line: string) => void,
  begun: () => void,
): Promise<Report[]> {
  const stage = await openStage({ telephone: true, say });
  const quietMs = minutes * 60_000;
  try {
    const bruno = await stage.enter('bruno', 'intranet');
    const alice = await stage.enter('alice', 'webmail');
    const carla = await stage.enter('carla', 'webmail');
    const hidden = await reopenBehind(alice);
    const wake = await putToSleep(carla.browser.profile);
    begun();
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const reports = [
      await report(`${minutes} min behind another tab, then a room call`, () => ringHidden(bruno, hidden)),
      await report('the same, by telephone', async () => {
        const exchange = exchangeOf(stage.world);
        if (!exchange) return 'left out: no Asterisk on this machine';
        const sinceMs = Date.now();
        await exchange.ringWithEcho(alice.sipEndpoint, BRUNO);
        await expectRings(hidden);
        return `rang after ${seconds(sinceMs)}`;
      }),
      await report(`${minutes} min asleep, then a room call at once`, () => callAwoken(bruno, carla, wake)),
    ];
    await hidden.close();
    return reports;
  } finally {
    begun();
    await stage.close();
  }
}

async function expectRings(hidden: HiddenTab): Promise<void> {
  await expect
    .poll(async () => (await hidden.rings()).join(), { timeout: RINGS_WITHIN_MS })
    .toContain(PEOPLE.bruno.name);
}

async function ringHidden(caller: Person, hidden: HiddenTab): Promise<string> {
  const sinceMs = Date.now();
  await caller.call('alice');
  await expectRings(hidden);
  const rang = seconds(sinceMs);
  await caller.hangUp();
  await expect.poll(async () => (await hidden.rings()).join(), { timeout: RINGS_WITHIN_MS }).toBe('');
  return `rang after ${rang}`;
}

async function callAwoken(caller: Person, callee: Person, wake: () => void): Promise<string> {
  const sinceMs = Date.now();
  wake();
  let calls = 0;
  await expect(async () => {
    calls += 1;
    await caller.call(callee.id);
    await expect(callee.ringing(caller.id)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: AWAKE_WITHIN_MS });
  const rang = seconds(sinceMs);
  await callee.answer(caller.id);
  await Promise.all([callee.expectToHearPerson(caller.id), caller.expectToHearPerson(callee.id)]);
  return `rang ${rang} after waking, at call ${calls}; tones both ways`;
}
