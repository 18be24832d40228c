import { describe, expect, it } from 'vitest';
import type { ExchangeCall } from '../exchange-call.ts';
import { Gatherer } from './record-gather.ts';
import { readDetail, readEvent } from './record-rows.ts';

const NOW = 1_800_000_000_000;

/** Rows as Asterisk 22.10 writes them; `s` is seconds after NOW. */
function event(name: string, s: number, at: { id: string; linked: string; of: string; extra?: string }) {
  const time = (NOW / 1_000 + s).toFixed(6);
  const channel = `PJSIP/${at.of}-0000000${at.id.slice(-1)}`;
  const extra = (at.extra ?? '').replaceAll('"', '""');
  return `"${name}","${time}","${at.id}","${at.linked}","${channel}","1002","1001","","${extra}","Alice"`;
}
function detail(s: number, id: string, disposition: string): string {
  const start = (NOW / 1_000 + s).toFixed(6);
  const end = (NOW / 1_000 + s + 5).toFixed(6);
  const channels = '"PJSIP/p-alice-00000001","PJSIP/p-bruno-00000002"';
  const people = '"""Alice"" <1001>","1001","1002"';
  return `"${id}","${id}","${start}","0.000000","${end}",${people},${channels},"${disposition}","0","","0"`;
}

function open() {
  const gatherer = new Gatherer();
  let offset = 0;
  return {
    gatherer,
    read(file: 'cel' | 'cdr', lines: readonly string[], nowMs = NOW) {
      for (const line of lines) {
        const row = file === 'cel' ? readEvent(line) : readDetail(line);
        if (!row) throw new Error(`no row: ${line}`);
        gatherer.add(file, { file: 'f', offset }, row, nowMs);
        offset += 100;
      }
    },
  };
}

const first = { id: '1.1', linked: '1.1', of: 'p-alice' };
const second = { id: '1.2', linked: '1.1', of: 'p-bruno' };
const hangUp = (source: string, cause = 16) =>
  JSON.stringify({ hangupcause: cause, hangupsource: source, dialstatus: 'ANSWER' });
const answered = [
  event('CHAN_START', 0, first),
  event('LEG', 0, { ...first, extra: JSON.stringify({ extra: 'sip-a 192.0.2.7:5060 c-77' }) }),
  event('CHAN_START', 0.1, second),
  event('LEG', 0.1, { ...second, extra: JSON.stringify({ extra: 'sip-b' }) }),
  event('ANSWER', 2, second),
  event('ANSWER', 2.001, first),
  event('BRIDGE_ENTER', 2.002, second),
];
const over = [
  event('HANGUP', 9, { ...first, extra: hangUp('PJSIP/p-bruno-00000002') }),
  event('CHAN_END', 9, first),
  event('CHAN_END', 9, second),
  event('LINKEDID_END', 9, second),
];

