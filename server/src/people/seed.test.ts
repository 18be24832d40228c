// The seed file: both formats say the same, and every mistake is told with its line.
import { describe, expect, test } from 'vitest';
import { parseSeed, readSeedFile } from './seed.ts';

const CSV = `name,email,unit,extension,desk,mobile,photo_url,desk_phone
Alice Almeida,Alice@Example.org,Accounting,1001,+351 210 000 101,,https://id.example.org/alice.svg,
"Barros, Bruno",bruno@example.org,,,,+351 910 000 102,,p-bruno
`;

describe('a CSV seed file', () => {
  test('gives people with lower-case e-mail as key and numbers by kind', () => {
    expect(parseSeed(CSV, 'csv')).toEqual({
      ok: true,
      people: [
        {
          key: 'alice@example.org',
          name: 'Alice Almeida',
          email: 'alice@example.org',
          unit: 'Accounting',
          extension: '1001',
          photoUrl: 'https://id.example.org/alice.svg',
          numbers: [{ kind: 'desk', number: '+351 210 000 101' }],
        },
        {
          key: 'bruno@example.org',
          name: 'Barros, Bruno',
          email: 'bruno@example.org',
          deskPhone: 'p-bruno',
          numbers: [{ kind: 'mobile', number: '+351 910 000 102' }],
        },
      ],
    });
  });

  test('with mistakes tells all of them by line and seeds nobody', () => {
    const text =
      'name,email,extension\nAlice,not-an-address,10\n,bruno@example.org,\nCarla,carla@example.org,abc\n';
    expect(parseSeed(text, 'csv')).toEqual({
      ok: false,
      problems: [
        'line 2: email: is not an e-mail address',
        expect.stringMatching(/^line 3: name: /),
        'line 4: extension: must be 2 to 10 digits',
      ],
    });
  });

  test('with a row of another length says which', () => {
    const result = parseSeed('name,email\nAlice,a@example.org\nBruno\n', 'csv');
    expect(result).toEqual({ ok: false, problems: [expect.stringMatching(/^line 3: /)] });
  });

  test('with an unknown column names it', () => {
    const result = parseSeed('name,email,salary\nAlice,a@example.org,1\n', 'csv');
    expect(result).toEqual({ ok: false, problems: ['line 2: unknown field salary'] });
  });
});

describe('a JSON seed file', () => {
  const alice = { key: 'alice', name: 'Alice Almeida', email: 'alice@example.org' };

  test('gives the same people', () => {
    const numbers = [{ kind: 'desk', number: '+351210000101' }];
    const people = [{ ...alice, numbers }];
    expect(parseSeed(JSON.stringify(people), 'json')).toEqual({ ok: true, people });
  });

  test('tells the line of the person who is wrong, and of the two who clash', () => {
    const text = `[
  ${JSON.stringify(alice)},
  { "name": "Bruno, [B] {x}",
    "email": 4 },
  { "name": "Nobody" },
  { "name": "Alice again", "key": "other",
    "email": "alice@example.org" },
  7
]`;
    expect(parseSeed(text, 'json')).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/^line 3: email: /),
        'line 5: needs an email or a key',
        'line 6: the same email as on line 2',
        'line 8: is not a person',
      ],
    });
  });

  test('that is not JSON, or not an array, says so', () => {
    const broken = { ok: false, problems: [expect.stringMatching(/^line 2: is not JSON: /)] };
    expect(parseSeed('[\n{"name": "Alice" "key": "a"}\n]', 'json')).toEqual(broken);
    expect(parseSeed('{}', 'json')).toEqual({ ok: false, problems: ['line 1: must be an array of people'] });
  });
});

test('a seed file that is not there is a sentence', async () => {
  expect(await readSeedFile('/nowhere/people.csv')).toEqual({
    ok: false,
    problems: ['/nowhere/people.csv cannot be read'],
  });
});
