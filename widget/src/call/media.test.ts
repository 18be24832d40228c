import { beforeEach, expect, test, vi } from 'vitest';
import { chosenDevices } from '../host/devices-chosen.ts';
import { keepChosen } from '../host/devices-list.ts';
import { fakeStorage } from '../testing/fake-devices.ts';
import { asStream, FakeStream } from '../testing/fake-media.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createLocalMedia } from './media.ts';

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('localStorage', fakeStorage());
});

/** A browser that answers as told; `error` is the name of what getUserMedia throws. */
function browserThat({ error = '', permission = 'prompt', gone = false }) {
  const asked: MediaStreamConstraints[] = [];
  const browser = {
    mediaDevices: {
      async getUserMedia(constraints: MediaStreamConstraints) {
        asked.push(constraints);
        if (gone && Object.hasOwn(constraints.audio as object, 'deviceId')) {
          throw new DOMException('', 'OverconstrainedError');
        }
        if (error) throw new DOMException('words that mean nothing', error);
        return asStream(new FakeStream());
      },
    },
    permissions: { query: async () => ({ state: permission }) },
  };
  return { media: createLocalMedia({ browser: browser as unknown as Navigator }), asked };
}

test.each([
  ['NotAllowedError', 'denied', 'MICROPHONE_DENIED', 'CAMERA_DENIED'],
  ['NotAllowedError', 'prompt', 'MICROPHONE_DISMISSED', 'CAMERA_DISMISSED'],
  ['NotFoundError', 'granted', 'MICROPHONE_MISSING', 'CAMERA_MISSING'],
  ['NotReadableError', 'granted', 'MICROPHONE_BUSY', 'CAMERA_BUSY'],
  ['TypeError', 'granted', 'MEDIA_FAILED', 'MEDIA_FAILED'],
])('%s while the permission is "%s" is told as %s and %s', async (error, permission, microphone, camera) => {
  const { media } = browserThat({ error, permission });
  expect(await media.open('audio')).toMatchObject({ ok: false, code: microphone });
  expect(await media.openCamera()).toMatchObject({ ok: false, code: camera });
});

test('a page that may not ask says so, whatever the permission', async () => {
  vi.stubGlobal('document', { featurePolicy: { allowsFeature: () => false } });
  const { media } = browserThat({ error: 'NotAllowedError', permission: 'denied' });
  expect(await media.open('audio')).toMatchObject({ code: 'MEDIA_FORBIDDEN' });
});

test('a browser without devices is on an insecure page; one that cannot say stands by its no', async () => {
  expect(await createLocalMedia({ browser: {} as Navigator }).open('audio')).toMatchObject({
    code: 'INSECURE_PAGE',
  });
  const mute = {
    mediaDevices: { getUserMedia: () => Promise.reject(new DOMException('', 'NotAllowedError')) },
  };
  expect(await createLocalMedia({ browser: mute as unknown as Navigator }).open('audio')).toMatchObject({
    code: 'MICROPHONE_DENIED',
  });
});

test('the chosen devices are opened, and the default ones in place of those that are gone', async () => {
  const { media, asked } = browserThat({});
  await media.open('audio');
  expect(asked[0]?.audio).not.toHaveProperty('deviceId');
  keepChosen({ microphone: { id: 'm-2', label: 'Headset' }, camera: { id: 'v-1', label: 'Webcam' } });
  await media.open('video');
  expect(asked[1]).toMatchObject({
    audio: { deviceId: { exact: 'm-2' } },
    video: { deviceId: { exact: 'v-1' } },
  });
  const gone = browserThat({ gone: true });
  expect(await gone.media.open('audio')).toMatchObject({ ok: true });
  expect(gone.asked.map(({ audio }) => Object.keys(audio as object).includes('deviceId'))).toEqual([
    true,
    false,
  ]);
});

/** A hidden tab whose browser holds the microphone until the tab is seen. */
function hiddenTab() {
  const page = { visibilityState: 'hidden' };
  vi.stubGlobal('document', page);
  const clock = createManualClock();
  const told: boolean[] = [];
  let seen = () => {};
  const getUserMedia = () =>
    new Promise((resolve) => {
      seen = () => resolve(asStream(new FakeStream()));
    });
  const permissions = { query: async () => ({ state: 'granted' }) };
  const browser = { mediaDevices: { getUserMedia }, permissions } as unknown as Navigator;
  const media = createLocalMedia({ browser, clock, waits: (waits) => told.push(waits) });
  const show = () => {
    page.visibilityState = 'visible';
    seen();
  };
  return { media, clock, told, show };
}

test('a hidden tab whose microphone is held says so, until it is seen', async () => {
  const { media, clock, told, show } = hiddenTab();
  const opening = media.open('audio');
  await clock.advance(999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([true]);
  show();
  expect(await opening).toMatchObject({ ok: true });
  expect(told).toEqual([true, false]);
});

test('a hidden tab answers nobody before its microphone is open: they would hear nothing', async () => {
  const { media, show } = hiddenTab();
  await settle();
  expect(media.permitted).toBe(false);
  show();
  expect(media.permitted).toBe(true);
});

test('what somebody else wrote in the storage, or no storage at all, chooses nothing', async () => {
  for (const written of ['null', '[1]', '"x"', '{"microphone":{"id":7}}', '{']) {
    localStorage.setItem('ringtag devices', written);
    const { media, asked } = browserThat({});
    await media.open('audio');
    expect(asked[0]?.audio, written).not.toHaveProperty('deviceId');
  }
  vi.stubGlobal('localStorage', undefined);
  expect(chosenDevices()).toEqual({});
});
