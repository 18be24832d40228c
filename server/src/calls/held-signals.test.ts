import { limits, type SignalEnvelope } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { createHeldSignals } from './held-signals.ts';

const offer = (seq: number): SignalEnvelope => ({
  seq,
  signal: { kind: 'description', type: 'offer', sdp: `v=0 ${seq}` },
});
const candidate = (seq: number): SignalEnvelope => ({
  seq,
  signal: {
    kind: 'candidate',
    candidate: `candidate:${seq}`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  },
});
const media = (seq: number, muted: boolean): SignalEnvelope => ({
  seq,
  signal: { kind: 'media', held: false, muted, video: false },
});
const seqs = (envelopes: readonly SignalEnvelope[]) => envelopes.map(({ seq }) => seq);

describe('held signals', () => {
  it('R2 gives them in the order of their numbers, each once', () => {
    const held = createHeldSignals();
    held.add([offer(1), candidate(3)]);
    held.add([candidate(2), candidate(3)]);
    expect(seqs(held.all())).toEqual([1, 2, 3]);
    expect(seqs(held.after(1))).toEqual([2, 3]);
  });

  it('drops what a newer description made pointless, but keeps the state of the media', () => {
    const held = createHeldSignals();
    held.add([offer(1), candidate(2), media(3, true), candidate(4)]);
    held.add([offer(5), candidate(6)]);
    expect(seqs(held.all())).toEqual([3, 5, 6]);
  });

  it('keeps candidates that came before their description', () => {
    const held = createHeldSignals();
    held.add([candidate(1), candidate(2)]);
    expect(seqs(held.all())).toEqual([1, 2]);
  });

  it('keeps the latest state of the media only', () => {
    const held = createHeldSignals();
    held.add([media(1, true), media(2, false)]);
    expect(seqs(held.all())).toEqual([2]);
  });

  it('is bounded, and what does not fit changes nothing', () => {
    const held = createHeldSignals();
    held.add([offer(1)]);
    const candidates = Array.from({ length: limits.HELD_SIGNALS - 1 }, (_, index) => candidate(index + 2));
    expect(held.add(candidates)).toBe(true);
    expect(held.add([candidate(5_000)])).toBe(false);
    expect(held.all()).toHaveLength(limits.HELD_SIGNALS);
    expect(held.add([offer(6_000)])).toBe(true);
    expect(seqs(held.all())).toEqual([6_000]);
  });
});
