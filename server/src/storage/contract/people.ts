// The suite's part about people: seed, accounts, extensions, look-ups.
import { describe, expect, test } from 'vitest';
import type { PersonRecord, SeedPerson } from '../../people/person.ts';
import type { Stage } from '../contract.ts';
import { HOSTILE, NOW, profile, twenty } from './samples.ts';

const ALICE: SeedPerson = {
  key: 'alice',
  name: 'Alice Almeida',
  email: 'Alice@corp.example',
  unit: 'Sales',
  extension: '1001',
  numbers: [{ kind: 'mobile', number: '+351 910 000 001' }],
};
const BRUNO: SeedPerson = {
  key: 'bruno',
  name: 'Bruno Barros',
  email: 'bruno@corp.example',
  deskPhone: 'p-bruno',
  numbers: [{ kind: 'desk', number: '(021) 000-102' }],
};

const names = (people: readonly PersonRecord[]) => people.map(({ name }) => name);

export function peoplePromises(stage: Stage): void {
  describe('people', () => {
    seeding(stage);
    accounts(stage);
    linking(stage);
    extensions(stage);
    lookups(stage);
    availability(stage);
  });
}

function seeding(stage: Stage): void {
  test('seeded people are kept whole, their e-mail in lower case', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, BRUNO]);
    const [alice] = await people.byEmails(['alice@corp.example']);
    expect(alice).toEqual({
      id: expect.stringMatching(/^u-/),
      name: 'Alice Almeida',
      email: 'alice@corp.example',
      unit: 'Sales',
      extension: '1001',
      numbers: [{ kind: 'mobile', number: '+351 910 000 001' }],
    });
    const [bruno] = await people.byEmails(['BRUNO@corp.example']);
    expect(bruno).toMatchObject({ deskPhone: 'p-bruno' });
    expect(bruno).not.toHaveProperty('extension');
  });

  test('seeding again changes people and adds none; an extension they have stays', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE]);
    const [before] = await people.byEmails(['alice@corp.example']);
    await people.seed([ALICE]);
    await people.seed([{ key: 'alice', name: 'Alice A.', email: 'a@corp.example', extension: '2001' }]);
    expect(await people.byEmails(['alice@corp.example'])).toEqual([]);
    expect(await people.byEmails(['a@corp.example'])).toEqual([
      { id: before?.id, name: 'Alice A.', email: 'a@corp.example', extension: '1001', numbers: [] },
    ]);
    expect(names(await people.search(['alice'], 10))).toEqual(['Alice A.']);
    expect(await people.search(['almeida'], 10)).toEqual([]);
    expect(await people.byNumbers(['+351910000001'])).toEqual([]);
  });

  test('an extension of somebody else is refused with a sentence', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE]);
    await expect(people.seed([{ ...BRUNO, extension: '1001' }])).rejects.toThrow(
      'Extension 1001, wanted for Bruno Barros, already belongs to somebody else.',
    );
  });
}

