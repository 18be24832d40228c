// Devices, permissions and sound as a person meets them. Chromium's fake devices cannot be pulled out: where a test
// needs that, it ends the track, takes the device off the browser's list and has the browser say so.
import type { Page } from '@playwright/test';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';

interface Probe {
  /** Labels of the microphones that connections send now. */
  sent(): readonly string[];
  /** Steps of offers and answers so far. */
  negotiations: number;
  unplug(label: string): void;
  plug(): void;
  /** Where elements play a voice, and where contexts play tones: names of speakers. */
  outputs(): Promise<{ readonly voice: readonly string[]; readonly tones: readonly string[] }>;
  /** Loudest sample of what an AudioContext plays aloud now; 0 is silence. */
  toneLevel(): number;
}
declare global {
  interface Window {
    ringtagProbe: Probe;
  }
}

/** Runs in the page before its own scripts. */
function installProbe(): void {
  const connections: RTCPeerConnection[] = [];
  const gone = new Set<string>();
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
      this.addEventListener('signalingstatechange', () => {
        probe.negotiations += 1;
      });
    }
  };
  const devices = navigator.mediaDevices;
  const enumerate = devices.enumerateDevices.bind(devices);
  const isGone = (label: string) => [...gone].some((name) => label.includes(name));
  devices.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !isGone(label));
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    if (gone.has('')) throw new DOMException('', 'NotFoundError');
    const { audio } = constraints ?? {};
    const wanted = typeof audio === 'object' ? (audio.deviceId as { exact?: string } | undefined) : undefined;
    const there = (await devices.enumerateDevices()).some(({ deviceId }) => deviceId === wanted?.exact);
    if (wanted && !there) throw new DOMException('', 'OverconstrainedError');
    return open(constraints);
  };
  const senders = () =>
    connections
      .filter(({ connectionState }) => connectionState === 'connected')
      .flatMap((connection) => connection.getSenders())
      .filter(({ track }) => track?.kind === 'audio' && track.readyState === 'live');
  const analysers: AnalyserNode[] = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function tapped(this: AudioNode, to: AudioNode) {
    if (to instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      analysers.push(analyser);
      connect.call(this, analyser);
    }
    return connect.call(this, to);
  } as AudioNode['connect'];
  const players = new Set<HTMLMediaElement>();
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function noted(this: HTMLMediaElement) {
    players.add(this);
    return play.call(this);
  };
  const probe: Probe = {
    async outputs() {
      const all = await devices.enumerateDevices();
      const nameOf = (id: unknown) =>
        all.find(({ deviceId, kind }) => kind === 'audiooutput' && deviceId === id)?.label ?? 'default';
      const voices = [...players].filter(({ srcObject, paused }) => srcObject !== null && !paused);
      return {
        voice: voices.map(({ sinkId }) => nameOf(sinkId)),
        tones: analysers.map(({ context }) => nameOf((context as AudioContext & { sinkId: string }).sinkId)),
      };
    },
    negotiations: 0,
    sent: () => senders().map(({ track }) => track?.label ?? ''),
    unplug(label) {
      const pulled = senders().flatMap(({ track }) => (track?.label.includes(label) ? [track] : []));
      gone.add(label);
      for (const track of pulled) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
      devices.dispatchEvent(new Event('devicechange'));
    },
    plug() {
      gone.clear();
      devices.dispatchEvent(new Event('devicechange'));
    },
    toneLevel: () =>
      Math.max(
        0,
        ...analysers.map((analyser) => {
          const samples = new Float32Array(analyser.fftSize);
          analyser.getFloatTimeDomainData(samples);
          return analyser.context.state === 'running' ? Math.max(...samples) : 0;
        }),
      ),
  };
  window.ringtagProbe = probe;
}

const sent = (page: Page) => page.evaluate(() => window.ringtagProbe.sent());
const toneLevel = (page: Page) => page.evaluate(() => window.ringtagProbe.toneLevel());

/** Goes to a tab that nobody has touched, with the probe in it, and waits until the hub knows it. */
async function probed(person: Person): Promise<Person> {
  const { context } = person.browser;
  const tab = await context.newPage();
  await tab.addInitScript(installProbe);
  const online = new Promise<void>((resolve) => {
    tab.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"snapshot"')) resolve();
      }),
    );
  });
  const url = person.page.url();
  await person.page.close();
  person.page = tab;
  await tab.goto(url);
  await online;
  return person;
}

