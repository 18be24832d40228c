// A browser in a network of its own, whose uplink changes in a call. Media and lines die with the old address.
import { expect, PEOPLE, test } from './away-fixtures.ts';
import { BRUNO, dial, expectRegistered } from './exchange.ts';
import { expectNoEndWhile, follow, toneBackAfter } from './witness.ts';

/** Three times the target of 3 s. */
const SOUND_BACK_MS = 9_000;

test('the network changes in a room call: the sound is back, and nobody reads that it ended', async ({
  signedIn,
  away,
  network,
}) => {
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail', away);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  await Promise.all([follow(alice, PEOPLE.bruno.toneHz), follow(bruno, PEOPLE.alice.toneHz)]);
  await expectNoEndWhile([alice, bruno], async () => {
    const cutMs = Date.now();
    await network.changeUplink();
    await toneBackAfter(alice, cutMs, SOUND_BACK_MS);
    await toneBackAfter(bruno, cutMs, SOUND_BACK_MS);
  });
  await bruno.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
});

test('the network changes in a telephone call: the sound is back, and nobody reads that it ended', async ({
  signedIn,
  away,
  network,
  exchange,
}) => {
  expect(await exchange.stateOf('nobody')).toBe('unknown');
  const alice = await signedIn('alice', 'webmail', away);
  await dial(alice, '600');
  await alice.expectToHearPerson('alice');
  await follow(alice, PEOPLE.alice.toneHz);
  await expectNoEndWhile([alice], async () => {
    const cutMs = Date.now();
    await network.changeUplink();
    await toneBackAfter(alice, cutMs, SOUND_BACK_MS);
  });
  await alice.hangUp();
  await alice.expectNoCall();
});

test('a STUN server that says nothing holds no call up, by room or by telephone, out or in', async ({
  signedIn,
  surroundings,
  exchange,
}) => {
  const [bruno, alice] = [await signedIn('bruno', 'intranet'), await signedIn('alice')];
  await alice.call('bruno');
  // Gathering at this server goes on for 10 s in Chromium, for 40 s in JsSIP.
  await expect(bruno.ringing('alice')).toBeVisible({ timeout: 3_000 });
  await bruno.answer('alice');
  await expectSoundWithin(3_000, () =>
    Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]),
  );
  await bruno.hangUp();
  await alice.expectNoCall();

  await expectSoundWithin(3_000, async () => {
    await dial(alice, '600');
    await alice.expectToHearPerson('alice');
  });
  await alice.hangUp();
  await alice.expectNoCall();
  await expectRegistered(exchange, alice);
  await exchange.ringWithEcho(alice.sipEndpoint, BRUNO);
  await alice.answer('bruno');
  await expectSoundWithin(3_000, () => alice.expectToHearPerson('alice'));
  expect(surroundings?.silentStun.received, 'questions to the STUN server').toBeGreaterThan(0);
});

async function expectSoundWithin(ms: number, heard: () => Promise<unknown>): Promise<void> {
  const fromMs = Date.now();
  await heard();
  expect(Date.now() - fromMs, 'ms from the answer to the tone').toBeLessThan(ms);
}
