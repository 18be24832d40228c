// The suite's part about call records: gap-free, each once, never changed, found again.
import { describe, expect, test } from 'vitest';
import type { AppendBatch, CallEntry, NewEntry } from '../../records/record.ts';
import type { Stage, StorageTraits } from '../contract.ts';
import { call, HOSTILE, NOW, twenty } from './samples.ts';

export function entry(over: Partial<CallEntry> = {}): CallEntry {
  return {
    kind: 'call',
    key: 'room:c-1',
    via: 'room',
    callId: 'c-1',
    media: 'audio',
    caller: { personId: 'u-alice', name: 'Alice Almeida' },
    callee: { personId: 'u-bruno', name: 'Bruno Barros' },
    people: ['u-alice', 'u-bruno'],
    startMs: NOW,
    answerMs: NOW + 1_000,
    endMs: NOW + 5_000,
    result: 'answered',
    cause: 16,
    ...over,
  };
}

const numbered = (n: number, over: Partial<CallEntry> = {}) =>
  entry({ key: `room:c-${n}`, callId: `c-${n}`, startMs: NOW + n, ...over });

const batch = (entries: readonly NewEntry[], over: Partial<AppendBatch> = {}): AppendBatch => ({
  writer: 'hub-1',
  atMs: NOW,
  entries,
  ...over,
});

const quality = { mosMean: 4.1, mosMin: 3.9, samples: 3, lossPercent: 0, jitterMs: 1, roundTripMs: 2 };

export function recordPromises(stage: Stage, traits: StorageTraits): void {
  describe('call records', () => {
    appending(stage, traits);
    finding(stage);
    besides(stage);
  });
}

