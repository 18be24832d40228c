import { expect, test } from 'vitest';
import { asPeerConnection, FakePeerConnection, FakeTrack } from '../testing/fake-media.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { PathWatch } from './path-watch.ts';

/** A connection that is found at once, and whose sound can be stopped. */
async function setUp({ patienceMs = 0, quiet = false, tries = 3 } = {}) {
  const clock = createManualClock();
  const peer = new FakePeerConnection({});
  const now = { sound: true, quiet, hint: () => {} };
  const log: string[] = [];
  let heardAtMs = 0;
  peer.receivers.push({
    track: new FakeTrack('audio'),
    getSynchronizationSources: () => {
      if (now.sound) heardAtMs = clock.now();
      return [{ timestamp: heardAtMs }];
    },
  } as never);
  const path = new PathWatch({
    connection: asPeerConnection(peer),
    clock,
    patienceMs,
    tries,
    quiet: () => now.quiet,
    seek: () => log.push('seek'),
    found: () => log.push('found'),
    lost: () => log.push('lost'),
    failed: () => log.push('failed'),
    hints: (hint) => {
      now.hint = hint;
      return () => log.push('no more hints');
    },
  });
  peer.become('connected');
  await clock.advance(5_000);
  return { clock, peer, now, log, path };
}

test('sound that goes on is left alone', async () => {
  const { clock, log } = await setUp();
  await clock.advance(60_000);
  expect(log).toEqual(['found']);
});

test('a blip of half a second is left alone', async () => {
  const { clock, now, log } = await setUp();
  now.sound = false;
  await clock.advance(600);
  now.sound = true;
  await clock.advance(10_000);
  expect(log).toEqual(['found']);
});

test('sound that stops for longer makes it seek within 1.1 s, and again when it stops again', async () => {
  const { clock, now, log } = await setUp({ tries: 1 });
  now.sound = false;
  await clock.advance(1_100);
  expect(log).toEqual(['found', 'seek']);
  await clock.advance(60_000);
  expect(log).toEqual(['found', 'seek']);
  now.sound = true;
  await clock.advance(1_000);
  now.sound = false;
  await clock.advance(2_000);
  expect(log).toEqual(['found', 'seek', 'seek']);
});

test('a path that was found and carries no sound is sought again, a few times', async () => {
  const { clock, now, log } = await setUp();
  now.sound = false;
  await clock.advance(2_000);
  expect(log).toEqual(['found', 'seek', 'seek']);
  await clock.advance(60_000);
  expect(log).toEqual(['found', 'seek', 'seek', 'seek']);
});

test('while the other side has not answered, nothing is sought anew; after it has, it gets its time', async () => {
  const { clock, peer, now, log } = await setUp();
  const become = (signalingState: 'stable' | 'have-local-offer') => {
    Object.assign(peer, { signalingState });
    peer.dispatchEvent(new Event('signalingstatechange'));
  };
  now.sound = false;
  await clock.advance(1_100);
  become('have-local-offer');
  await clock.advance(5_000);
  become('stable');
  await clock.advance(600);
  expect(log).toEqual(['found', 'seek']);
  await clock.advance(200);
  expect(log).toEqual(['found', 'seek', 'seek']);
});

test('where no sound is expected, none means nothing', async () => {
  const { clock, now, log } = await setUp({ quiet: true });
  now.sound = false;
  now.hint();
  await clock.advance(60_000);
  expect(log).toEqual(['found']);
});

test('the patient side leaves it to the other, whose seeking it hears, for as long as that may take', async () => {
  const { clock, now, log, path } = await setUp({ patienceMs: 700 });
  now.sound = false;
  await clock.advance(1_300);
  path.sought();
  await clock.advance(1_300);
  expect(log).toEqual(['found']);
  await clock.advance(200);
  expect(log).toEqual(['found', 'seek']);
});

test('a change of network that silences the sound makes it seek at once, another does not', async () => {
  const { clock, now, log } = await setUp({ patienceMs: 700 });
  now.hint();
  await clock.advance(5_000);
  expect(log).toEqual(['found']);
  now.hint();
  // What had arrived before is still being played.
  await clock.advance(200);
  now.sound = false;
  await clock.advance(400);
  expect(log).toEqual(['found', 'seek']);
});

test('a lost path is sought until it is found; the network’s return does not wait its turn', async () => {
  const { clock, peer, now, log } = await setUp();
  now.sound = false;
  peer.become('disconnected');
  await clock.advance(3_500);
  expect(log).toEqual(['found', 'lost', 'seek', 'seek']);
  for (let told = 0; told < 3; told++) now.hint();
  await clock.advance(50);
  expect(log).toEqual(['found', 'lost', 'seek', 'seek', 'seek']);
  now.sound = true;
  peer.become('connected');
  await clock.advance(10_000);
  expect(log.slice(5)).toEqual(['found']);
});

test('a browser that has no address at that moment is asked again soon, one that has is not', async () => {
  const { clock, peer, now, log } = await setUp();
  const gather = (candidates: number) => {
    for (let i = 0; i < candidates; i++)
      peer.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: {} }));
    peer.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null }));
    Object.assign(peer, { iceGatheringState: 'complete' });
    peer.dispatchEvent(new Event('icegatheringstatechange'));
  };
  now.sound = false;
  await clock.advance(1_100);
  expect(log).toEqual(['found', 'seek']);
  gather(0);
  await clock.advance(400);
  expect(log).toEqual(['found', 'seek', 'seek']);
  gather(2);
  await clock.advance(500);
  expect(log).toEqual(['found', 'seek', 'seek']);
});

test('a path lost for half a minute is given up', async () => {
  const { clock, peer, log } = await setUp();
  peer.become('disconnected');
  await clock.advance(29_000);
  expect(log).not.toContain('failed');
  await clock.advance(1_100);
  expect(log).toContain('failed');
});

test('nothing happens after the end', async () => {
  const { clock, peer, now, log, path } = await setUp();
  path.close();
  now.sound = false;
  peer.become('failed');
  await clock.advance(60_000);
  expect(log).toEqual(['found', 'no more hints']);
});