describe('rows become calls', () => {
  it('a call is over two seconds after its last row, or with its first detail record', () => {
    const { gatherer, read } = open();
    read('cel', [...answered, ...over]);
    expect(gatherer.over(NOW + 1_999)).toEqual([]);
    const [call] = gatherer.over(NOW + 2_000);
    expect(call).toMatchObject({
      ...{ linkedId: '1.1', startMs: NOW, ringMs: NOW + 100, answerMs: NOW + 2_000, endMs: NOW + 9_000 },
      ...{ cause: 16, endedBy: 1, dialled: '1002', callerNumber: '1001', callerName: 'Alice' },
      ...{ callerAddress: '192.0.2.7:5060', claimedCallId: 'c-77' },
      legs: [
        { endpoint: 'p-alice', sipCallId: 'sip-a' },
        { endpoint: 'p-bruno', sipCallId: 'sip-b' },
      ],
    } satisfies Partial<Record<keyof ExchangeCall, unknown>>);
    expect(call).not.toHaveProperty('estimated');
    read('cdr', [detail(0, '1.1', 'ANSWERED')]);
    expect(gatherer.over(NOW + 1)).toHaveLength(1);
    gatherer.done(['1.1']);
    expect(gatherer.over(NOW + 60_000)).toEqual([]);
  });

  it('a call of which Asterisk knows nothing any more ends when it was last there, estimated', () => {
    const { gatherer, read } = open();
    read('cel', answered);
    expect(gatherer.over(NOW + 3_600_000)).toEqual([]);
    for (const call of gatherer.pending()) call.goneAtMs = NOW + 30_000;
    expect(gatherer.over(NOW + 40_000)).toMatchObject([
      { estimated: true, answerMs: NOW + 2_000, endMs: NOW + 30_000 },
    ]);
  });

  it('where channel events are not written, detail records alone make a call', () => {
    const { gatherer, read } = open();
    read('cdr', [detail(0, '7.1', 'NO ANSWER')]);
    expect(gatherer.over(NOW + 9_999)).toEqual([]);
    const [call] = gatherer.over(NOW + 10_000);
    expect(call).toMatchObject({ linkedId: '7.1', dialled: '1002', endMs: NOW + 5_000 });
    expect(call).not.toHaveProperty('answerMs');
    expect(call?.legs.map(({ endpoint }) => endpoint)).toEqual(['p-alice', 'p-bruno']);
  });

  it('reading goes on from the first row of what is not over', () => {
    const { gatherer, read } = open();
    const other = { id: '2.1', linked: '2.1', of: 'p-carla' };
    read('cel', answered.slice(0, 2));
    read('cel', [event('CHAN_START', 1, other)]);
    read('cel', [...answered.slice(2), ...over]);
    const end = { cel: { file: 'f', offset: 9_999 }, cdr: { file: 'g', offset: 5 } };
    expect(gatherer.positionWithout(new Set(), end).cel).toEqual({ file: 'f', offset: 0 });
    expect(gatherer.positionWithout(new Set(['1.1']), end)).toEqual({
      ...{ cel: { file: 'f', offset: 200 }, cdr: { file: 'g', offset: 5 } },
    });
    expect(gatherer.positionWithout(new Set(['1.1', '2.1']), end)).toEqual(end);
  });

  it('a channel that takes a place in a call is a leg of that call, and none of its own (RFC 3891)', () => {
    const { gatherer, read } = open();
    const joining = { id: '3.3', linked: '3.3', of: 'd-window' };
    read('cel', answered);
    read('cel', [event('CHAN_START', 4, joining), event('ANSWER', 4, joining)]);
    read('cel', [event('BRIDGE_ENTER', 4.1, { ...joining, linked: '1.1' })]);
    read('cel', [event('LINKEDID_END', 4.1, joining)]);
    read('cdr', [detail(4, '3.3', 'ANSWERED')]);
    expect(gatherer.over(NOW + 60_000)).toEqual([]);
    read('cel', over);
    const calls = gatherer.over(NOW + 60_000);
    expect(calls.map(({ linkedId }) => linkedId)).toEqual(['1.1']);
    expect(calls[0]?.legs.map(({ endpoint }) => endpoint)).toEqual(['p-alice', 'p-bruno', 'd-window']);
    expect(calls[0]).toMatchObject({ startMs: NOW, dialled: '1002' });
  });

  it('a call of which one leg goes on in another call says in which', () => {
    const { gatherer, read } = open();
    const carla = { id: '4.2', linked: '4.1', of: 'p-carla' };
    const consulting = { id: '4.1', linked: '4.1', of: 'p-bruno' };
    read('cel', answered);
    read('cel', [event('CHAN_START', 3, consulting), event('CHAN_START', 3.1, carla)]);
    read('cel', [event('ANSWER', 4, carla), event('BRIDGE_ENTER', 5, { ...carla, linked: '1.1' })]);
    read('cel', [event('HANGUP', 5, consulting), event('LINKEDID_END', 5, consulting)]);
    expect(gatherer.over(NOW + 60_000)).toMatchObject([{ linkedId: '4.1', joinedTo: '1.1' }]);
    read('cel', over);
    expect(gatherer.over(NOW + 60_000)[0]).toMatchObject({
      ...{ linkedId: '1.1', answerMs: NOW + 2_000 },
      legs: [{}, { endpoint: 'p-bruno' }, { endpoint: 'p-carla', answerMs: NOW + 5_000 }],
    });
  });

  it.each(['', 'no row', '"CHAN_START","soon","1.1","1.1"', '"CHAN_START', ',,,,', '"A","1e9","x","x"'])(
    'what is no row is none: %s',
    (line) => {
      expect(readEvent(line)).toBeUndefined();
      expect(readDetail(line)).toBeUndefined();
    },
  );
});
