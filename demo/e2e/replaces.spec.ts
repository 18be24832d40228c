// A call that takes another's place at Asterisk (RFC 3891) sounds both ways; repeated, because what it guards against
// hit about every second call.
import type { Phone } from '@ringtag/widget';
import { createSoftphone, type Softphone } from '../src/softphone/index.ts';
import { deskPhonePassword } from '../src/telephone.ts';
import { test as base, expect, PEOPLE, type Person } from './fixtures.ts';

const PHONE_HZ = 700;
const ROUNDS = 4;

type Held = HTMLElement & { phone: Phone };

const test = base.extend<{ deskPhone: Softphone }>({
  deskPhone: async ({ world }, use) => {
    const asterisk = world.telephone?.asterisk;
    base.skip(!asterisk, 'no Asterisk on this machine');
    const password = await deskPhonePassword(world.dataDir, 'p-bruno');
    if (!asterisk?.sipUdpPort || !password) throw new Error('no plain SIP, or no password for p-bruno');
    const phone = await createSoftphone({
      server: { host: asterisk.host, port: asterisk.sipUdpPort },
      ...{ user: 'p-bruno', password, toneHz: PHONE_HZ },
    });
    expect(await phone.register()).toBe(200);
    await use(phone);
    await phone.close();
  },
});

/** Calls a method of this person's phone with the call to that person, and what else it wants. */
function act(
  person: Person,
  method: 'consult' | 'completeTransfer',
  peer: string,
  query?: string,
): Promise<void> {
  return person.page.evaluate(
    async ([name, first, search]) => {
      const { phone } = document.querySelector('ringtag-launcher, ringtag-phone') as Held;
      const call = phone.state.calls.find(
        (each) => each.peer.name.startsWith(first) && each.phase !== 'ended',
      );
      if (!call) throw new Error(`no call with ${first}`);
      if (name === 'completeTransfer') return void phone.completeTransfer(call.callId);
      const [found] = search ? await phone.search(search, new AbortController().signal) : [];
      if (!found) throw new Error('nobody of that name');
      phone.consult(call.callId, { personId: found.id });
    },
    [method, peer, query] as const,
  );
}

test('who is transferred from a room to a telephone is heard there, every time', async ({
  signedIn,
  deskPhone,
}) => {
  test.setTimeout(240_000);
  const [alice, carla] = [await signedIn('alice'), await signedIn('carla', 'intranet')];
  await Promise.all([alice.expectReady(), carla.expectReady()]);
  for (let round = 0; round < ROUNDS; round++) {
    await alice.call('carla');
    await carla.answer('alice');
    await alice.expectToHearPerson('carla');
    await act(alice, 'consult', 'Carla', 'Bruno');
    const call = await deskPhone.nextCall(10_000);
    call.answer();
    await alice.expectToHear(PHONE_HZ);
    await act(alice, 'completeTransfer', 'Carla');
    await expect
      .poll(() => Math.abs(call.heard(500).hz - PEOPLE.carla.toneHz), { timeout: 15_000 })
      .toBeLessThan(15);
    await carla.expectToHear(PHONE_HZ);
    call.hangUp();
    await Promise.all([alice.expectNoCall(), carla.expectNoCall()]);
  }
});