/** Read without a gesture: whatever Playwright evaluates counts as one to the browser. */
async function readUntouched(page: Page, expression: string): Promise<unknown> {
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', { expression });
  await session.detach();
  return result.value;
}

async function textOfUntouched(page: Page): Promise<string> {
  const textOf = (node: Node): string =>
    [...node.childNodes]
      .map((child) => (child instanceof Element ? textOf(child.shadowRoot ?? child) : child.textContent))
      .join('');
  return String(await readUntouched(page, `{ const textOf = ${textOf}; textOf(document.body) }`));
}

/** From the menu of the own name or, during a call, from More. */
async function openSettings(person: Person): Promise<void> {
  await person.openPane();
  const more = person.button('More');
  const account = person.button(new RegExp(`^${PEOPLE[person.id].name}`));
  await ((await more.isVisible()) ? more : account.first()).click();
  await person.page.getByRole('menuitem', { name: 'Settings' }).click();
  await expect(picker(person, 'Microphone')).toBeVisible();
}

const picker = (person: Person, name: string) => person.page.getByLabel(name, { exact: true });

test('another microphone is taken during a call at once, without negotiating anew, and is remembered', async ({
  signedIn,
}) => {
  const alice = await probed(await signedIn('alice'));
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  expect((await sent(alice.page)).join()).toMatch(/default/i);
  const before = await alice.page.evaluate(() => window.ringtagProbe.negotiations);
  await openSettings(alice);
  await picker(alice, 'Microphone').selectOption({ label: 'Fake Audio Input 2' });
  await expect.poll(() => sent(alice.page)).toEqual(['Fake Audio Input 2']);
  await bruno.expectToHearPerson('alice');
  expect(await alice.page.evaluate(() => window.ringtagProbe.negotiations)).toBe(before);
  await alice.page.reload();
  await alice.expectNoCall();
  await alice.openPane();
  await alice.expectReady();
  await bruno.expectNoCall();
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  expect(await sent(alice.page)).toEqual(['Fake Audio Input 2']);
});

test('the call is heard through the chosen speaker, its ringtone through the chosen ringer', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const bruno = await probed(await signedIn('bruno', 'intranet'));
  const outputs = () => bruno.page.evaluate(() => window.ringtagProbe.outputs());
  await openSettings(bruno);
  await picker(bruno, 'Speaker').selectOption({ label: 'Fake Audio Output 1' });
  await picker(bruno, 'Ringer').selectOption({ label: 'Fake Audio Output 2' });
  await bruno.page.keyboard.press('Escape');
  await alice.call('bruno');
  await expect(bruno.ringing('alice')).toBeVisible();
  await expect.poll(async () => (await outputs()).tones).toEqual(['Fake Audio Output 2']);
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  expect((await outputs()).voice).toEqual(['Fake Audio Output 1']);
  await openSettings(bruno);
  await picker(bruno, 'Speaker').selectOption({ label: 'System default' });
  await expect.poll(async () => (await outputs()).voice).toEqual(['default']);
  await bruno.expectToHearPerson('alice');
});

test('an unplugged headset moves the call to the default microphone, says so, and is taken again', async ({
  signedIn,
}) => {
  const alice = await probed(await signedIn('alice'));
  const bruno = await signedIn('bruno', 'intranet');
  await openSettings(alice);
  await picker(alice, 'Microphone').selectOption({ label: 'Fake Audio Input 2' });
  await alice.page.keyboard.press('Escape');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  expect(await sent(alice.page)).toEqual(['Fake Audio Input 2']);
  await alice.page.evaluate(() => window.ringtagProbe.unplug('Fake Audio Input 2'));
  await expect(alice.page.getByText(/^You now talk into: .*default/i)).toBeVisible();
  await bruno.expectToHearPerson('alice');
  await alice.page.evaluate(() => window.ringtagProbe.plug());
  await expect(alice.page.getByText('You now talk into: Fake Audio Input 2')).toBeVisible();
  expect(await sent(alice.page)).toEqual(['Fake Audio Input 2']);
  await bruno.expectToHearPerson('alice');
});

test('the last microphone gone: the call goes on, muted on both screens, and is heard with the next', async ({
  signedIn,
}) => {
  const alice = await probed(await signedIn('alice'));
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  // Every label has the empty one in it.
  await alice.page.evaluate(() => window.ringtagProbe.unplug(''));
  await expect(alice.page.getByText('The microphone is gone, nobody hears you.')).toBeVisible();
  await expect(alice.button('Unmute').first()).toBeVisible();
  await expect(bruno.page.getByText(`${PEOPLE.alice.name} is muted`).first()).toBeVisible();
  await alice.expectToHearPerson('bruno');
  await alice.page.evaluate(() => window.ringtagProbe.plug());
  await bruno.expectToHearPerson('alice');
  await expect(alice.button('Mute').first()).toBeVisible();
});

