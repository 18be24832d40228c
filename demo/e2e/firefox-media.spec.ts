// Devices, permissions and sound in Firefox. Its devices are those of a sound server of the test's own, so they are
// plugged in and pulled out for real, and a speaker is known by what it plays.
import { test as base, expect, PEOPLE, type Person } from './fixtures.ts';
import { type SoundServer, startSoundServer } from './sound-server.ts';

const test = base.extend<{
  /** Skips the test where there is none. */
  readonly sound: SoundServer;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  sound: async ({}, use) => {
    const sound = await startSoundServer();
    base.skip(!sound, 'no PulseAudio here, without which Firefox has one made-up microphone that stays');
    if (sound) await use(sound);
    await sound?.close();
  },
});

const BUILT_IN_HZ = PEOPLE.carla.toneHz;
const HEADSET_HZ = 1_300;

const picker = (person: Person, name: string) => person.page.getByLabel(name, { exact: true });
const chosenIn = (person: Person, name: string) =>
  picker(person, name).evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.label);

async function openSettings(person: Person): Promise<void> {
  await person.openPane();
  const more = person.button('More');
  if (!(await more.isVisible())) return person.chooseStatus('Settings');
  await more.click();
  await person.page.getByRole('menuitem', { name: 'Settings' }).click();
}

async function expectPlayed(sound: SoundServer, speaker: string, hz: number): Promise<void> {
  await expect
    .poll(async () => Math.abs((await sound.hear(speaker)).hz - hz), {
      message: `${hz} Hz from ${speaker}`,
      timeout: 15_000,
    })
    .toBeLessThan(15);
}

test('Firefox: microphones and speakers are tried, chosen, pulled out in a call, plugged in again, and remembered', async ({
  signedIn,
  sound,
}) => {
  test.setTimeout(180_000);
  // Before the browser starts: without a speaker at its start it opens no microphone later.
  await sound.plugSpeaker('Speakers');
  await sound.plugSpeaker('Headphones');
  await sound.plugMicrophone('Built-in', BUILT_IN_HZ);
  await sound.plugMicrophone('Headset', HEADSET_HZ);
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox', apart: { sound: sound.address } });
  const bruno = await signedIn('bruno', 'intranet');
  await openSettings(carla);
  const meter = carla.page.getByRole('meter', { name: 'Level of the microphone' });
  await expect
    .poll(() => meter.evaluate((bar) => (bar as HTMLMeterElement).value), { timeout: 15_000 })
    .toBeGreaterThan(0.1);
  await picker(carla, 'Speaker').selectOption({ label: 'Headphones' });
  await carla.button('Record and play back').click();
  await expectPlayed(sound, 'Headphones', BUILT_IN_HZ);
  await expect(carla.button('Record and play back')).toBeFocused();
  await carla.page.keyboard.press('Escape');

  await carla.call('bruno');
  await bruno.answer('carla');
  await Promise.all([
    bruno.expectToHear(BUILT_IN_HZ),
    expectPlayed(sound, 'Headphones', PEOPLE.bruno.toneHz),
  ]);
  expect((await sound.hear('Speakers')).hz).toBe(0);
  await openSettings(carla);
  await picker(carla, 'Microphone').selectOption({ label: 'Headset' });
  await bruno.expectToHear(HEADSET_HZ);
  await picker(carla, 'Speaker').press('Escape');
  await sound.unplug('Headset');
  await expect(carla.page.getByText('You now talk into: Built-in')).toBeVisible();
  await bruno.expectToHear(BUILT_IN_HZ);
  await sound.plugMicrophone('Headset', HEADSET_HZ);
  await expect(carla.page.getByText('You now talk into: Headset')).toBeVisible();
  await bruno.expectToHear(HEADSET_HZ);
  await sound.unplug('Headphones');
  await expectPlayed(sound, 'Speakers', PEOPLE.bruno.toneHz);
  await bruno.hangUp();
  await carla.expectNoCall();

  await carla.page.reload();
  await carla.openPane();
  await carla.expectReady();
  await openSettings(carla);
  await expect.poll(() => chosenIn(carla, 'Microphone')).toBe('Headset');
});

test('Firefox: no microphone at all: what to do, in words', async ({ signedIn }) => {
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox', apart: { sound: 'unix:/nowhere' } });
  await signedIn('bruno', 'intranet');
  await carla.call('bruno');
  await expect(
    carla.page.getByText('No microphone was found. Connect one, then call again.').first(),
  ).toBeVisible();
});

test('Firefox: a microphone that is blocked: what happened and how to mend it, in its own words', async ({
  signedIn,
}) => {
  const preferences = { 'permissions.default.microphone': 2, 'media.navigator.permission.disabled': false };
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox', apart: { preferences } });
  await carla.call('bruno');
  await expect(carla.page.getByText('The microphone is blocked for this page.').first()).toBeVisible();
  await expect(carla.page.getByText('Click the crossed-out sign left of the address').first()).toBeVisible();
});

// Nobody sees the question of a headless Firefox: getUserMedia was still waiting after 3 s, and again after a reload.
// So its answer to a question that is closed stands in here; what it says of the permission then is its own.
test('Firefox: a question about the microphone that is closed: what happened and how to go on', async ({
  signedIn,
}) => {
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox' });
  await carla.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('The request is not allowed', 'NotAllowedError'));
  });
  await carla.call('bruno');
  await expect(carla.page.getByText('The question about the microphone was closed.').first()).toBeVisible();
  await expect(carla.page.getByText('When your browser asks, choose “Allow”.').first()).toBeVisible();
});
