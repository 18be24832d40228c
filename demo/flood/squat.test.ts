// What the report says of squatters, and of those whom they keep out.
import { expect, test } from 'vitest';
import { squatReportOf } from './squat.ts';

test('the report tells those served at the squatted destination from those served elsewhere', () => {
  const at = { visitMs: 1, turnMs: 2, soundMs: 3, refusals: [] };
  const lines = squatReportOf({
    ...{ intent: 'call', counter: 'counter', options: { seconds: 40, honest: 4, networks: 80 } },
    squat: {
      ...{ visits: 30, mostAtOnce: 15, turns: 12, ended: 20, networks: 25, neighbours: 5 },
      refusals: { DESTINATION_BUSY: 7, CHALLENGE_REQUIRED: 2 },
    },
    honest: {
      served: [
        { to: 'desk-9', ...at },
        { to: 'desk-9', ...at },
        { to: 'counter', ...at },
      ],
      failures: [{ to: 'counter', reason: 'refused: DESTINATION_BUSY' }],
    },
  });
  expect(lines[1]).toContain('1 of 2 at the destination that they squat, 2 of 2 at another one');
  expect(lines[2]).toContain('30 visits from 25 networks (5 of them in one /48), at most 15 at a time');
  expect(lines[3]).toContain('DESTINATION_BUSY 7, CHALLENGE_REQUIRED 2');
  expect(lines[4]).toContain('1 × refused: DESTINATION_BUSY');
});
