// A browser in a network of its own, whose uplink changes in a call. Media and lines die with the old address.
import { ENGINES, expect, PEOPLE, test } from './away-fixtures.ts';
import { BRUNO, dial, expectRegistered } from './exchange.ts';
import { expectNoEndWhile, follow, toneBackAfter } from './witness.ts';

/** Three times the target of 3 s. */
const SOUND_BACK_MS = 9_000;

for (const engine of ENGINES) {
  test(`the network changes in a telephone call: the sound is back, and nobody reads that it ended (${engine})`, async ({
    whoIsAway,
    network,
    exchange,
  }) => {
    expect(await exchange.stateOf('nobody')).toBe('unknown');
    const person = await whoIsAway(engine);
    await dial(person, '600');
    await person.expectToHearPerson(person.id);
    await follow(person, PEOPLE[person.id].toneHz);
    await expectNoEndWhile([person], async () => {
      const cutMs = Date.now();
      await network.changeUplink();
      await toneBackAfter(person, cutMs, SOUND_BACK_MS);
    });
    await person.hangUp();
    await person.expectNoCall();
  });

  test(`the network changes in a room call: the sound is back, and nobody reads that it ended (${engine})`, async ({
    signedIn,
    whoIsAway,
    network,
  }) => {
    const bruno = await signedIn('bruno', 'intranet');
    const person = await whoIsAway(engine);
    await person.call('bruno');
    await bruno.answer(person.id);
    await Promise.all([person.expectToHearPerson('bruno'), bruno.expectToHearPerson(person.id)]);
    await Promise.all([follow(person, PEOPLE.bruno.toneHz), follow(bruno, PEOPLE[person.id].toneHz)]);
    await expectNoEndWhile([person, bruno], async () => {
      const cutMs = Date.now();
      await network.changeUplink();
      await toneBackAfter(person, cutMs, SOUND_BACK_MS);
      await toneBackAfter(bruno, cutMs, SOUND_BACK_MS);
    });
    await bruno.hangUp();
    await Promise.all([person.expectNoCall(), bruno.expectNoCall()]);
  });

  test(`a STUN server that says nothing holds no call up, by room or by telephone, out or in (${engine})`, async ({
    signedIn,
    whoIsAway,
    surroundings,
    exchange,
  }) => {
    const bruno = await signedIn('bruno', 'intranet');
    const person = await (engine === 'firefox' ? whoIsAway(engine) : signedIn('alice'));
    const asked = surroundings?.silentStun.received ?? Number.NaN;
    await person.call('bruno');
    // Gathering at this server goes on for 10 s in Chromium, for 40 s in JsSIP.
    await expect(bruno.ringing(person.id)).toBeVisible({ timeout: 3_000 });
    await bruno.answer(person.id);
    await expectSoundWithin(3_000, () =>
      Promise.all([person.expectToHearPerson('bruno'), bruno.expectToHearPerson(person.id)]),
    );
    await bruno.hangUp();
    await person.expectNoCall();

    await expectSoundWithin(3_000, async () => {
      await dial(person, '600');
      await person.expectToHearPerson(person.id);
    });
    await person.hangUp();
    await person.expectNoCall();
    await expectRegistered(exchange, person);
    await exchange.ringWithEcho(person.sipEndpoint, BRUNO);
    await person.answer('bruno');
    await expectSoundWithin(3_000, () => person.expectToHearPerson(person.id));
    expect(surroundings?.silentStun.received, 'questions to the STUN server').toBeGreaterThan(asked);
    await person.hangUp();
    await person.expectNoCall();
  });
}

async function expectSoundWithin(ms: number, heard: () => Promise<unknown>): Promise<void> {
  const fromMs = Date.now();
  await heard();
  expect(Date.now() - fromMs, 'ms from the answer to the tone').toBeLessThan(ms);
}
