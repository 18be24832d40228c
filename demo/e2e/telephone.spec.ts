// Calls through a real Asterisk: browsers on one side, a SIP phone on the other, tones measured at both ends.
import { createSoftphone, type Softphone, type SoftphoneCall } from '../src/softphone/index.ts';
import { deskPhonePassword } from '../src/telephone.ts';
import type { World } from '../src/world.ts';
import { test as base, expect, PEOPLE, type Person } from './fixtures.ts';

const PHONE_HZ = 700;

const test = base.extend<{ deskPhone: Softphone }>({
  /** Bruno's desk phone, registered; it rings and does not answer by itself. */
  deskPhone: async ({ world }, use) => {
    base.skip(!world.telephone, 'no Asterisk on this machine');
    const phone = await createSoftphone({
      server: serverOf(world),
      ...(await accountOf(world)),
      toneHz: PHONE_HZ,
    });
    expect(await phone.register()).toBe(200);
    await use(phone);
    await phone.close();
  },
});

function serverOf(world: World): { host: string; port: number } {
  const asterisk = world.telephone?.asterisk;
  if (!asterisk?.sipUdpPort) throw new Error('Asterisk listens on no UDP port');
  return { host: asterisk.host, port: asterisk.sipUdpPort };
}

async function accountOf(world: World): Promise<{ user: string; password: string }> {
  const password = await deskPhonePassword(world.dataDir, 'p-bruno');
  if (!password) throw new Error('the hub made no password for p-bruno');
  return { user: 'p-bruno', password };
}

/** The phone hears this person's microphone. */
async function expectPhoneHears(call: SoftphoneCall, hz: number): Promise<void> {
  await expect
    .poll(() => Math.abs(call.heard(500).hz - hz), { message: `${hz} Hz in the phone`, timeout: 15_000 })
    .toBeLessThan(15);
}

async function expectTonesBothWays(person: Person, call: SoftphoneCall): Promise<void> {
  await Promise.all([person.expectToHear(PHONE_HZ), expectPhoneHears(call, PEOPLE[person.id].toneHz)]);
}

async function dial(person: Person, number: string): Promise<void> {
  await person.openPane();
  await person.search.fill(number);
  await expect(person.pane.getByText('Call this number').first()).toBeVisible();
  await person.search.press('Enter');
}

test('with no browser of his open, Bruno’s desk phone rings and both hear each other', async ({
  signedIn,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.answer();
  await expectTonesBothWays(alice, call);
  await expect(alice.page.getByText('By telephone', { exact: true }).first()).toBeVisible();
  await alice.hangUp();
  await call.ended;
  await alice.expectNoCall();
});

test('a SIP phone that dials Alice’s extension rings her browser', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  await expectRegistered(alice);
  const call = await deskPhone.call('1001');
  await alice.answer('bruno');
  await call.answered;
  await expectTonesBothWays(alice, call);
  call.hangUp();
  await alice.expectNoCall();
});

test('a SIP phone rings every browser of hers; one answers and the other stops', async ({
  signedIn,
  deskPhone,
}) => {
  const office = await signedIn('alice', 'webmail');
  const home = await signedIn('alice', 'intranet');
  await Promise.all([expectRegistered(office), expectRegistered(home)]);
  const call = await deskPhone.call('1001');
  await Promise.all([
    expect(office.ringing('bruno')).toBeVisible(),
    expect(home.ringing('bruno')).toBeVisible(),
  ]);
  await home.answer('bruno');
  await expect(office.ringing('bruno')).toBeHidden();
  await expectTonesBothWays(home, call);
});

test('digits of the keypad arrive at the phone', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.answer();
  await alice.expectToHear(PHONE_HZ);
  await alice.button('Keypad').first().click();
  for (const digit of '12#0*') await alice.pressKey(digit);
  await expect.poll(() => call.digits, { timeout: 15_000 }).toBe('12#0*');
});

test('hold silences the phone’s ear and the browser’s, resume brings the tones back', async ({
  signedIn,
  deskPhone,
}) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.answer();
  await expectTonesBothWays(alice, call);
  await alice.button('Hold').first().click();
  await expect
    .poll(() => Math.abs(call.heard(300).hz - PEOPLE.alice.toneHz), { timeout: 15_000 })
    .toBeGreaterThan(15);
  await alice.expectNotToHear(PHONE_HZ);
  await alice.button('Resume').first().click();
  await expectTonesBothWays(alice, call);
});

test('mute silences the phone’s ear', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.answer();
  await expectTonesBothWays(alice, call);
  await alice.button('Mute').first().click();
  await expect.poll(() => call.heard(300).hz, { timeout: 15_000 }).toBe(0);
});

test('a desk phone that declines is told in words', async ({ signedIn, deskPhone }) => {
  const alice = await signedIn('alice');
  await alice.call('bruno');
  const call = await deskPhone.nextCall(10_000);
  call.decline();
  await expect(alice.page.getByText(/declined|busy/i).first()).toBeVisible();
  await alice.expectNoCall();
});

test('after 15 seconds of ringing, one click rings the desk phone', async ({ signedIn, deskPhone }) => {
  test.setTimeout(90_000);
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await alice.button('Ring desk phone').first().click({ timeout: 25_000 });
  const call = await deskPhone.nextCall(10_000);
  await expect(bruno.ringing('alice')).toBeHidden();
  call.answer();
  await expectTonesBothWays(alice, call);
});

test('600 sends her own voice back', async ({ signedIn, world }) => {
  test.skip(!world.telephone, 'no Asterisk on this machine');
  const alice = await signedIn('alice');
  await dial(alice, '600');
  await alice.expectToHearPerson('alice');
  await alice.hangUp();
  await alice.expectNoCall();
});

test('somebody with neither browser nor phone cannot be reached, and she is told', async ({
  signedIn,
  world,
}) => {
  test.skip(!world.telephone, 'no Asterisk on this machine');
  const alice = await signedIn('alice');
  await alice.call('duarte');
  await expect(alice.page.getByText(/cannot be reached now/i).first()).toBeVisible();
});

/** Until Asterisk has a reachable contact for the browser of this person. */
async function expectRegistered(person: Person): Promise<void> {
  const asterisk = person.world.telephone?.asterisk;
  if (!asterisk) throw new Error('no Asterisk');
  const login = Buffer.from(`${asterisk.ariUser}:${asterisk.ariPassword}`).toString('base64');
  const state = async () => {
    const url = `${asterisk.ariUrl}/endpoints/PJSIP/${person.sipEndpoint}`;
    const response = await fetch(url, { headers: { authorization: `Basic ${login}` } });
    return response.ok ? ((await response.json()) as { state: string }).state : `status ${response.status}`;
  };
  await expect.poll(state, { message: 'registered at Asterisk', timeout: 15_000 }).toBe('online');
}