for (const [setting, words, way] of [
  ['prompt', 'The question about the microphone was closed.', 'When your browser asks, choose “Allow”.'],
  ['denied', 'The microphone is blocked for this page.', 'Click the icon left of the address'],
] as const) {
  test(`a microphone that is refused (${setting}): what happened and how to mend it, in words`, async ({
    signedIn,
  }) => {
    const alice = await signedIn('alice', 'webmail', { flags: ['--use-fake-ui-for-media-stream=deny'] });
    const { origin } = new URL(alice.page.url());
    const browser = await alice.browser.context.newCDPSession(alice.page);
    await browser.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting,
      origin,
    });
    await alice.call('bruno');
    await expect(alice.page.getByText(words).first()).toBeVisible();
    await expect(alice.page.getByText(way).first()).toBeVisible();
  });
}

test('what was recorded is played back, the meter moves, and the picture is the camera', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  await openSettings(alice);
  const meter = alice.page.getByRole('meter', { name: 'Level of the microphone' });
  await expect.poll(() => meter.evaluate((bar: HTMLMeterElement) => bar.value)).toBeGreaterThan(0.3);
  await alice.button('Record and play back').click();
  await expect(alice.page.getByText('Recording for 3 seconds')).toBeVisible();
  await alice.expectToHearPerson('alice');
  await expect(alice.button('Record and play back')).toBeVisible();
  await alice.button('Show my picture').click();
  await expect(picker(alice, 'Camera')).toBeVisible();
  const picture = alice.page.getByLabel('Your picture');
  await expect
    .poll(() =>
      picture.evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames),
    )
    .toBeGreaterThan(2);
  await alice.page.keyboard.press('Escape');
  await expect(picture).toHaveCount(0);
});

test('a ringtone that the browser blocks is said; one press, and it is heard; the second call only knocks', async ({
  signedIn,
}) => {
  const alice = await signedIn('alice');
  const carla = await signedIn('carla', 'intranet');
  const bruno = await probed(
    await signedIn('bruno', 'intranet', { flags: ['--autoplay-policy=document-user-activation-required'] }),
  );
  // Nobody has touched this page yet.
  await alice.call('bruno');
  const dialog = bruno.ringing('alice');
  await expect.poll(() => textOfUntouched(bruno.page)).toContain('Your browser blocked the sound.');
  await dialog.getByRole('button', { name: 'Turn on sound' }).click();
  await expect.poll(() => toneLevel(bruno.page), { intervals: [50] }).toBeGreaterThan(0.1);
  await expect(dialog.getByText('Your browser blocked the sound.')).toHaveCount(0);
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  await carla.call('bruno');
  await expect(bruno.ringing('carla')).toBeVisible();
  // Soft enough to go on talking.
  await expect.poll(() => toneLevel(bruno.page), { intervals: [20] }).toBeGreaterThan(0.02);
  expect(await toneLevel(bruno.page)).toBeLessThan(0.15);
});

test('one press somewhere on the page unlocks the ringtone of the calls that come', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await probed(
    await signedIn('bruno', 'intranet', { flags: ['--autoplay-policy=document-user-activation-required'] }),
  );
  await bruno.page.mouse.click(600, 5);
  await alice.call('bruno');
  const level = () => readUntouched(bruno.page, 'window.ringtagProbe.toneLevel()');
  await expect.poll(level, { intervals: [50] }).toBeGreaterThan(0.1);
  expect(await textOfUntouched(bruno.page)).not.toContain('Your browser blocked the sound.');
  await alice.hangUp();
  await expect(bruno.ringing('alice')).toBeHidden();
});

test('Firefox: the level is measured where no sound may be played, and devices have their names', async ({
  signedIn,
}) => {
  const carla = await signedIn('carla', 'webmail', { engine: 'firefox' });
  await carla.chooseStatus('Settings');
  const allow = carla.button('Allow the microphone');
  const meter = carla.pane.getByRole('meter').first();
  await expect(allow.or(meter).first()).toBeVisible();
  if (await allow.isVisible()) await allow.click();
  const level = () => meter.evaluate((bar) => (bar as HTMLMeterElement).value);
  await expect.poll(level, { timeout: 15_000 }).toBeGreaterThan(0.1);
});
