import { expect, test } from './fixtures.ts';

test('Firefox with strict protection signs in once, and stays signed in over page loads', async ({
  signedIn,
}) => {
  test.setTimeout(120_000);
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox' });
  for (let load = 0; load < 20; load += 1) await carla.page.reload();
  await carla.openPane();
  await expect(carla.search).toBeVisible();
});
