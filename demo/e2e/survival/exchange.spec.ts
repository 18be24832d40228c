// The telephone exchange dies and comes back, and the line to it is lost in a call.

import { expectPhoneHears, expectRegistered, openDeskPhone, PHONE_HZ } from './exchange.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { expectNoEndWhile, follow, longestAbsenceMs } from './witness.ts';

/** Three times the target of 6 s. */
const REGISTERED_AGAIN_MS = 18_000;

test('the telephone exchange is killed and started again: the page is registered again and rings', async ({
  signedIn,
  exchange,
  world,
}) => {
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  await exchange.crash();
  await exchange.start();
  await expectRegistered(exchange, alice, REGISTERED_AGAIN_MS);
  const phone = await openDeskPhone(world, exchange);
  const call = await phone.call('1001');
  await alice.answer('bruno');
  await Promise.all([alice.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE.alice.toneHz)]);
  call.hangUp();
  await alice.expectNoCall();
  await phone.close();
});

test('the line to the exchange is cut in a call: the tone goes on, and the far end’s hang-up arrives', async ({
  signedIn,
  newLines,
  exchange,
  deskPhone,
}) => {
  const lines = await newLines();
  const alice = await signedIn('alice', 'webmail', lines.browser);
  await expectRegistered(exchange, alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await alice.expectToHear(PHONE_HZ);
  await follow(alice, PHONE_HZ);
  await expectNoEndWhile([alice], async () => {
    const before = lines.gate?.acceptedMs.length ?? 0;
    lines.gate?.cut();
    await expect.poll(() => lines.gate?.acceptedMs.length).toBeGreaterThan(before);
    await expectRegistered(exchange, alice);
    await expectPhoneHears(call, PEOPLE.alice.toneHz);
  });
  expect(await longestAbsenceMs(alice)).toBeLessThan(3_000);
  call.hangUp();
  await alice.expectNoCall();
});

test('the line to the exchange falls silent in a call: registered again, and a hang-up meanwhile is not missed', async ({
  signedIn,
  newLines,
  exchange,
  deskPhone,
}) => {
  test.setTimeout(120_000);
  const lines = await newLines();
  const alice = await signedIn('alice', 'webmail', lines.browser);
  await expectRegistered(exchange, alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await alice.expectToHear(PHONE_HZ);
  lines.gate?.abandon();
  // The BYE goes to the connection that nobody reads.
  call.hangUp();
  await expect(alice.button('Hang up')).toHaveCount(0, { timeout: 60_000 });
  await expectRegistered(exchange, alice);
});
