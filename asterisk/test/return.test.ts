// A hub that goes in the middle of calls, however abruptly, is let in again.
import { afterAll, expect, it, vi } from 'vitest';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';

vi.setConfig({ testTimeout: 120_000 });

const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;
afterAll(() => asterisk?.stop());

// One in forty such returns found ARI silent for good while Asterisk also told of device states.
const RETURNS = 100;

it.skipIf(skip)(
  `a hub comes back ${RETURNS} times while channels come and go${skip ? ` (${skip})` : ''}`,
  async () => {
    let pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
    await grantPhone(pbx, { endpoint: 'p-alice', extension: '1001' });
    const alice = await openPhone(asterisk, 'p-alice');
    for (let count = 0; count < RETURNS; count += 1) {
      const call = await alice.call('601');
      expect(await call.answered).toBe(true);
      await pbx.close();
      if (count % 2 === 0) call.hangUp();
      pbx = openPbx(asterisk);
      await until(pbx, () => pbx.available);
      call.hangUp();
      await call.ended;
    }
    await alice.close();
    await pbx.close();
  },
);
