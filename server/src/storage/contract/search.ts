// The suite's part about finding people as one types.
import { describe, expect, test } from 'vitest';
import { searchTerms } from '../../people/fold.ts';
import type { Stage } from '../contract.ts';
import { HOSTILE } from './samples.ts';

const PEOPLE = [
  { key: '1', name: 'Ana Silva', email: 'ana.silva@corp.example', unit: 'Sales', extension: '1001' },
  { key: '2', name: 'Bruno Silva', email: 'bruno@corp.example', unit: 'Marketing' },
  { key: '3', name: 'Carla Anahory', email: 'carla@corp.example', unit: 'Sales Support' },
  {
    key: '4',
    name: 'João Conceição',
    email: 'jc@corp.example',
    unit: 'Análise',
    numbers: [{ kind: 'mobile' as const, number: '+351 910 222 333' }],
  },
  { key: '5', name: "Sinéad O'Brien-Smith" },
];

export function searchPromises(stage: Stage): void {
  describe('search', () => {
    const found = async (query: string, limit = 20) => {
      const people = await stage.storage.people.search(searchTerms(query), limit);
      return people.map(({ name }) => name);
    };

    test('every word is the beginning of some word, in any order, whatever the accents', async () => {
      await stage.storage.people.seed(PEOPLE);
      expect(await found('sil br')).toEqual(['Bruno Silva']);
      expect(await found('SILVA, Bruno')).toEqual(['Bruno Silva']);
      expect(await found('joao conc')).toEqual(['João Conceição']);
      expect(await found('Conceição')).toEqual(['João Conceição']);
      expect(await found('ilva')).toEqual([]);
      expect(await found('bruno sales')).toEqual([]);
      expect(await found('')).toEqual([]);
    });

    test('finds by e-mail, unit and number', async () => {
      await stage.storage.people.seed(PEOPLE);
      expect(await found('ana.silva@corp')).toEqual(['Ana Silva']);
      expect(await found('jc@')).toEqual(['João Conceição']);
      expect(await found('sup sales')).toEqual(['Carla Anahory']);
      expect(await found('1001')).toEqual(['Ana Silva']);
      expect(await found('+351 910')).toEqual(['João Conceição']);
      expect(await found('910222')).toEqual(['João Conceição']);
      expect(await found('910-222')).toEqual(['João Conceição']);
      expect(await found('joao 333')).toEqual(['João Conceição']);
    });

    test('finds names with apostrophes and hyphens as they are and as they are typed', async () => {
      await stage.storage.people.seed(PEOPLE);
      for (const query of ["o'brien", 'obrien', 'brien', 'smith', "o'brien-smith", 'sinead']) {
        expect(await found(query)).toEqual(["Sinéad O'Brien-Smith"]);
      }
    });

    test('those whose names match come first, each group by name, no more than asked for', async () => {
      await stage.storage.people.seed(PEOPLE);
      // João's unit is "Análise".
      expect(await found('ana')).toEqual(['Ana Silva', 'Carla Anahory', 'João Conceição']);
      expect(await found('ana', 2)).toEqual(['Ana Silva', 'Carla Anahory']);
      expect(await found('s')).toEqual(['Ana Silva', 'Bruno Silva', "Sinéad O'Brien-Smith", 'Carla Anahory']);
      expect(await found('s', 0)).toEqual([]);
    });

    test('common terms and rare ones find the same people', async () => {
      const crowd = Array.from({ length: 60 }, (_, index) => ({
        key: `crowd-${index}`,
        name: `Crowd ${String(index).padStart(2, '0')}`,
        unit: 'Stadium',
      }));
      await stage.storage.people.seed([...crowd, ...PEOPLE]);
      expect(await found('crowd', 3)).toEqual(['Crowd 00', 'Crowd 01', 'Crowd 02']);
      expect(await found('crowd 59')).toEqual(['Crowd 59']);
      expect(await found('stad', 2)).toEqual(['Crowd 00', 'Crowd 01']);
    });

    test('wildcards and operators find nobody', async () => {
      const { people } = stage.storage;
      await people.seed(PEOPLE);
      for (const text of HOSTILE) expect(await people.search([text], 20)).toEqual([]);
    });
  });
}
