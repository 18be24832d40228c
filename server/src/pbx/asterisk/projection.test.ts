import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProjection, type Projection } from './projection.ts';
import { endpointRows, type Row, type Rows } from './rows.ts';

let dir: string;
let file: string;
let projection: Projection;
let reader: InstanceType<typeof DatabaseSync>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ringtag-projection-'));
  file = join(dir, 'projection.sqlite');
  projection = openProjection(file);
  reader = new DatabaseSync(file);
});

afterEach(() => {
  reader.close();
  projection.close();
  rmSync(dir, { recursive: true });
});

const ids = (table: string): string[] =>
  (reader.prepare(`SELECT id FROM ${table} ORDER BY id`).all() as { id: string }[]).map((row) => row.id);

function rowsFor(endpoint: string, auths: readonly string[], routes: readonly Row[] = []): Rows {
  const parts = endpointRows(
    {
      endpoint,
      kind: 'device',
      callerName: '',
      callerNumber: '',
      auths: auths.map((id) => ({ id, ha1: id })),
    },
    { realm: 'ringtag', plainPhones: false },
  );
  return { ...parts, routes };
}

test('the file is readable by its owner alone, also beside a running Asterisk that made it', () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const other = join(dir, 'made-by-asterisk.sqlite');
  writeFileSync(other, '', { mode: 0o644 });
  openProjection(other).close();
  expect(statSync(other).mode & 0o777).toBe(0o600);
});

test('a credential that is not among the endpoint’s any more is gone with the same write', () => {
  projection.put(rowsFor('d-a', ['d-a-1', 'd-a-2']));
  projection.put(rowsFor('d-b', ['d-b-1']));
  projection.put(rowsFor('d-a', ['d-a-2', 'd-a-3']));
  expect(ids('ps_auths')).toEqual(['d-a-2', 'd-a-3', 'd-b-1']);
});

test('removing an endpoint takes its credentials and address along and changes its routes at once', () => {
  projection.put(rowsFor('d-a', ['d-a-1'], [{ id: '1001', dial: 'PJSIP/d-a', person: 'u-a' }]));
  projection.remove('d-a', { routes: [{ id: '1001', dial: '', person: 'u-a' }] });
  expect([ids('ps_endpoints'), ids('ps_auths'), ids('ps_aors')]).toEqual([[], [], []]);
  expect(reader.prepare('SELECT dial FROM routes').get()).toEqual({ dial: '' });
});

test('replacing all leaves exactly what was given, and writes nothing where nothing differs', () => {
  projection.put(rowsFor('d-old', ['d-old-1'], [{ id: '1001', dial: 'PJSIP/d-old', person: 'u' }]));
  const rows = rowsFor('d-new', ['d-new-1'], [{ id: '1002', dial: 'PJSIP/d-new', person: 'u' }]);
  projection.replaceAll(rows);
  expect([ids('ps_endpoints'), ids('ps_auths'), ids('ps_aors'), ids('routes')]).toEqual([
    ['d-new'],
    ['d-new-1'],
    ['d-new'],
    ['1002'],
  ]);
  const version = () =>
    (reader.prepare('PRAGMA data_version').get() as { data_version: number }).data_version;
  const before = version();
  projection.replaceAll(rows);
  expect(version()).toBe(before);
});

test('a change that fails halfway leaves nothing behind', () => {
  const bad = { ...rowsFor('d-a', ['d-a-1']), routes: [{ dial: 'x', person: 'u' }] };
  reader.exec("CREATE TRIGGER refuse BEFORE INSERT ON routes BEGIN SELECT RAISE(ABORT, 'no'); END");
  expect(() => projection.put(bad)).toThrow();
  expect(ids('ps_endpoints')).toEqual([]);
});

test('a file of an earlier version gets the columns that it lacks and keeps its rows', () => {
  const old = join(dir, 'old.sqlite');
  const db = new DatabaseSync(old);
  db.exec(
    "CREATE TABLE routes (id TEXT PRIMARY KEY, dial TEXT); INSERT INTO routes VALUES ('1001', 'PJSIP/d-a')",
  );
  openProjection(old).close();
  expect(db.prepare('SELECT id, dial, person FROM routes').all()).toEqual([
    { id: '1001', dial: 'PJSIP/d-a', person: null },
  ]);
  db.close();
});

test('visitors’ endpoints stay when all accounts are replaced, and go with their tickets when they are removed', () => {
  const guest = {
    ps_endpoints: [{ id: 'g-1', auth: 'g-1-1' }],
    ps_auths: [{ id: 'g-1-1', username: 'g-1' }],
    tickets: [{ id: 'g-1', visit: 'v-1', turns: '1001' }],
  };
  projection.put(guest);
  projection.put(rowsFor('d-old', ['d-old-1']));
  projection.replaceAll(rowsFor('d-new', ['d-new-1']));
  expect([ids('ps_endpoints'), ids('ps_auths')]).toEqual([
    ['d-new', 'g-1'],
    ['d-new-1', 'g-1-1'],
  ]);
  expect(projection.tickets()).toMatchObject([{ id: 'g-1', visit: 'v-1', turns: '1001' }]);
  projection.remove('g-1', {});
  expect([ids('ps_endpoints'), ids('ps_auths'), ids('tickets')]).toEqual([['d-new'], ['d-new-1'], []]);
});

test('an endpoint is the person’s whose extension rings it, by its whole name', () => {
  projection.put(rowsFor('d-a', [], [{ id: '1001', dial: 'PJSIP/p-x&PJSIP/d-a_1', person: 'u-a' }]));
  const names = ['d-a_1', 'p-x', 'd-a', 'd-a_', 'x', 'd-ab1', '%'];
  expect(names.map((name) => projection.personOf(name))).toEqual(['u-a', 'u-a', ...Array(5).fill(undefined)]);
});
