// A network that lets nothing through but TURN: every other datagram of this browser is dropped.
import { expect, type Person, test } from './away-fixtures.ts';
import { BRUNO, dial, expectRegistered } from './exchange.ts';

/** Kinds of the two ends of the path that carries the sound: `relay`, `host`… */
function pathOf(person: Person): Promise<readonly string[]> {
  return person.page.evaluate(() => window.ringtagEars?.path() ?? []);
}

test('through TURN alone: a room call out of that network and one into it', async ({
  signedIn,
  away,
  network,
  turn,
}) => {
  await network.allowUdpOnlyTo(turn.port);
  const bruno = await signedIn('bruno', 'intranet');
  const alice = await signedIn('alice', 'webmail', away);
  await alice.call('bruno');
  await bruno.answer('alice');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  expect((await pathOf(alice))[0]).toBe('relay');
  await alice.hangUp();
  await bruno.expectNoCall();
  await bruno.call('alice');
  await alice.answer('bruno');
  await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
  expect((await pathOf(alice))[0]).toBe('relay');
});

test('through TURN alone: a telephone call out of that network and one into it', async ({
  signedIn,
  away,
  network,
  turn,
  exchange,
}) => {
  await network.allowUdpOnlyTo(turn.port);
  const alice = await signedIn('alice', 'webmail', away);
  await dial(alice, '600');
  await alice.expectToHearPerson('alice');
  expect((await pathOf(alice))[0]).toBe('relay');
  await alice.hangUp();
  await alice.expectNoCall();
  await expectRegistered(exchange, alice);
  await exchange.ringWithEcho(alice.sipEndpoint, BRUNO);
  await alice.answer('bruno');
  await alice.expectToHearPerson('alice');
  expect((await pathOf(alice))[0]).toBe('relay');
});
