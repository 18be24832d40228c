// Room calls between two Chromium pages: click on a name → the other page shows that it rings; click on Answer → sound
// at the caller. In turn with each round the same two browsers do the least that could ring: one message, one dialog.
import type { Page } from '@playwright/test';
import type { Person } from '../e2e/person.ts';
import { startBenchChild } from './child.ts';
import { type Finding, median, p95, spread } from './row.ts';
import { at, clickName, marksUntil, openBarePage, reset, type Stage } from './stage.ts';
import type { Mark } from './stopwatch.ts';

export const ROOM_IDS = [
  'room-ring-p50-ms',
  'room-ring-p95-ms',
  'room-ring-ratio',
  'room-sound-p95-ms',
] as const;

const ROUNDS = 24;
/** Not counted: code is compiled, chunks are loaded, the microphone is asked for. */
const WARM_UP = 3;

interface Call {
  readonly ringMs: number;
  readonly soundMs: number;
  /** The later of both directions. */
  readonly bothSoundMs: number;
  readonly ringSteps: Steps;
  readonly soundSteps: Steps;
}
type Steps = Readonly<Record<string, number>>;

export async function measureRoomCalls(stage: Stage): Promise<Finding[]> {
  const alice = await stage.enter('alice', 'webmail');
  const bruno = await stage.enter('bruno', 'intranet');
  const relay = await startBenchChild('bare-relay.mjs');
  try {
    const url = `http://127.0.0.1:${relay.port}/`;
    const [from, to] = [await openBarePage(alice, url), await openBarePage(bruno, url)];
    const calls: Call[] = [];
    const bareMs: number[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const ms = await ringBare(from, to);
      const call = await callOnce(alice, bruno);
      if (round < 0) continue;
      bareMs.push(ms);
      calls.push(call);
    }
    return findings(calls, bareMs);
  } finally {
    await relay.stop();
  }
}

async function ringBare(from: Page, to: Page): Promise<number> {
  await reset(from, to);
  const seen = marksUntil(to, 'painted');
  await from.getByRole('button', { name: 'Ring' }).click();
  const shown = at(await seen, 'painted');
  return shown - at(await marksUntil(from, 'click'), 'click');
}

async function callOnce(alice: Person, bruno: Person): Promise<Call> {
  await reset(alice.page, bruno.page);
  const rings = marksUntil(bruno.page, 'painted');
  await clickName(alice, 'bruno');
  const rung = await rings;
  const placed = await marksUntil(alice.page, 'answered');
  const clickMs = at(placed, 'click', /^Call /);
  const shownMs = at(rung, 'painted');
  const ringSteps = {
    'click to request': at(placed, 'asked', /^\/api\/calls$/) - clickMs,
    'request to event at the callee':
      at(rung, 'told', /^call:ringing$/) - at(placed, 'asked', /^\/api\/calls$/),
    'event to dialog': at(rung, 'dialog') - at(rung, 'told', /^call:ringing$/),
    'dialog to screen': shownMs - at(rung, 'dialog'),
  };
  const sounds = Promise.all([marksUntil(alice.page, 'sound'), marksUntil(bruno.page, 'sound')]);
  await bruno.answer('alice');
  const [heardByAlice, heardByBruno] = await sounds;
  const answerMs = at(heardByBruno, 'click', /Answer/);
  const soundMs = at(heardByAlice, 'sound') - answerMs;
  const bothSoundMs = Math.max(soundMs, at(heardByBruno, 'sound') - answerMs);
  const soundSteps = soundStepsOf(answerMs, heardByAlice, heardByBruno);
  await alice.hangUp();
  await Promise.all([alice.expectNoCall(), bruno.expectNoCall()]);
  return { ringMs: shownMs - clickMs, soundMs, bothSoundMs, ringSteps, soundSteps };
}

function soundStepsOf(answerMs: number, alice: readonly Mark[], bruno: readonly Mark[]): Steps {
  const accepted = at(bruno, 'answered', /\/accept$/);
  const track = at(alice, 'track');
  const connected = at(alice, 'connected');
  return {
    'click to reply of the hub': accepted - answerMs,
    "reply to the answer's track at the caller": track - accepted,
    'track to connected': connected - track,
    'connected to sound': at(alice, 'sound') - connected,
  };
}

function findings(calls: readonly Call[], bareMs: readonly number[]): Finding[] {
  const n = calls.length;
  const ring = calls.map((call) => call.ringMs);
  const sound = calls.map((call) => call.soundMs);
  const ratio = median(ring) / median(bareMs);
  const ms = { unit: 'ms', n } as const;
  return [
    {
      row: { id: 'room-ring-p50-ms', value: median(ring), ...ms, floor: median(bareMs), ratio },
      notes: [`medians of the steps: ${stepMedians(calls.map((call) => call.ringSteps))}`],
    },
    {
      row: {
        id: 'room-ring-p95-ms',
        value: p95(ring),
        ...ms,
        floor: p95(bareMs),
        ratio: p95(ring) / p95(bareMs),
      },
    },
    {
      row: { id: 'room-ring-ratio', value: ratio, unit: 'ratio', n, ratio },
      notes: [`ring ${spread(ring)}; bare Socket.IO between the same browsers ${spread(bareMs)}`],
    },
    {
      row: { id: 'room-sound-p95-ms', value: p95(sound), ...ms },
      notes: [
        `the caller hears: ${spread(sound)}; both hear each other: ${spread(calls.map((call) => call.bothSoundMs))}`,
        `medians of the steps: ${stepMedians(calls.map((call) => call.soundSteps))}`,
      ],
    },
  ];
}

/** `a 1.0, b 2.0 ms`. */
function stepMedians(rounds: readonly Steps[]): string {
  const names = Object.keys(rounds[0] ?? {});
  const figures = names.map(
    (name) => `${name} ${median(rounds.map((steps) => steps[name] ?? 0)).toFixed(1)}`,
  );
  return `${figures.join(', ')} ms`;
}
