// Call records of a real Asterisk, read from its files into the hub's storage: each call once, numbered without a gap,
// whoever was away or killed meanwhile.
import { appendFile, copyFile, readFile, rename, truncate } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { createRecordTail } from '../../server/src/pbx/asterisk/records.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import { systemClock } from '../../server/src/platform/clock.ts';
import { silentLogger } from '../../server/src/platform/logger.ts';
import { createRecordKeeping, type RecordKeeping } from '../../server/src/records/keeping.ts';
import type { CallEntry, Entry } from '../../server/src/records/record.ts';
import type { Storage } from '../../server/src/storage/port.ts';
import { openSqliteStorage } from '../../server/src/storage/sqlite/open.ts';
import { type RunningAsterisk, startAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, until } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What lines of channel events begin with: of a call that is over, and of one side of two who were put together. */
const LAST_LINE = '"LINKEDID_END"';
const MET_LINE = '"BRIDGE_ENTER"';

const { asterisk: found, skip } = await getAsteriskForTests();
let asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`call records of Asterisk${skip ? ` (${skip})` : ''}`, () => {
  let pbx: Pbx;
  let storage: Storage;
  let records: RecordKeeping | undefined;
  let ids: { alice: string; bruno: string };
  const phones: Softphone[] = [];

  /** The hub's part in it comes up, as after a start. */
  const openRecords = (): void => {
    records = createRecordKeeping({
      ...{ storage, clock: systemClock, logger: silentLogger, systemId: 'hub-1' },
      openTail: (options) =>
        createRecordTail({
          ...options,
          ...{ dir: `${asterisk.dir}/log`, clock: systemClock, logger: silentLogger },
          hasChannel: (id) => pbx.hasChannel?.(id),
        }),
    });
    records.start();
  };
  const closeRecords = async (): Promise<void> => {
    await records?.stop();
    records = undefined;
  };

  const registered = async (endpoint: string, extension: string): Promise<Softphone> => {
    await grantPhone(pbx, { endpoint, extension, name: endpoint });
    const phone = await openPhone(asterisk, endpoint);
    phones.push(phone);
    expect(await phone.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return phone;
  };
  const twoPhones = () => Promise.all([registered('p-alice', '1001'), registered('p-bruno', '1002')]);

  /** The records from this number on, once there are so many. */
  async function recordsAfter(sequence: number, count: number): Promise<Entry<CallEntry>[]> {
    await vi.waitFor(
      async () => expect((await storage.records.after(sequence, 100)).length).toBeGreaterThanOrEqual(count),
      { timeout: 30_000, interval: 100 },
    );
    const all = await storage.records.after(sequence, 100);
    expect(all.map((entry) => entry.sequence)).toEqual(all.map((_, index) => sequence + index + 1));
    expect(all).toHaveLength(count);
    return all as Entry<CallEntry>[];
  }
  /** Asterisk writes a moment after the event: lines of the file that begin so. */
  const linesIn = async (file: string, beginning = '') =>
    (await readFile(file, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '' && line.startsWith(beginning)).length;
  const soonMoreLines = async (file: string, beginning: string, than: number) =>
    vi.waitFor(async () => expect(await linesIn(file, beginning)).toBeGreaterThan(than), { timeout: 15_000 });
  const lastSequence = async () => (await storage.records.after(0, 10_000)).at(-1)?.sequence ?? 0;

  async function talk(alice: Softphone, bruno: Softphone): Promise<[SoftphoneCall, SoftphoneCall]> {
    const outgoing = await alice.call('1002');
    const incoming = await bruno.nextCall();
    incoming.answer();
    expect(await outgoing.answered).toBe(true);
    return [outgoing, incoming];
  }

  beforeAll(async () => {
    pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
    storage = await openSqliteStorage({ file: ':memory:' });
    await storage.people.seed([
      { key: 'alice', name: 'Alice Almeida', extension: '1001', deskPhone: 'p-alice' },
      { key: 'bruno', name: 'Bruno Barros', extension: '1002', deskPhone: 'p-bruno' },
    ]);
    const [[alice], [bruno]] = await Promise.all([
      storage.people.byNumbers(['1001']),
      storage.people.byNumbers(['1002']),
    ]);
    ids = { alice: alice?.id ?? '', bruno: bruno?.id ?? '' };
    await storage.pbx.put({ endpoint: 'p-alice', kind: 'phone', personId: ids.alice, auths: [] });
    await storage.pbx.put({ endpoint: 'p-bruno', kind: 'phone', personId: ids.bruno, auths: [] });
  });

  beforeEach(openRecords);

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    await closeRecords();
  });

  afterAll(async () => {
    await pbx?.close();
    await storage?.close();
    await asterisk?.stop();
  });

  it('G1 a call that was answered: who, when, why it ended, and by whom', async () => {
    const [alice, bruno] = await twoPhones();
    const beforeMs = Date.now();
    const [, incoming] = await talk(alice, bruno);
    incoming.hangUp();
    const [record] = await recordsAfter(0, 1);
    expect(record).toMatchObject({
      ...{ kind: 'call', via: 'pbx', result: 'answered', cause: 16, endedBy: 'callee', writer: 'hub-1' },
      caller: { personId: ids.alice, name: 'Alice Almeida', number: '1001', endpoint: 'p-alice' },
      callee: { personId: ids.bruno, name: 'Bruno Barros', number: '1002', endpoint: 'p-bruno' },
      people: [ids.alice, ids.bruno],
    });
    expect(record?.caller.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(record?.estimated).toBeUndefined();
    const { startMs = 0, ringMs = 0, answerMs = 0, endMs = 0 } = record ?? {};
    expect(startMs).toBeGreaterThanOrEqual(beforeMs - 1);
    const times = [startMs, ringMs, answerMs, endMs, Date.now()];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(record?.legs?.map(({ sipCallId }) => typeof sipCallId)).toEqual(['string', 'string']);
    for (const personId of Object.values(ids)) {
      expect(await records?.history.page(personId, { limit: 5 })).toMatchObject({
        page: { calls: [{ direction: personId === ids.alice ? 'out' : 'in', result: 'answered' }] },
      });
    }
  });

  it.each<[string, (alice: Softphone, bruno: Softphone) => Promise<unknown>, object, string]>([
    [
      'declined',
      async (alice, bruno) => {
        await alice.call('1002');
        (await bruno.nextCall()).decline(603);
      },
      { result: 'declined', cause: 21 },
      'declined',
    ],
    [
      'busy',
      async (alice, bruno) => {
        await alice.call('1002');
        (await bruno.nextCall()).decline(486);
      },
      { result: 'busy', cause: 17 },
      'missed',
    ],
    [
      'taken back',
      async (alice, bruno) => {
        const call = await alice.call('1002');
        await bruno.nextCall();
        call.hangUp();
      },
      { result: 'cancelled', cause: 16, endedBy: 'caller' },
      'missed',
    ],
    [
      'for somebody whose phone is not there',
      async (alice, bruno) => {
        await bruno.close();
        await grantPhone(pbx, { endpoint: 'p-absent', extension: '1002' });
        await (await alice.call('1002')).ended;
      },
      { result: 'unreachable', cause: 20 },
      'missed',
    ],
  ])('G1 a call that is %s is recorded as that', async (_, act, expected, forCallee) => {
    const [alice, bruno] = await twoPhones();
    const last = await lastSequence();
    await act(alice, bruno);
    const [record] = await recordsAfter(last, 1);
    expect(record).toMatchObject({ ...expected, people: [ids.alice, ids.bruno] });
    expect(record?.answerMs).toBeUndefined();
    const history = await records?.history.page(ids.bruno, { limit: 1 });
    expect(history).toMatchObject({ page: { calls: [{ direction: 'in', result: forCallee }] } });
  });

  it('G1 calls that begin and end while the hub is away are all there when it is back, each once', async () => {
    const [alice, bruno] = await twoPhones();
    const last = await lastSequence();
    const [across] = await talk(alice, bruno);
    // The hub reads of it before it goes.
    await vi.waitFor(async () => expect((await storage.records.after(last, 1)).length).toBe(0), {
      timeout: 10_000,
    });
    await closeRecords();
    across.hangUp();
    await across.ended;
    for (let round = 0; round < 3; round += 1) {
      const [outgoing] = await talk(alice, bruno);
      outgoing.hangUp();
      await outgoing.ended;
    }
    openRecords();
    const all = await recordsAfter(last, 4);
    expect(all.map(({ result }) => result)).toEqual(Array(4).fill('answered'));
    expect(new Set(all.map(({ key }) => key)).size).toBe(4);
    await closeRecords();
    openRecords();
    await records?.ratings.rate({ session: { id: 's-none' }, person: { id: ids.alice } } as never, 'sip', {
      sipCallId: 'x',
    } as never);
    expect(await lastSequence()).toBe(last + 4);
  });

  it('G1 neither rotation nor truncation of the files loses or repeats a call', async () => {
    const [alice, bruno] = await twoPhones();
    const last = await lastSequence();
    // Until it is whole in both files: what is written between a copy and its truncation is lost to any reader.
    const call = async () => {
      const [ends, details] = [await linesIn(asterisk.celFile, LAST_LINE), await linesIn(asterisk.cdrFile)];
      const [outgoing] = await talk(alice, bruno);
      outgoing.hangUp();
      await outgoing.ended;
      await soonMoreLines(asterisk.celFile, LAST_LINE, ends);
      await soonMoreLines(asterisk.cdrFile, '', details);
    };
    await call();
    await recordsAfter(last, 1);
    await closeRecords();
    await call();
    // As logrotate does, with `create` and with `copytruncate`, while the hub is away.
    for (const file of [asterisk.celFile, asterisk.cdrFile]) await rename(file, `${file}.2`);
    await call();
    for (const file of [asterisk.celFile, asterisk.cdrFile]) {
      await copyFile(file, `${file}.1`);
      await truncate(file);
    }
    await call();
    openRecords();
    await recordsAfter(last, 4);
    for (const file of [asterisk.celFile, asterisk.cdrFile]) await rename(file, `${file}.0`);
    await call();
    await recordsAfter(last, 5);
  });

  it('G1 a line that is not whole is waited for, and one that is none is passed over', async () => {
    const [alice, bruno] = await twoPhones();
    const last = await lastSequence();
    await appendFile(asterisk.celFile, 'no row\n"CHAN_START","nonsense\n\n');
    const nowS = (Date.now() / 1_000).toFixed(6);
    const row = (event: string) =>
      `"${event}","${nowS}","x-1","x-1","PJSIP/p-alice-00ffffff","1002","1001","","",""\n`;
    const whole = row('CHAN_START') + row('LINKEDID_END');
    await appendFile(asterisk.celFile, whole.slice(0, -20));
    await vi.waitFor(async () => expect(await lastSequence()).toBe(last), { timeout: 10_000 });
    await appendFile(asterisk.celFile, whole.slice(-20));
    const [outgoing] = await talk(alice, bruno);
    outgoing.hangUp();
    const keys = (await recordsAfter(last, 2)).map(({ key }) => key);
    expect(keys).toContain('pbx:x-1');
  });

  it('G1 Asterisk is killed in a call: it ends when it was last seen, estimated, and the next ones are recorded', async () => {
    const [alice, bruno] = await twoPhones();
    const last = await lastSequence();
    const met = await linesIn(asterisk.celFile, MET_LINE);
    await talk(alice, bruno);
    const answeredMs = Date.now();
    await vi.waitFor(() => expect(pbx.callsOf('p-alice')).toBe(1), { timeout: 10_000 });
    // What it had not written down yet would be lost with it.
    await soonMoreLines(asterisk.celFile, MET_LINE, met + 1);
    process.kill(-asterisk.pid, 'SIGKILL');
    await asterisk.exited;
    const killedMs = Date.now();
    // Its ports are free again only when the last of its group is gone.
    await vi.waitFor(() => expect(fetch(asterisk.ariUrl)).rejects.toThrow(), { timeout: 10_000 });
    asterisk = await startAsterisk({ dir: asterisk.dir });
    await until(pbx, () => pbx.available, 30_000);
    const [record] = await recordsAfter(last, 1);
    expect(record).toMatchObject({
      result: 'answered',
      cause: 41,
      estimated: true,
      people: [ids.alice, ids.bruno],
    });
    expect(record?.endMs).toBeGreaterThanOrEqual(answeredMs - 2_000);
    expect(record?.endMs).toBeLessThanOrEqual(killedMs + 50);
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    const [again, there] = await twoPhones();
    const [outgoing] = await talk(again, there);
    outgoing.hangUp();
    const [next] = await recordsAfter(last + 1, 1);
    expect(next).toMatchObject({ result: 'answered', cause: 16 });
  });
});