function accounts(stage: Stage): void {
  test('an account nobody has leads to nobody; once made it leads to its person', async () => {
    const { people } = stage.storage;
    expect(await people.byAccount(profile())).toBeUndefined();
    const made = await people.createFromAccount('u-1', profile({ email: 'Alice@Corp.example' }));
    expect(made).toEqual({ id: 'u-1', name: 'Alice Almeida', email: 'alice@corp.example', numbers: [] });
    expect(await people.byAccount(profile())).toEqual(made);
    expect(await people.byAccount(profile({ issuer: 'https://other.example' }))).toBeUndefined();
    expect(await people.byAccount(profile({ subject: 'Alice' }))).toBeUndefined();
  });

  test('of twenty first sign-ins at once one makes the person, all get it', async () => {
    const { people } = stage.storage;
    const made = await twenty((index) => people.createFromAccount(`u-${index}`, profile()));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await people.search(['alice'], 20)).toHaveLength(1);
  });

  test('a sign-in brings name, photo and numbers up to date, and keeps what the provider leaves out', async () => {
    const { people } = stage.storage;
    await people.createFromAccount('u-1', profile({ photoUrl: 'https://id.example/1.png' }));
    const mobile = { kind: 'mobile', number: '+351910000009' } as const;
    await people.byAccount(profile({ name: 'Alice Abreu', numbers: [mobile] }));
    expect(await people.byIds(['u-1'])).toEqual([
      {
        id: 'u-1',
        name: 'Alice Abreu',
        email: 'alice@corp.example',
        photoUrl: 'https://id.example/1.png',
        numbers: [mobile],
      },
    ]);
    expect(names(await people.search(['abreu'], 10))).toEqual(['Alice Abreu']);
    expect(names(await people.byNumbers(['+351 910 000 009']))).toEqual(['Alice Abreu']);
    expect((await people.byAccount(profile({ name: ' ' })))?.name).toBe('Alice Abreu');
    expect(await people.byNumbers(['+351 910 000 009'])).toEqual([]);
  });

  test('an e-mail that the provider does not vouch for is not kept', async () => {
    const { people } = stage.storage;
    const made = await people.createFromAccount('u-1', profile({ emailVerified: false }));
    expect(made).not.toHaveProperty('email');
    expect(await people.byEmails(['alice@corp.example'])).toEqual([]);
  });

  test('any text is only text', async () => {
    const { people } = stage.storage;
    for (const [index, text] of HOSTILE.entries()) {
      const each = profile({ issuer: text, subject: text, name: text, email: `${text}@x`, photoUrl: text });
      const made = await people.createFromAccount(`u-${index}`, each);
      expect(made).toMatchObject({ name: text, photoUrl: text });
      expect(await people.byAccount(each)).toEqual(made);
      expect(await people.byIds([text])).toEqual([]);
      expect(await people.byNumbers([text])).toEqual([]);
      expect(await people.byEmails([text])).toEqual([]);
      expect(await people.byEmails([`${text}@x`])).toEqual([made]);
      await people.rememberOrigin(text, text);
      expect(await people.knowsOrigin(text, text)).toBe(true);
      expect(await people.knowsOrigin(`u-${index}`, text)).toBe(false);
    }
  });
}

function linking(stage: Stage): void {
  test('a seeded person is linked by verified e-mail and keeps what the seed says', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, BRUNO]);
    const [seeded] = await people.byEmails(['alice@corp.example']);
    const linked = await people.linkByVerifiedEmail(
      profile({
        name: 'Alice A.',
        email: 'ALICE@corp.example',
        numbers: [{ kind: 'home', number: '+3512' }],
      }),
    );
    expect(linked).toEqual({
      ...seeded,
      name: 'Alice A.',
      numbers: [
        { kind: 'mobile', number: '+351 910 000 001' },
        { kind: 'home', number: '+3512' },
      ],
    });
    expect((await people.byAccount(profile()))?.id).toBe(seeded?.id);
  });

  test('what a sign-in brought outlives the next seeding', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE]);
    await people.linkByVerifiedEmail(profile({ photoUrl: 'https://id.example/1.png' }));
    await people.seed([{ ...ALICE, unit: 'Support' }]);
    const [alice] = await people.byEmails(['alice@corp.example']);
    expect(alice).toMatchObject({ photoUrl: 'https://id.example/1.png', unit: 'Support' });
    expect((await people.byAccount(profile()))?.id).toBe(alice?.id);
  });

  test('nobody is linked without a verified e-mail, nor unless exactly one seeded person fits', async () => {
    const { people } = stage.storage;
    const { email: _, ...nameless } = profile();
    await people.seed([ALICE]);
    await people.createFromAccount('u-9', profile({ subject: 'x', email: 'x@corp.example' }));
    expect(await people.linkByVerifiedEmail(profile({ emailVerified: false }))).toBeUndefined();
    expect(await people.linkByVerifiedEmail(nameless)).toBeUndefined();
    expect(await people.linkByVerifiedEmail(profile({ email: 'z@corp.example' }))).toBeUndefined();
    expect(
      await people.linkByVerifiedEmail(profile({ subject: 'y', email: 'x@corp.example' })),
    ).toBeUndefined();
    await people.seed([{ key: 'twin', name: 'Twin', email: 'alice@corp.example' }]);
    expect(await people.linkByVerifiedEmail(profile())).toBeUndefined();
  });

  test('a person takes one account of each issuer, even of twenty at once', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE]);
    const linked = await twenty((index) => people.linkByVerifiedEmail(profile({ subject: `s-${index}` })));
    expect(linked.filter((person) => person !== undefined)).toHaveLength(1);
    expect(await people.linkByVerifiedEmail(profile({ issuer: 'https://other.example' }))).toBeDefined();
  });

  test('the same account linked twenty times at once gets one answer', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE]);
    const linked = await twenty(() => people.linkByVerifiedEmail(profile()));
    expect(new Set(linked.map((person) => person?.id)).size).toBe(1);
    expect(linked[0]).toBeDefined();
  });
}

