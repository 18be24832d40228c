import { expect, setPhone, show, test } from './browser.ts';

test('who comes online or wants no calls is seen while the list is open', async ({ page, server }) => {
  await page.clock.install();
  await show(page, server, 'people');
  const carla = page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: 'Carla' });
  await expect(carla).toContainText('offline');
  await setPhone(page, (h) => {
    h.phone.answerSearch = async () =>
      h.people.map((person) => (person.id === 'carla' ? { ...person, online: true } : person));
  });
  await page.clock.fastForward(4_000);
  await expect(carla).toContainText('offline');
  await page.clock.fastForward(7_000);
  await expect(carla).toContainText('online');
});
