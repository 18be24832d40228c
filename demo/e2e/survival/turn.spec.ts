// A network that lets nothing through but TURN: every other datagram of this browser is dropped.
import { ENGINES, expect, type Person, test } from './away-fixtures.ts';
import { BRUNO, dial, expectRegistered } from './exchange.ts';

/** Kinds of the two ends of the path that carries the sound: `relay`, `host`… */
function pathOf(person: Person): Promise<readonly string[]> {
  return person.page.evaluate(() => window.ringtagEars?.path() ?? []);
}

for (const engine of ENGINES) {
  test(`through TURN alone: a room call out of that network and one into it (${engine})`, async ({
    signedIn,
    whoIsAway,
    network,
    turn,
  }) => {
    await network.allowUdpOnlyTo(turn.port);
    const bruno = await signedIn('bruno', 'intranet');
    const person = await whoIsAway(engine);
    await person.call('bruno');
    await bruno.answer(person.id);
    await Promise.all([person.expectToHearPerson('bruno'), bruno.expectToHearPerson(person.id)]);
    expect((await pathOf(person))[0]).toBe('relay');
    await person.hangUp();
    await bruno.expectNoCall();
    await bruno.call(person.id);
    await person.answer('bruno');
    await Promise.all([person.expectToHearPerson('bruno'), bruno.expectToHearPerson(person.id)]);
    expect((await pathOf(person))[0]).toBe('relay');
    await person.hangUp();
    await person.expectNoCall();
  });

  test(`through TURN alone: a telephone call out of that network and one into it (${engine})`, async ({
    whoIsAway,
    network,
    turn,
    exchange,
  }) => {
    await network.allowUdpOnlyTo(turn.port);
    const person = await whoIsAway(engine);
    await dial(person, '600');
    await person.expectToHearPerson(person.id);
    expect((await pathOf(person))[0]).toBe('relay');
    await person.hangUp();
    await person.expectNoCall();
    await expectRegistered(exchange, person);
    await exchange.ringWithEcho(person.sipEndpoint, BRUNO);
    await person.answer('bruno');
    await person.expectToHearPerson(person.id);
    expect((await pathOf(person))[0]).toBe('relay');
    await person.hangUp();
    await person.expectNoCall();
  });
}
