import type { VisitEvent } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { afterEvent, firstView, hasCall } from './visit-view.ts';

const offers = { chat: true, message: true, voice: true, callback: false };
const card = {
  id: 'sales',
  lang: 'en',
  label: 'Talk to sales',
  state: 'open',
  waiting: 0,
  call: true,
  offers,
} as const;
const destination = { id: 'sales', name: 'Talk to sales' };
const first = { ...firstView(card), step: 'visit' } as const;
const message = (id: string, from: 'visitor' | 'agent', text = id) =>
  ({ type: 'message', message: { id, from, text, agoMs: 0 } }) as const;

function after(...events: VisitEvent[]) {
  return events.reduce(
    (view, event, index) => afterEvent(view, event, index * 1_000),
    first as ReturnType<typeof firstView>,
  );
}

describe('what a visitor is shown', () => {
  it('P7 is the position, and no time where none is known', () => {
    expect(after({ type: 'waiting', ahead: 2, waitMs: 90_000 })).toMatchObject({ ahead: 2, waitMs: 90_000 });
    expect(
      after({ type: 'waiting', ahead: 2, waitMs: 90_000 }, { type: 'waiting', ahead: 1 }).waitMs,
    ).toBeUndefined();
  });

  it('P5 is held until somebody talks on, or is another one', () => {
    const talking = { type: 'talking', agent: 'Bruno', endsInMs: 600_000 } as const;
    const held = { type: 'held', held: true } as const;
    expect(after(talking).held).toBe(false);
    expect(after(talking, held)).toMatchObject({ held: true, state: 'talking', talkingSinceMs: 0 });
    expect(after(talking, held, { ...held, held: false }).held).toBe(false);
    expect(after(talking, held, { ...talking, agent: 'Carla' })).toMatchObject({
      held: false,
      agent: 'Carla',
    });
  });

  it('counts the talk from its beginning, also over a new stream', () => {
    const view = after(
      { type: 'talking', agent: 'Bruno', endsInMs: 600_000 },
      {
        type: 'snapshot',
        state: 'talking',
        intent: 'call',
        messages: [],
        offers,
        destination,
        endsInMs: 590_000,
      },
    );
    expect(view).toMatchObject({ talkingSinceMs: 0, endsAtMs: 591_000, agent: 'Bruno' });
  });

  it('P8 is warned of the end, until the call has ended', () => {
    const warned = after({ type: 'talking', endsInMs: 60_000 }, { type: 'ending', endsInMs: 30_000 });
    expect(warned).toMatchObject({ isEnding: true, endsAtMs: 31_000 });
    expect(afterEvent(warned, { type: 'ended', end: 'too-long', offers }, 0)).toMatchObject({
      state: 'ended',
      end: 'too-long',
      isEnding: false,
    });
  });

  it('is each message once, and none of their own as unsent once the hub has it', () => {
    const view = { ...after(message('a', 'visitor'), message('a', 'visitor'), message('b', 'agent')) };
    expect(view.messages.map(({ id }) => id)).toEqual(['a', 'b']);
    const writing = { ...first, unsent: [{ id: 'c', text: 'c', failed: true }] };
    expect(afterEvent(writing, message('c', 'visitor'), 0).unsent).toEqual([]);
  });

  it('is another destination where it goes on there, and that nobody has answered yet', () => {
    expect(after({ type: 'forwarded', destination: { id: 'help', name: 'Help desk' } }).forwardedTo).toBe(
      'Help desk',
    );
    const unanswered = after({ type: 'unanswered', offers });
    expect(unanswered.unanswered).toBe(true);
    expect(afterEvent(unanswered, message('x', 'agent'), 0).unanswered).toBe(false);
  });

  it('has something to hang up from the first wait until the end, and never in a chat', () => {
    expect(hasCall(after({ type: 'waiting', ahead: 0 }))).toBe(true);
    expect(hasCall(after({ type: 'ended', end: 'hangup', offers }))).toBe(false);
    expect(hasCall({ ...after(), intent: 'chat' })).toBe(false);
  });
});
