import { expect, test, vi } from 'vitest';
import { FakeTrack, fakeLocalMedia } from '../testing/fake-media.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import type { Leg, LegEvent } from './call.ts';
import { refused } from './errors.ts';
import { CallRunner } from './runner.ts';
import type { Dialed } from './runner-options.ts';

function fakeLeg() {
  let report: (event: LegEvent) => void = () => {};
  const log: string[] = [];
  const leg: Leg = {
    via: 'room',
    start: (listener) => {
      report = listener;
    },
    accept: () => log.push('accept'),
    setMedia: () => log.push('media'),
    decline: (message) => log.push(`decline ${message ?? ''}`.trim()),
    end: (reason) => log.push(`end ${reason}`),
    setMuted: (muted) => log.push(`muted ${muted}`),
    setHeld: (held) => log.push(`held ${held}`),
    setVideo: (track) => log.push(`video ${track !== null}`),
    sendDigits: (digits) => log.push(`digits ${digits}`),
  };
  return { leg, log, tell: (event: LegEvent) => report(event) };
}

function outgoing(permitted = true) {
  const clock = createManualClock();
  const mic = fakeLocalMedia(permitted);
  const wire = fakeLeg();
  let answer: (dialed: Awaited<ReturnType<NonNullable<Parameters<typeof dial>[0]>>>) => void = () => {};
  function dial(_?: () => Promise<{ ok: true; value: Dialed } | ReturnType<typeof refused>>) {
    return new Promise<{ ok: true; value: Dialed } | ReturnType<typeof refused>>((resolve) => {
      answer = resolve;
    });
  }
  const dialed = vi.fn(() => dial());
  const changed = vi.fn();
  const call = new CallRunner({
    callId: 'call-1',
    direction: 'out',
    peer: { name: 'Bruno' },
    media: 'audio',
    dial: dialed,
    localMedia: mic.media,
    clock,
    changed,
  });
  const ring = async () => {
    answer({ ok: true, value: { hubCallId: 'c-1', leg: wire.leg, peer: { name: 'Bruno Barros' } } });
    await settle();
  };
  return { call, clock, mic, wire, dialed, changed, ring, refuse: (code: 'BUSY') => answer(refused(code)) };
}

function incoming(permitted = true) {
  const clock = createManualClock();
  const mic = fakeLocalMedia(permitted);
  const wire = fakeLeg();
  const call = new CallRunner({
    callId: 'c-2',
    direction: 'in',
    peer: { name: 'Alice' },
    media: 'audio',
    leg: wire.leg,
    localMedia: mic.media,
    clock,
    changed: () => {},
  });
  call.ring();
  return { call, clock, mic, wire };
}

test('with the permission in hand nobody waits for the microphone: the hub is asked at once', () => {
  const { call, dialed } = outgoing();
  call.place();
  expect(call.phase).toBe('dialing');
  expect(dialed).toHaveBeenCalledOnce();
});

test('without it nobody is rung before the person has agreed', async () => {
  const { call, dialed, mic } = outgoing(false);
  const agree = mic.ask();
  call.place();
  await settle();
  expect(call.phase).toBe('preparing');
  expect(dialed).not.toHaveBeenCalled();
  agree();
  await settle();
  expect(dialed).toHaveBeenCalledOnce();
});

test('microphone and leg come together whichever is first, once', async () => {
  const late = outgoing();
  const agree = late.mic.ask();
  late.call.place();
  await late.ring();
  expect(late.wire.log).toEqual([]);
  agree();
  await settle();
  expect(late.wire.log).toEqual(['media']);

  const early = outgoing();
  early.call.place();
  await settle();
  await early.ring();
  expect(early.wire.log).toEqual(['media']);
});

test('the running time begins at the first sound and is not begun again by a reconnection', async () => {
  const { call, clock, wire, ring } = outgoing();
  call.place();
  await ring();
  wire.tell({ type: 'answered' });
  await clock.advance(300);
  wire.tell({ type: 'connected' });
  const since = call.view().activeSinceMs;
  expect(since).toBe(clock.now());
  await clock.advance(5_000);
  wire.tell({ type: 'transport-lost' });
  wire.tell({ type: 'connected' });
  expect(call.view()).toMatchObject({ phase: 'active', activeSinceMs: since });
});

