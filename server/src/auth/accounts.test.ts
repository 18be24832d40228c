// Which person a sign-in leads to: accounts are (issuer, subject), and a seeded person is linked by verified e-mail only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;

beforeAll(async () => {
  world = await startTestHub({
    seed: [{ name: 'Carla Costa', email: 'carla@example.org', unit: 'Board', extension: '2001' }],
  });
});
afterAll(() => world.close());

describe('accounts', () => {
  const carla = { sub: 'carla', name: 'Carla Costa', email: 'carla@example.org' };

  test('a seeded person is linked by e-mail only if the provider verified it', async () => {
    const impostor = await world.signIn({ ...carla, sub: 'impostor' });
    expect(impostor.grant.me.unit).toBeUndefined();
    expect(impostor.grant.me.extension).not.toBe('2001');
    const genuine = await world.signIn({ ...carla, email_verified: true });
    expect(genuine.grant.me).toMatchObject({ unit: 'Board', extension: '2001' });
    expect(genuine.grant.me.id).not.toBe(impostor.grant.me.id);
  });

  test('a seeded name stays where the provider gives none, and an address stands in where nobody does', async () => {
    const email = 'carla@example.org';
    const seeded = await world.signIn({ sub: 'carla', email, email_verified: true });
    expect(seeded.grant.me.name).toBe('Carla Costa');
    const nameless = await world.signIn({ sub: 'n', email: 'n@example.org', email_verified: true });
    expect(nameless.grant.me.name).toBe('n@example.org');
  });

  test('an account is its subject: a new e-mail is the same person, the same e-mail another', async () => {
    const [first, renamed] = [
      await world.signIn({ sub: 'd', name: 'D', email: 'd@example.org', email_verified: true }),
      await world.signIn({ sub: 'd', name: 'D', email: 'd2@example.org', email_verified: true }),
    ];
    expect(renamed.grant.me.id).toBe(first.grant.me.id);
    const other = await world.signIn({ sub: 'e', name: 'E', email: 'd2@example.org', email_verified: true });
    expect(other.grant.me.id).not.toBe(first.grant.me.id);
  });
});
