import type { Challenge } from '@ringtag/server/protocol';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { type Answer, refusal, type VisitorCode } from './answer.ts';
import { Tickets } from './tickets.ts';

const challenge: Challenge = {
  kind: 'work',
  id: 'challenge-challenge',
  parts: 1,
  bits: 4,
  token: 'token-token-token-token',
  validForMs: 60_000,
};
type Given = Answer<{ ticket: string; validForMs: number }>;

function setUp(answers: Given[] = []) {
  const clock = createManualClock();
  const asked: { intent: string; proof?: unknown }[] = [];
  const tickets = new Tickets({
    api: {
      ticket: async (request) => {
        asked.push(request);
        return (
          answers.shift() ?? { ok: true, value: { ticket: `ticket-${asked.length}`, validForMs: 90_000 } }
        );
      },
    },
    to: 'sales',
    context: () => ({}),
    visitor: undefined,
    prove: async () => ({ token: challenge.token, answers: [7] }),
    clock,
  });
  const spent: string[] = [];
  const spend = (...codes: (VisitorCode | null)[]) =>
    tickets.spend(
      'call',
      async (ticket) => {
        spent.push(ticket);
        const code = codes.shift();
        return code ? refusal(code) : { ok: true, value: ticket };
      },
      new AbortController().signal,
    );
  return { clock, asked, tickets, spent, spend };
}

describe('tickets', () => {
  it('P2 uses the one that was fetched in advance, once', async () => {
    const { tickets, spend, spent, asked } = setUp();
    tickets.prepare('call');
    await spend();
    await spend();
    expect(spent).toEqual(['ticket-1', 'ticket-2']);
    expect(asked).toHaveLength(2);
  });

  it('P2 fetches another where the one in hand is about to run out', async () => {
    const { clock, tickets, spend, spent } = setUp();
    tickets.prepare('call');
    await clock.advance(86_000);
    await spend();
    expect(spent).toEqual(['ticket-2']);
  });

  it.each(['TICKET_EXPIRED', 'TICKET_USED', 'TICKET_INVALID'] as const)(
    'P3 tries once more after %s',
    async (code) => {
      const { spend, spent } = setUp();
      expect(await spend(code)).toEqual({ ok: true, value: 'ticket-2' });
      expect(await spend(code, code)).toEqual(refusal(code));
      expect(spent).toHaveLength(4);
    },
  );

  it('P11 does the work that is asked for, and says so with the ticket', async () => {
    const { spend, asked } = setUp([{ ...refusal('CHALLENGE_REQUIRED'), challenge }]);
    expect((await spend()).ok).toBe(true);
    expect(asked[1]).toMatchObject({ proof: { token: challenge.token, answers: [7] } });
  });

  it('P11 gives up where the hub takes no proof', async () => {
    const again = { ...refusal('CHALLENGE_REFUSED'), challenge };
    const { spend, asked } = setUp([again, again, again, again]);
    expect(await spend()).toMatchObject({ code: 'CHALLENGE_REFUSED' });
    expect(asked).toHaveLength(3);
  });

  it('asks again at a press where the hub said no in advance', async () => {
    const { tickets, spend, spent } = setUp([refusal('DESTINATION_BUSY')]);
    tickets.prepare('call');
    expect((await spend()).ok).toBe(true);
    expect(spent).toEqual(['ticket-2']);
  });
});
