// `npm run bench`: runs the benchmarks that were asked for, one after the other, prints a table and what is behind the
// figures; with `--json` the last line is an array of rows. A part that fails is said and the others go on.
import { parseArgs } from 'node:util';
import { benchPbxCalls, benchRoomCalls } from './calls.ts';
import { measureEndpoints } from './endpoints.ts';
import { benchFlood, FLOOD_IDS } from './flood.ts';
import { measureIdle } from './idle.ts';
import { PBX_IDS } from './pbx-calls.ts';
import { measureQuality } from './quality.ts';
import { benchRecovery, benchUplinks, RECOVERY_IDS, UPLINK_IDS } from './recovery.ts';
import { measureRelay } from './relay.ts';
import { ROOM_IDS } from './room-calls.ts';
import { type Finding, TARGETS } from './row.ts';
import { measureSizes, SIZE_IDS } from './sizes.ts';

type Say = (line: string) => void;

interface Part {
  readonly ids: readonly string[];
  /** Only findings of `ids` are shown; `wanted` lets a part leave work out. */
  run(wanted: ReadonlySet<string>, say: Say): Promise<readonly Finding[]>;
}

const PARTS: readonly Part[] = [
  { ids: SIZE_IDS, run: measureSizes },
  { ids: ROOM_IDS, run: benchRoomCalls },
  { ids: PBX_IDS, run: benchPbxCalls },
  { ids: RECOVERY_IDS, run: benchRecovery },
  { ids: UPLINK_IDS, run: benchUplinks },
  { ids: ['endpoint-add-ms'], run: measureEndpoints },
  { ids: ['relay-ratio'], run: measureRelay },
  { ids: ['idle-device-bytes'], run: measureIdle },
  { ids: ['mos-sample-ms'], run: measureQuality },
  { ids: FLOOD_IDS, run: benchFlood },
];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const known = PARTS.flatMap((part) => part.ids);
const wanted = new Set(values.only?.split(',').map((id) => id.trim()) ?? known);
const unknown = [...wanted].filter((id) => !known.includes(id));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${known.join(', ')}`);
  process.exit(64); // EX_USAGE of sysexits.h
}

const findings: Finding[] = [];
let failed = false;
for (const part of PARTS.filter(({ ids }) => ids.some((id) => wanted.has(id)))) {
  const ids = part.ids.filter((id) => wanted.has(id));
  const startedAt = performance.now();
  try {
    const found = await part.run(wanted, (line) => console.log(`· ${line}`));
    findings.push(...found.filter(({ row }) => wanted.has(row.id)));
    console.log(`· ${ids.join(', ')}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  } catch (error) {
    failed = true;
    console.error(`· ${ids.join(', ')} could not be measured: ${reasonOf(error)}`);
  }
}
print(findings);
if (values.json) console.log(JSON.stringify(findings.map(({ row }) => rounded(row))));
process.exit(failed ? 1 : 0);

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function rounded(row: Finding['row']): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? round(value) : value]),
  );
}

function round(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toFixed(2));
}

function print(all: readonly Finding[]): void {
  const lines = all.map(({ row }) => {
    const target = TARGETS[row.id];
    return [
      row.id,
      `${round(row.value)}${row.unit === 'ratio' ? '' : ` ${row.unit}`}`,
      target ? `${target.met(row.value) ? 'meets' : 'MISSES'} ${target.text}` : '',
      row.worst === undefined ? '' : String(round(row.worst)),
      row.floor === undefined ? '' : String(round(row.floor)),
      row.ratio === undefined ? '' : round(row.ratio).toFixed(2),
      String(row.n),
    ];
  });
  const table = [['id', 'value', 'target', 'worst', 'floor', 'ratio', 'n'], ...lines];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  console.log('');
  for (const line of table)
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  console.log('');
  for (const { row, notes } of all) for (const note of notes ?? []) console.log(`  ${row.id}: ${note}`);
}