test('a call hung up while the hub was still answering is ended there', async () => {
  const { call, wire, ring } = outgoing();
  call.place();
  call.hangUp();
  expect(call.view()).toMatchObject({ phase: 'ended', ended: { reason: 'cancelled' } });
  await ring();
  expect(wire.log).toEqual(['end hangup']);
  expect(call.phase).toBe('ended');
});

test('a microphone that opens after the end is closed again', async () => {
  const { call, mic } = outgoing(false);
  const agree = mic.ask();
  call.place();
  call.hangUp();
  agree();
  await settle();
  expect(mic.opened[0]?.getTracks()[0]?.readyState).toBe('ended');
  expect(call.local).toBeNull();
});

test('a refused microphone ends the call with its code, and the hub hears that it failed', async () => {
  const { call, mic, wire, ring } = outgoing();
  mic.deny();
  call.place();
  await ring();
  expect(call.view().ended).toEqual({ reason: 'error', code: 'MICROPHONE_DENIED' });
  expect(wire.log).toEqual(['end hangup']);
});

test('a refused request is shown on the call', async () => {
  const { call, refuse } = outgoing();
  call.place();
  refuse('BUSY');
  await settle();
  expect(call.view().ended).toEqual({ reason: 'busy', code: 'BUSY' });
});

test('answering without the permission accepts only after the person has agreed', async () => {
  const { call, mic, wire } = incoming(false);
  const agree = mic.ask();
  call.answer('audio');
  await settle();
  expect(wire.log).toEqual([]);
  agree();
  await settle();
  expect(wire.log).toEqual(['accept', 'media']);
});

test('answering with the permission accepts at once and gives the microphone when it is there', async () => {
  const { call, wire } = incoming();
  call.answer('audio');
  expect(wire.log).toEqual(['accept']);
  await settle();
  expect(wire.log).toEqual(['accept', 'media']);
});

test('declining says why, and does not hang up as well', () => {
  const { call, wire } = incoming();
  call.decline('In a meeting');
  expect(wire.log).toEqual(['decline In a meeting']);
  expect(call.view().ended).toEqual({ reason: 'declined' });
});

test('the microphone is closed at the end, whoever ended it', async () => {
  const { call, mic, wire } = incoming();
  call.answer('audio');
  await settle();
  wire.tell({ type: 'connected' });
  wire.tell({ type: 'over', end: { reason: 'hangup' } });
  expect(mic.opened[0]?.getTracks()[0]?.readyState).toBe('ended');
});

test('a mute chosen while it rings holds when the leg comes', async () => {
  const { call, wire, ring } = outgoing();
  call.place();
  call.setMuted(true);
  await ring();
  expect(wire.log).toContain('muted true');
  expect(call.view().muted).toBe(true);
});

test('hold and resume reach the leg once each, also while reconnecting', async () => {
  const { call, wire } = incoming();
  call.answer('audio');
  await settle();
  wire.tell({ type: 'connected' });
  wire.log.length = 0;
  call.setHeld(true);
  call.setHeld(true);
  wire.tell({ type: 'transport-lost' });
  expect(call.view()).toMatchObject({ phase: 'reconnecting', held: true });
  call.setHeld(false);
  wire.tell({ type: 'connected' });
  expect(call.phase).toBe('active');
  expect(wire.log).toEqual(['held true', 'held false']);
});

test('a camera that is opened twice in a hurry is shown as the last wish says', async () => {
  const { call, wire } = incoming();
  call.answer('audio');
  await settle();
  wire.tell({ type: 'connected' });
  const on = call.setVideo(true);
  await call.setVideo(false);
  await on;
  expect(call.view().videoOn).toBe(false);
  expect(wire.log).not.toContain('video true');
});

test('another microphone of a call that is muted is silent from the start', async () => {
  const { call, mic, ring } = outgoing();
  call.place();
  await settle();
  await ring();
  const [before] = mic.opened[0]?.getAudioTracks() ?? [];
  if (before) before.enabled = false;
  const headset = new FakeTrack('audio');
  call.setMicrophone(headset as unknown as MediaStreamTrack);
  expect([headset.enabled, before?.readyState]).toEqual([false, 'ended']);
  expect(mic.opened[0]?.getTracks()).toEqual([headset]);
});

test('a caller is told that it rings once it does', async () => {
  const { call, ring, wire } = outgoing();
  call.place();
  await ring();
  expect(call.view().peerRings).toBeUndefined();
  wire.tell({ type: 'peer-rings' });
  expect(call.view()).toMatchObject({ phase: 'dialing', peerRings: true });
});
