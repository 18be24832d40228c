import { beforeEach, expect, test, vi } from 'vitest';
import type { DeviceKind, PhoneNotice } from '../call/phone.ts';
import { type FakeDevice, fakeStorage, fakeTable } from '../testing/fake-devices.ts';
import { asStream, FakeStream, type FakeTrack } from '../testing/fake-media.ts';
import { settle } from '../testing/manual-clock.ts';
import { DevicesAtWork, type WorkingCall } from './devices-at-work.ts';
import { chosenDevices } from './devices-chosen.ts';
import { keepChosen } from './devices-list.ts';

const builtIn: FakeDevice = { kind: 'audioinput', deviceId: 'm-1', label: 'Built-in' };
const headset: FakeDevice = { kind: 'audioinput', deviceId: 'm-2', label: 'Headset' };
const webcam: FakeDevice = { kind: 'videoinput', deviceId: 'v-1', label: 'Webcam' };
const otherCam: FakeDevice = { kind: 'videoinput', deviceId: 'v-2', label: 'Other camera' };
const speaker = (deviceId: string, label: string): FakeDevice => ({ kind: 'audiooutput', deviceId, label });

beforeEach(() => void vi.stubGlobal('localStorage', fakeStorage()));

const choose = (kind: DeviceKind, { deviceId, label }: FakeDevice) =>
  keepChosen({ ...chosenDevices(), [kind]: { id: deviceId, label } });

/** A call as far as devices are concerned. */
class Talk implements WorkingCall {
  stream: FakeStream | null;
  muted = false;
  constructor(...tracks: FakeTrack[]) {
    this.stream = new FakeStream(tracks);
  }
  get local() {
    return this.stream && asStream(this.stream);
  }
  setMuted(muted: boolean) {
    this.muted = muted;
  }
  setMicrophone(track: MediaStreamTrack) {
    this.#replace(this.stream?.getAudioTracks() ?? [], track);
  }
  setCamera(track: MediaStreamTrack) {
    this.#replace(this.stream?.getVideoTracks() ?? [], track);
  }
  async setVideo(on: boolean) {
    if (!on) for (const track of this.stream?.getVideoTracks() ?? []) this.stream?.removeTrack(track);
    return null;
  }
  /** What is sent now. */
  get sends(): readonly string[] {
    return (this.stream?.getTracks() ?? [])
      .filter(({ readyState }) => readyState === 'live')
      .map(({ label }) => label);
  }
  #replace(old: readonly FakeTrack[], next: MediaStreamTrack) {
    for (const track of old) {
      track.stop();
      this.stream?.removeTrack(track);
    }
    this.stream?.addTrack(next as unknown as FakeTrack);
  }
}

async function setUp(...devices: FakeDevice[]) {
  const table = fakeTable(...devices);
  const calls: Talk[] = [];
  const notices: PhoneNotice[] = [];
  const refusals: string[] = [];
  const sound = { follow: vi.fn() };
  const atWork = new DevicesAtWork({
    ...table,
    sound,
    calls: () => calls,
    notify: (notice) => notices.push(notice),
    refused: (code) => refusals.push(code),
  });
  await settle();
  /** A call on what is chosen or the default. */
  async function talk(video = false) {
    const opened = await table.media.open('audio');
    if (!opened.ok) throw new Error(opened.code);
    const call = new Talk(...(opened.value as unknown as FakeStream).getTracks());
    const camera = video ? await table.media.openCamera() : undefined;
    if (camera?.ok) call.stream?.addTrack(camera.value as unknown as FakeTrack);
    calls.push(call);
    atWork.look();
    return call;
  }
  return { ...table, atWork, talk, calls, notices, refusals, sound };
}

test('an unplugged headset: the call goes over to the default microphone and says so', async () => {
  choose('microphone', headset);
  const { talk, plug, notices } = await setUp(builtIn, headset);
  const call = await talk();
  expect(call.sends).toEqual(['Headset']);
  plug(builtIn);
  await settle();
  expect(call.sends).toEqual(['Built-in']);
  expect(call.muted).toBe(false);
  expect(notices).toEqual([{ kind: 'microphone-changed', device: 'Built-in' }]);
});

test('a chosen headset that comes back is taken again; one that nobody chose is not', async () => {
  choose('microphone', headset);
  const { talk, plug, notices } = await setUp(builtIn);
  const call = await talk();
  plug(builtIn, headset);
  await settle();
  expect(call.sends).toEqual(['Headset']);
  expect(notices).toEqual([{ kind: 'microphone-changed', device: 'Headset' }]);

  plug(builtIn, headset, { ...headset, deviceId: 'm-3', label: 'Third' });
  await settle();
  expect(call.sends).toEqual(['Headset']);
  expect(notices).toHaveLength(1);
});

