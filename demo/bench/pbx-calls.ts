// Telephone calls from a Chromium page to a SIP phone through a real Asterisk: click on a name → the phone rings; the
// phone answers → its tone is heard in the page. The phone is the scripted one of the demo.

import type { Person } from '../e2e/person.ts';
import { createSoftphone, type Softphone, type SoftphoneCall } from '../src/softphone/index.ts';
import { deskPhonePassword, type Telephone } from '../src/telephone.ts';
import { type Finding, p95, spread } from './row.ts';
import { at, clickName, marksUntil, reset, type Stage } from './stage.ts';
import { nowMs } from './stopwatch.ts';

export const PBX_IDS = ['pbx-ring-p95-ms', 'pbx-sound-p95-ms'] as const;

const ROUNDS = 20;
const WARM_UP = 2;
const USER = 'p-bruno';
/** A person looks before picking up; the early media path is settled by then. */
const RINGS_FOR_MS = 300;

interface Call {
  readonly ringMs: number;
  readonly soundMs: number;
  /** Click until the hub's answer, and from there until the phone rings. */
  readonly hubMs: number;
  readonly exchangeMs: number;
}

/** The callee must have no device online, so that the hub chooses the telephone. */
export async function measurePbxCalls(stage: Stage, telephone: Telephone): Promise<Finding[]> {
  const alice = await stage.enter('alice', 'webmail');
  const rings = new Map<string, number>();
  const phone = await openPhone(stage, telephone, rings);
  try {
    const calls: Call[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const call = await callOnce(alice, phone, rings);
      if (round >= 0) calls.push(call);
    }
    return findings(calls);
  } finally {
    await phone.close();
  }
}

async function openPhone(
  stage: Stage,
  { asterisk }: Telephone,
  rings: Map<string, number>,
): Promise<Softphone> {
  const password = await deskPhonePassword(stage.world.dataDir, USER);
  if (password === undefined || asterisk.sipUdpPort === null)
    throw new Error('The desk phone has no account');
  const phone = await createSoftphone({
    server: { host: asterisk.host, port: asterisk.sipUdpPort },
    user: USER,
    password,
    toneHz: 1_000,
    onEvent: (event) => {
      if (event.kind === 'incoming') rings.set(event.call.callId, nowMs());
    },
  });
  const status = await phone.register();
  if (status !== 200) throw new Error(`The desk phone could not register: ${status}`);
  return phone;
}

async function callOnce(alice: Person, phone: Softphone, rings: Map<string, number>): Promise<Call> {
  await reset(alice.page);
  const incoming = phone.nextCall(15_000);
  await clickName(alice, 'bruno');
  const call: SoftphoneCall = await incoming;
  const rungMs = rings.get(call.callId) ?? Number.NaN;
  await new Promise((resolve) => setTimeout(resolve, RINGS_FOR_MS));
  const heard = marksUntil(alice.page, 'sound');
  const answerMs = nowMs();
  call.answer();
  const marks = await heard;
  const clickMs = at(marks, 'click', /^Call /);
  const placedMs = at(marks, 'answered', /^\/api\/calls$/);
  await alice.hangUp();
  await call.ended;
  await alice.expectNoCall();
  return {
    ringMs: rungMs - clickMs,
    soundMs: at(marks, 'sound') - answerMs,
    hubMs: placedMs - clickMs,
    exchangeMs: rungMs - placedMs,
  };
}

function findings(calls: readonly Call[]): Finding[] {
  const n = calls.length;
  const ring = calls.map((call) => call.ringMs);
  const sound = calls.map((call) => call.soundMs);
  return [
    {
      row: { id: 'pbx-ring-p95-ms', value: p95(ring), unit: 'ms', n },
      notes: [
        `page to SIP phone: ${spread(ring)}`,
        `click to the hub's reply ${spread(calls.map((call) => call.hubMs))}; from there to the phone (offer, gathering, INVITE, Asterisk) ${spread(calls.map((call) => call.exchangeMs))}`,
      ],
    },
    {
      row: { id: 'pbx-sound-p95-ms', value: p95(sound), unit: 'ms', n },
      notes: [`the phone answers, the page hears it: ${spread(sound)}`],
    },
  ];
}