function appending(stage: Stage, traits: StorageTraits): void {
  test('are numbered from 1 without a gap, over batches, and kept whole', async () => {
    const { records } = stage.storage;
    const first = await records.append(batch([numbered(1), numbered(2)]));
    const amendment = { kind: 'amendment', key: 'quality:1:caller', amends: 1, quality: { caller: quality } };
    const second = await records.append(batch([amendment as NewEntry], { writer: 'hub-2', atMs: NOW + 1 }));
    expect(first).toEqual([
      { ...numbered(1), sequence: 1, writer: 'hub-1', writtenAtMs: NOW },
      { ...numbered(2), sequence: 2, writer: 'hub-1', writtenAtMs: NOW },
    ]);
    expect(second).toEqual([{ ...amendment, sequence: 3, writer: 'hub-2', writtenAtMs: NOW + 1 }]);
    expect(await records.after(0, 10)).toEqual([...first, ...second]);
    expect(await records.after(1, 1)).toEqual([first[1]]);
    expect(await records.amendmentsTo(1)).toEqual(second);
    expect(await records.amendmentsTo(2)).toEqual([]);
  });

  test('the same key again changes nothing and takes no number, also within a batch', async () => {
    const { records } = stage.storage;
    await records.append(batch([numbered(1), numbered(1, { cause: 31 })]));
    const again = await records.append(batch([numbered(1, { cause: 41 }), numbered(2)]));
    expect(again.map(({ sequence }) => sequence)).toEqual([2]);
    expect(await records.byKey('room:c-1')).toMatchObject({ sequence: 1, cause: 16 });
    expect(await records.append(batch([numbered(2)]))).toEqual([]);
    expect(await records.after(0, 10)).toHaveLength(2);
  });

  test('twenty writers at once leave no gap and lose nothing', async () => {
    const { records } = stage.storage;
    await twenty((index) => records.append(batch([numbered(2 * index), numbered(2 * index + 1)])));
    const all = await records.after(0, 100);
    expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(new Set(all.map(({ key }) => key)).size).toBe(40);
  });

  test.skipIf(traits.isTransient)(
    'two hubs that append the same twenty calls at once write each once',
    async () => {
      const other = await stage.another();
      await twenty((index) =>
        (index % 2 ? other : stage.storage).records.append(
          batch([numbered(index), numbered((index + 1) % 20)], { writer: `hub-${index % 2}` }),
        ),
      );
      const all = await other.records.after(0, 100);
      expect(all.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      expect(new Set(all.map(({ key }) => key)).size).toBe(20);
    },
  );

  test.skipIf(traits.isTransient)(
    'the position of what was read outlives a restart, with the entries',
    async () => {
      const position = { cel: { file: 'abc', offset: 120 }, cdr: { file: 'def', offset: 7 } };
      expect(await stage.storage.records.tail('asterisk')).toBeUndefined();
      await stage.storage.records.append(batch([numbered(1)], { tail: { source: 'asterisk', position } }));
      await stage.storage.records.append(batch([numbered(2)]));
      await stage.reopen();
      const { records } = stage.storage;
      expect(await records.tail('asterisk')).toEqual(position);
      expect(await records.tail('another')).toBeUndefined();
      const later = { ...position, cel: { file: 'abc', offset: 300 } };
      const next = batch([numbered(3)], { tail: { source: 'asterisk', position: later } });
      expect((await records.append(next)).map(({ sequence }) => sequence)).toEqual([3]);
      expect(await records.tail('asterisk')).toEqual(later);
    },
  );

  test('any text is only text', async () => {
    const { records } = stage.storage;
    for (const [index, text] of HOSTILE.entries()) {
      const caller = { personId: text, name: text, number: text };
      const hostile = numbered(index, { key: `${text}${index}`, callId: text, caller, people: [text] });
      await records.append(batch([hostile], { writer: text }));
      expect(await records.byKey(`${text}${index}`)).toMatchObject({ caller, writer: text });
      expect(await records.byCallId(text)).toMatchObject({ key: `${text}${index}` });
      expect(await records.ofPerson(text, { limit: 10 })).toHaveLength(1);
    }
  });
}

function finding(stage: Stage): void {
  test('are found by key and by call; an amendment is no record of the call', async () => {
    const { records } = stage.storage;
    await records.append(batch([numbered(1, { key: 'pbx:17.1', via: 'pbx' })]));
    expect(await records.byCallId('c-1')).toMatchObject({ key: 'pbx:17.1' });
    expect(await records.byCallId('c-2')).toBeUndefined();
    expect(await records.byKey('pbx:17.2')).toBeUndefined();
  });

  test('are found by the visit whose calls they are, in order; an amendment is none', async () => {
    const { records } = stage.storage;
    const called = (n: number, visitId: string) => numbered(n, { key: `pbx:${n}`, via: 'pbx', visitId });
    await records.append(batch([called(1, 'v-1'), called(2, 'v-2'), numbered(3)]));
    await records.append(batch([called(4, 'v-1')]));
    const rating = { kind: 'amendment' as const, key: 'rating:v-1', amends: 1, rating: { stars: 4 } };
    await records.append(batch([rating, { ...rating, rating: { stars: 1 } }]));
    expect((await records.ofVisit('v-1')).map(({ sequence }) => sequence)).toEqual([1, 4]);
    expect(await records.ofVisit('v-2')).toMatchObject([{ key: 'pbx:2', visitId: 'v-2' }]);
    expect(await records.ofVisit('v-3')).toEqual([]);
    expect(await records.amendmentsTo(1)).toMatchObject([{ rating: { stars: 4 } }]);
  });

  test('a person’s are newest first by their start, page after page, whatever was appended when', async () => {
    const { records } = stage.storage;
    const mine = (n: number) => numbered(n, { people: ['u-alice', 'u-carla'] });
    await records.append(batch([mine(5), numbered(6), mine(1)]));
    await records.append(batch([mine(3)]));
    await records.append(batch([mine(2), mine(4), numbered(7)]));
    // The same moment: the later number is the newer one.
    await records.append(batch([numbered(8, { people: ['u-carla'], startMs: NOW + 3 })]));
    const pages: (string | undefined)[][] = [];
    let before: { startMs: number; sequence: number } | undefined;
    for (;;) {
      const page = await records.ofPerson('u-carla', { limit: 2, ...(before ? { before } : {}) });
      const last = page.at(-1);
      if (!last) break;
      pages.push(page.map(({ callId }) => callId));
      before = { startMs: last.startMs, sequence: last.sequence };
      // What is added meanwhile does not move the pages that follow.
      await records.append(batch([mine(100 + pages.length)]));
    }
    expect(pages).toEqual([
      ['c-5', 'c-4'],
      ['c-8', 'c-3'],
      ['c-2', 'c-1'],
    ]);
    expect(await records.ofPerson('u-nobody', { limit: 5 })).toEqual([]);
  });
}

function besides(stage: Stage): void {
  test('measures are kept until forgotten, the newest under a key', async () => {
    const { records } = stage.storage;
    await records.putQuality('c-1:caller', quality, NOW);
    await records.putQuality('c-1:caller', { ...quality, mosMean: 2 }, NOW + 1);
    await records.putQuality('c-1:callee', quality, NOW + 2);
    expect(await records.qualities(['c-1:caller', 'c-1:callee', 'c-2:caller'])).toEqual(
      new Map([
        ['c-1:caller', { ...quality, mosMean: 2 }],
        ['c-1:callee', quality],
      ]),
    );
    await records.forgetQualities(NOW + 2);
    expect([...(await records.qualities(['c-1:caller', 'c-1:callee'])).keys()]).toEqual(['c-1:callee']);
  });

  test('a call that is over waits to be recorded until it is marked, and is otherwise as it was', async () => {
    const { calls, records } = stage.storage;
    await calls.create(call());
    await calls.create(call({ id: 'c-2', requestId: 'r-2', via: 'pbx', state: 'placed', dial: '1002' }));
    await calls.create(call({ id: 'c-3', requestId: 'r-3', calleeId: 'u-carla' }));
    expect(await records.unrecorded('room', 10)).toEqual([]);
    await calls.end('c-1', { reason: 'hangup', atMs: NOW + 1 });
    await calls.end('c-2', { reason: 'hangup', atMs: NOW + 1 });
    const ended = await calls.byId('c-1');
    expect(await records.unrecorded('room', 10)).toEqual([ended]);
    expect((await records.unrecorded('pbx', 10)).map(({ id }) => id)).toEqual(['c-2']);
    await records.markRecorded(['c-1']);
    expect(await records.unrecorded('room', 10)).toEqual([]);
    expect(await calls.byId('c-1')).toEqual(ended);
  });
}