test('no microphone left: the call goes on, muted, says so, and is heard again with the next one', async () => {
  const { talk, plug, notices, refusals } = await setUp(headset);
  const call = await talk();
  const muted = await talk();
  muted.setMuted(true);
  plug();
  await settle();
  expect([call.muted, call.sends]).toEqual([true, []]);
  expect(notices).toEqual([{ kind: 'microphone-lost' }]);
  // The notice says it all.
  expect(refusals).toEqual([]);

  plug(builtIn);
  await settle();
  expect([call.muted, call.sends]).toEqual([false, ['Built-in']]);
  // Whoever muted themselves stays so.
  expect([muted.muted, muted.sends]).toEqual([true, ['Built-in']]);
});

test('without a microphone nobody can unmute: it shows as muted again, and why', async () => {
  const { talk, plug, atWork, notices } = await setUp(headset);
  const call = await talk();
  plug();
  await settle();
  call.setMuted(false);
  atWork.look();
  await settle();
  expect(call.muted).toBe(true);
  expect(notices.map(({ kind }) => kind)).toEqual(['microphone-lost', 'microphone-lost']);
});

test('what is chosen by hand is used at once, in both calls and without a word', async () => {
  const { talk, atWork, notices, opened } = await setUp(builtIn, headset);
  const [first, second] = [await talk(), await talk()];
  choose('microphone', headset);
  await atWork.chosen('microphone');
  expect([first.sends, second.sends]).toEqual([['Headset'], ['Headset']]);
  // Each has a track of its own: muting one leaves the other.
  expect(first.stream?.getTracks()[0]).not.toBe(second.stream?.getTracks()[0]);
  expect(notices).toEqual([]);
  expect(opened.filter(({ label }) => label === 'Built-in').every((t) => t.readyState === 'ended')).toBe(
    true,
  );
});

test('a renewed id: the device is found by its name, used, and remembered with its id of now', async () => {
  choose('microphone', { ...headset, deviceId: 'of-last-week' });
  const { talk, atWork } = await setUp(builtIn, headset);
  const call = await talk();
  expect(call.sends).toEqual(['Built-in']);
  await atWork.check();
  expect(call.sends).toEqual(['Headset']);
  expect(chosenDevices().microphone).toEqual({ id: 'm-2', label: 'Headset' });
});

test('a chosen speaker that goes or comes during a call is said; without a call nothing is', async () => {
  const system = [speaker('default', 'Default - Built-in'), speaker('s-1', 'Built-in')];
  const far = speaker('s-2', 'Headset');
  choose('speaker', far);
  const { talk, plug, notices, sound } = await setUp(builtIn, ...system, far);
  plug(builtIn, ...system);
  await settle();
  expect(notices).toEqual([]);
  expect(sound.follow.mock.calls).toEqual([[new Set(['s-1'])]]);
  await talk();
  plug(builtIn, ...system, far);
  await settle();
  expect(sound.follow).toHaveBeenLastCalledWith(new Set(['s-1', 's-2']));
  plug(builtIn, ...system);
  await settle();
  expect(notices).toEqual([
    { kind: 'speaker-changed', device: 'Headset' },
    { kind: 'speaker-changed', device: 'Built-in' },
  ]);
});

test('the system takes another default microphone: so does a call that was on the default', async () => {
  const byDefault = (label: string): FakeDevice => ({
    ...builtIn,
    deviceId: 'default',
    label: `Default - ${label}`,
  });
  const { talk, plug, notices, opened } = await setUp(byDefault('Built-in'), builtIn);
  const call = await talk();
  plug(byDefault('Headset'), builtIn, headset);
  await settle();
  expect(call.sends).toEqual(['Default - Headset']);
  expect(opened).toHaveLength(2);
  expect(notices).toHaveLength(1);
});

test('a camera that is pulled out gives way to the other one, the last one to a call without a picture', async () => {
  const { talk, plug, notices } = await setUp(builtIn, webcam, otherCam);
  const call = await talk(true);
  plug(builtIn, otherCam);
  await settle();
  expect(call.sends).toEqual(['Built-in', 'Other camera']);
  plug(builtIn);
  await settle();
  expect(call.sends).toEqual(['Built-in']);
  expect(notices).toEqual([{ kind: 'camera-changed', device: 'Other camera' }, { kind: 'camera-lost' }]);
});
