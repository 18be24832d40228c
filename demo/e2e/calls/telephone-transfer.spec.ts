// Calls passed on between browsers and telephones, either way: whoever is joined hears the other's tone, and whoever
// passed them on is free.
import type { SoftphoneCall } from '../../src/softphone/index.ts';
import { expectPhoneHears, expectRegistered, PHONE_HZ } from '../survival/exchange.ts';
import { expect, PEOPLE, type Person, test } from '../survival/fixtures.ts';

/** The beeps of `asterisk/lib/hold-tone.mjs`. */
const HOLD_HZ = 520;
/** What 601 plays. */
const MILLIWATT_HZ = 1_004;

test.beforeEach(() => test.setTimeout(120_000));

async function hearEachOther(one: Person, other: Person): Promise<void> {
  await Promise.all([one.expectToHearPerson(other.id), other.expectToHearPerson(one.id)]);
}

async function tonesBothWays(person: Person, call: SoftphoneCall): Promise<void> {
  await Promise.all([person.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[person.id].toneHz)]);
}

test('room to telephone, at once: she hears it ring at his desk, and talks to him there', async ({
  signedIn,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await carla.call('alice');
  await alice.answer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Transfer now');
  const call = await deskPhone.nextCall();
  await expect(carla.text(`${PEOPLE.alice.name} is passing you to ${PEOPLE.bruno.name}…`)).toBeVisible();
  expect(await carla.hearRingback()).toBeGreaterThan(0.01);
  call.answer();
  await tonesBothWays(carla, call);
  await expect(carla.text('By telephone')).toBeVisible();
  await alice.expectNoCall();
  await carla.hangUp();
  await call.ended;
});

test('T4 room to telephone, asked first: his telephone goes over to her', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await carla.call('alice');
  await alice.answer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Ask first');
  const call = await deskPhone.nextCall();
  call.answer();
  await tonesBothWays(alice, call);
  await carla.expectSilence();
  await alice.button('Complete').click();
  await tonesBothWays(carla, call);
  await alice.expectNoCall();
  call.hangUp();
  await carla.expectNoCall();
});

test('a desk phone that declines: she reads that it did, and both go on talking', async ({
  signedIn,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await carla.call('alice');
  await alice.answer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Transfer now');
  (await deskPhone.nextCall()).decline();
  await expect(
    alice.text(`Not passed on to ${PEOPLE.bruno.name}. ${PEOPLE.bruno.name} declined the call.`),
  ).toBeVisible();
  await hearEachOther(alice, carla);
});

test('telephone to browser, at once: the phone talks to whoever it is passed on to', async ({
  signedIn,
  deskPhone,
  exchange,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await Promise.all([expectRegistered(exchange, alice), expectRegistered(exchange, carla)]);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await tonesBothWays(alice, call);
  await alice.passOn('carla', 'Transfer now');
  await expect(carla.ringing('alice')).toBeVisible();
  // Who waits hears the beeps of a held telephone, and neither her nor nothing.
  await expectPhoneHears(call, HOLD_HZ);
  await carla.answer('alice');
  await tonesBothWays(carla, call);
  await alice.expectNoCall();
  await expect(carla.callWith('bruno').first()).toBeVisible();
  call.hangUp();
  await carla.expectNoCall();
});

test('telephone to browser, asked first, and back to the phone when nobody wants it', async ({
  signedIn,
  deskPhone,
  exchange,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await Promise.all([expectRegistered(exchange, alice), expectRegistered(exchange, carla)]);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await tonesBothWays(alice, call);

  await alice.passOn('carla', 'Ask first');
  await carla.decline('alice');
  await expect(alice.text(/Carla Costa declined/)).toBeVisible();
  await tonesBothWays(alice, call);

  await alice.passOn('carla', 'Ask first');
  await carla.answer('alice');
  await hearEachOther(alice, carla);
  await alice.button('Complete').click();
  await tonesBothWays(carla, call);
  await alice.expectNoCall();
});

test('telephone to telephone: the phone hears the number it was passed on to', async ({
  signedIn,
  deskPhone,
  exchange,
}) => {
  const alice = await signedIn('alice');
  await expectRegistered(exchange, alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await tonesBothWays(alice, call);
  await alice.passOn('601', 'Transfer now');
  await expectPhoneHears(call, MILLIWATT_HZ);
  await alice.expectNoCall();
  expect(call.state).toBe('active');
});

test('T4 a telephone call and a room call that she has anyhow are joined', async ({
  signedIn,
  deskPhone,
  exchange,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  await expectRegistered(exchange, alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await tonesBothWays(alice, call);
  await carla.call('alice');
  await alice.holdAndAnswer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Transfer now');
  await tonesBothWays(carla, call);
  await alice.expectNoCall();
});

test('T4 Firefox takes over a telephone that was asked, and passes it on at once', async ({
  signedIn,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox' });
  await carla.call('alice');
  await alice.answer('carla');
  await hearEachOther(alice, carla);
  await alice.passOn('bruno', 'Ask first');
  const call = await deskPhone.nextCall();
  call.answer();
  await tonesBothWays(alice, call);
  await alice.button('Complete').click();
  await tonesBothWays(carla, call);
  await alice.expectNoCall();

  await carla.passOn('alice', 'Transfer now');
  await expect(alice.ringing('carla')).toBeVisible();
  await expectPhoneHears(call, HOLD_HZ);
  await alice.answer('carla');
  await tonesBothWays(alice, call);
  await carla.expectNoCall();
  call.hangUp();
  await alice.expectNoCall();
});
