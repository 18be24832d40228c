import { FirefoxPerson } from './firefox.ts';
import { test as base, expect, PEOPLE, type PersonId } from './fixtures.ts';

const test = base.extend<{ inFirefox: (id: PersonId) => Promise<FirefoxPerson> }>({
  inFirefox: async ({ world }, use) => {
    const people: FirefoxPerson[] = [];
    await use(async (id) => {
      const person = await FirefoxPerson.at(world, id);
      people.push(person);
      await person.signIn();
      return person;
    });
    await Promise.all(people.map((person) => person.close()));
  },
});

test('Firefox with strict protection signs in once, and stays signed in over page loads', async ({
  inFirefox,
}) => {
  const carla = await inFirefox('carla');
  for (let load = 0; load < 20; load += 1) await carla.page.reload();
  await carla.openPane();
  await carla.page.waitForSelector('>>> ::-p-aria([name="Search people"])', { visible: true });
});

test('Firefox calls Chromium and both hear each other', async ({ inFirefox, signedIn }) => {
  const carla = await inFirefox('carla');
  const bruno = await signedIn('bruno', 'intranet');
  await carla.call('bruno');
  await bruno.answer('carla');
  await bruno.expectToHearPerson('carla');
  await expect.poll(() => carla.hearLevel()).toBeGreaterThan(0.05);
  await bruno.button('Mute').first().click();
  await expect.poll(() => carla.hearLevel()).toBeLessThan(0.01);
  await bruno.hangUp();
  await bruno.expectNoCall();
});

test('Chromium calls Firefox and both hear each other', async ({ inFirefox, signedIn }) => {
  const alice = await signedIn('alice');
  const carla = await inFirefox('carla');
  await alice.call('carla');
  await carla.find('alertdialog', `${PEOPLE.alice.name} is calling`);
  await carla.press('Answer');
  await alice.expectToHearPerson('carla');
  await expect.poll(() => carla.hearLevel()).toBeGreaterThan(0.05);
});
