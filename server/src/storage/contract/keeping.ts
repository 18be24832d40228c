// The suite's part about what must outlast a process, and about several processes on one database.
import { describe, expect, test } from 'vitest';
import type { Stage, StorageTraits } from '../contract.ts';
import { attempt, bearer, call, NOW, profile, session, twenty } from './samples.ts';

export function keepingPromises(stage: Stage, traits: StorageTraits): void {
  describe('keeping', () => {
    test('ping answers while storage can be written', async () => {
      await stage.storage.ping();
      await stage.storage.ping();
    });

    test('closing twice is no mistake', async () => {
      await stage.storage.close();
      await stage.storage.close();
    });

    if (traits.isTransient) return;

    test('S4 C15 R6 everything is there after closing and opening', async () => {
      const before = stage.storage;
      await before.people.createFromAccount('u-1', profile());
      await before.people.rememberOrigin('u-1', 'https://mail.example');
      await before.signIns.create(attempt());
      await before.sessions.create(session());
      await before.sessions.putBearer(bearer());
      await before.sessions.putChallenge('challenge-1', 's-1', NOW + 1);
      await before.calls.create(call());
      await before.pbx.put({ endpoint: 'd-1', kind: 'device', personId: 'u-1', auths: [] });
      await stage.reopen();
      const { people, signIns, sessions, calls, pbx } = stage.storage;
      expect(await people.byAccount(profile())).toMatchObject({ id: 'u-1' });
      expect(await people.search(['alm'], 1)).toHaveLength(1);
      expect(await people.knowsOrigin('u-1', 'https://mail.example')).toBe(true);
      expect(await signIns.byId('attempt-1')).toEqual(attempt());
      expect(await sessions.byBearer('bearer-1', NOW)).toBeDefined();
      expect(await sessions.spendChallenge('challenge-1', NOW)).toBe('s-1');
      expect(await calls.live()).toEqual([call()]);
      expect(await calls.create(call({ id: 'c-2', requestId: 'r-2' }))).toMatchObject({ kind: 'ringing' });
      expect(await pbx.all()).toHaveLength(1);
    });

    const reason = traits.isSolitary ? ' (skipped: this server compares and sets in two steps)' : '';
    test.skipIf(traits.isSolitary)(
      `C1 C4 C8 two hubs on one database agree on who was first${reason}`,
      async () => {
        const hubs = [stage.storage, await stage.another()] as const;
        const hub = (index: number) => hubs[index % 2 === 0 ? 0 : 1];
        const made = await twenty((index) =>
          hub(index).calls.create(call({ id: `c-${index}`, requestId: `r-${index}` })),
        );
        expect(made.filter(({ kind }) => kind === 'created')).toHaveLength(1);
        const id = made[0]?.call.id ?? '';
        const accepts = await twenty((index) => hub(index).calls.accept(id, `s-${index}`, NOW));
        expect(accepts.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
        await twenty((index) => hub(index).people.createFromAccount(`u-${index}`, profile()));
        const people = await hubs[0].people.search(['alice'], 20);
        expect(people).toHaveLength(1);
        const personId = people[0]?.id ?? '';
        const given = await twenty((index) => hub(index).people.ensureExtension(personId, 1001));
        expect(new Set(given).size).toBe(1);
      },
    );
  });
}
