import { describe, expect, test } from 'vitest';
import { foldNumber, foldText, searchTerms } from './fold.ts';

describe('foldText', () => {
  test.each([
    ['  José   ÁVILA ', 'jose avila'],
    ['Conceição', 'conceicao'],
    ['Müller-Strauß', 'muller-strauss'],
    ['Łukasz Ørsted', 'lukasz orsted'],
    ['İbrahim ISIK', 'ibrahim isik'],
    ['ﬁn', 'fin'],
    ['Ελένη', 'ελενη'],
    ['', ''],
  ])('%s becomes %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
    expect(foldText(folded)).toBe(folded);
  });
});

describe('searchTerms', () => {
  test.each([
    ['ana.silva-x_y@corp.example', ['ana', 'silva', 'x', 'y', 'corp', 'example']],
    ['Silva, Ana', ['silva', 'ana']],
    ['ana ANA aná', ['ana']],
    ["O'Brien", ['o', 'brien']],
    ['+351 (910) 222-333', ['351910222333']],
    ['1001', ['1001']],
    ['10 1', ['10', '1']],
    ['ana 910', ['ana', '910']],
    ['%_*^$ "', []],
    ['', []],
  ])('%s is searched as %j', (text, terms) => {
    expect(searchTerms(text)).toEqual(terms);
  });
});

describe('foldNumber', () => {
  test.each([
    ['00 55 (11) 98888-7777', '+5511988887777'],
    ['+55 11.98888/7777', '+5511988887777'],
    ['[021] 000–102', '021000102'],
    ['0012', '0012'],
    ['*43#', '*43#'],
  ])('%s becomes %s', (written, folded) => {
    expect(foldNumber(written)).toBe(folded);
    expect(foldNumber(folded)).toBe(folded);
  });
});