function extensions(stage: Stage): void {
  test('the lowest free extension is given, once to each person', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, { key: 'x', name: 'X', extension: '1003' }]);
    for (const id of ['u-1', 'u-2', 'u-3']) await people.createFromAccount(id, profile({ subject: id }));
    expect(await people.ensureExtension('u-1', 1001)).toBe('1002');
    expect(await people.ensureExtension('u-1', 1001)).toBe('1002');
    expect(await people.ensureExtension('u-2', 1001)).toBe('1004');
    expect(await people.ensureExtension('u-3', 2000)).toBe('2000');
    expect(names(await people.byNumbers(['1004']))).toEqual(['Alice Almeida']);
    await expect(people.ensureExtension('u-unknown', 1001)).rejects.toThrow();
  });

  test('a number that somebody has otherwise is no free extension', async () => {
    const { people } = stage.storage;
    await people.seed([{ key: 'x', name: 'X', numbers: [{ kind: 'desk', number: '10-01' }] }]);
    await people.createFromAccount('u-1', profile());
    expect(await people.ensureExtension('u-1', 1001)).toBe('1002');
  });

  test('twenty people at once get twenty extensions, one person one', async () => {
    const { people } = stage.storage;
    await twenty((index) => people.createFromAccount(`u-${index}`, profile({ subject: `s-${index}` })));
    const given = await twenty((index) => people.ensureExtension(`u-${index}`, 1001));
    expect([...given].sort()).toEqual(Array.from({ length: 20 }, (_, index) => String(1001 + index)));
    await people.createFromAccount('u-one', profile({ subject: 'one' }));
    expect(new Set(await twenty(() => people.ensureExtension('u-one', 1001)))).toEqual(new Set(['1021']));
  });

  test('a sign-in and a new extension at once lose neither', async () => {
    const { people } = stage.storage;
    await people.createFromAccount('u-1', profile());
    await Promise.all([
      people.byAccount(profile({ name: 'Alice Abreu' })),
      people.ensureExtension('u-1', 1001),
      people.byAccount(profile({ name: 'Alice Abreu', photoUrl: 'https://id.example/2.png' })),
    ]);
    expect(await people.byIds(['u-1'])).toMatchObject([{ name: 'Alice Abreu', extension: '1001' }]);
  });

  test('the PBX is told of everyone with an extension or a desk phone', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, BRUNO, { key: 'carla', name: 'Carla Costa' }]);
    expect(names(await people.withExtensions()).sort()).toEqual(['Alice Almeida', 'Bruno Barros']);
  });
}

function availability(stage: Stage): void {
  const seeded = async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, BRUNO]);
    const [alice] = await people.byEmails(['alice@corp.example']);
    if (!alice) throw new Error('not seeded');
    return { people, alice };
  };

  test('D2 do-not-disturb is kept with the person, whatever seed and sign-in then say', async () => {
    const { people, alice } = await seeded();
    expect(await people.undisturbed()).toEqual([]);
    const set = await people.setAvailability(alice.id, { doNotDisturb: true, untilMs: NOW + 60_000 });
    expect(set).toEqual({ ...alice, doNotDisturb: { untilMs: NOW + 60_000 } });
    await people.seed([{ ...ALICE, unit: 'Support' }]);
    await people.linkByVerifiedEmail(profile());
    expect(await people.byIds([alice.id])).toMatchObject([
      { unit: 'Support', doNotDisturb: { untilMs: NOW + 60_000 } },
    ]);
    expect((await people.undisturbed()).map(({ id }) => id)).toEqual([alice.id]);
    expect(names(await people.search(['alm'], 3))).toEqual(['Alice Almeida']);
  });

  test('D2 without an end it stays until it is ended, and leaves nothing behind', async () => {
    const { people, alice } = await seeded();
    const set = await people.setAvailability(alice.id, { doNotDisturb: true });
    expect(set?.doNotDisturb).toEqual({});
    expect(await people.setAvailability(alice.id, { doNotDisturb: false })).toEqual(alice);
    expect(await people.setAvailability(alice.id, { doNotDisturb: false })).toEqual(alice);
    expect(await people.undisturbed()).toEqual([]);
    expect(await people.setAvailability('u-unknown', { doNotDisturb: true })).toBeUndefined();
  });

  test('D2 the end of one that was replaced changes nothing', async () => {
    const { people, alice } = await seeded();
    await people.setAvailability(alice.id, { doNotDisturb: true, untilMs: NOW + 2 });
    const late = await people.setAvailability(alice.id, { doNotDisturb: false, ifUntilMs: NOW + 1 });
    expect(late?.doNotDisturb).toEqual({ untilMs: NOW + 2 });
    const due = await people.setAvailability(alice.id, { doNotDisturb: false, ifUntilMs: NOW + 2 });
    expect(due?.doNotDisturb).toBeUndefined();
    await people.setAvailability(alice.id, { doNotDisturb: true });
    await people.setAvailability(alice.id, { doNotDisturb: false, ifUntilMs: NOW + 2 });
    expect(await people.undisturbed()).toHaveLength(1);
  });
}

function lookups(stage: Stage): void {
  test('people are found by id, e-mail, number and whole folded name, each once', async () => {
    const { people } = stage.storage;
    await people.seed([ALICE, BRUNO, { key: 'j', name: 'João  Conceição' }]);
    const [alice] = await people.byEmails(['alice@corp.example']);
    const id = alice?.id ?? '';
    expect(names(await people.byIds([id, id, 'u-nobody']))).toEqual(['Alice Almeida']);
    expect(await people.byIds([])).toEqual([]);
    expect(names(await people.byEmails(['ALICE@CORP.example', 'bruno@corp.example']))).toHaveLength(2);
    expect(names(await people.byNumbers(['+351910000001', '1001']))).toEqual(['Alice Almeida']);
    expect(names(await people.byNumbers(['00351 (910) 000.001']))).toEqual(['Alice Almeida']);
    expect(names(await people.byNumbers(['021000102']))).toEqual(['Bruno Barros']);
    expect(await people.byNumbers(['100'])).toEqual([]);
    expect(names(await people.byFoldedNames(['joao conceicao', 'alice']))).toEqual(['João  Conceição']);
  });

  test('colleagues are everybody else, the own unit first, by name, no more than asked for', async () => {
    const { people } = stage.storage;
    await people.seed([
      BRUNO,
      ALICE,
      { key: 'e', name: 'Elsa Esteves', unit: 'Sales' },
      { key: 'c', name: 'Çelik Costa', unit: 'sales' },
      { key: 'd', name: 'Duarte Dias', unit: 'Sales' },
    ]);
    const [alice] = await people.byEmails(['alice@corp.example']);
    const [bruno] = await people.byEmails(['bruno@corp.example']);
    if (alice === undefined || bruno === undefined) throw new Error('not seeded');
    const near = ['Duarte Dias', 'Elsa Esteves'];
    expect(names(await people.colleagues(alice, 9))).toEqual([...near, 'Bruno Barros', 'Çelik Costa']);
    expect(names(await people.colleagues(alice, 3))).toEqual([...near, 'Bruno Barros']);
    expect(names(await people.colleagues(alice, 2))).toEqual(near);
    expect(names(await people.colleagues(alice, 1))).toEqual(['Duarte Dias']);
    expect(names(await people.colleagues(bruno, 9))).toEqual(['Alice Almeida', 'Çelik Costa', ...near]);
    for (const unit of HOSTILE) expect(await people.colleagues({ id: alice.id, unit }, 9)).toHaveLength(4);
  });

  test('S1 the origins a person agreed to are remembered, for that person', async () => {
    const { people } = stage.storage;
    const origin = 'https://mail.example';
    expect(await people.knowsOrigin('u-1', origin)).toBe(false);
    await Promise.all([people.rememberOrigin('u-1', origin), people.rememberOrigin('u-1', origin)]);
    expect(await people.knowsOrigin('u-1', origin)).toBe(true);
    expect(await people.knowsOrigin('u-2', origin)).toBe(false);
    expect(await people.knowsOrigin('u-1', 'https://mail.example.evil')).toBe(false);
  });
}
