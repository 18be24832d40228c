import type { Page } from '@playwright/test';
import { axeProblems, commands, expect, openPage, setPhone, show, test } from './browser.ts';

const deviceCommands = (page: Page) => page.evaluate(() => window.harness.phone.fakeDevices.commands);

test('each kind of device is picked by its name, and the choice goes to the phone', async ({
  page,
  server,
}) => {
  await show(page, server, 'settings');
  const microphone = page.getByLabel('Microphone', { exact: true });
  await expect(microphone.locator('option')).toHaveText(['System default', 'Headset', 'Built-in microphone']);
  await microphone.selectOption('Built-in microphone');
  await page.getByLabel('Ringer', { exact: true }).selectOption('Headset');
  await microphone.selectOption('System default');
  expect((await deviceCommands(page)).filter(([name]) => name === 'choose')).toEqual([
    ['choose', 'microphone', 'm2'],
    ['choose', 'ringer', 's1'],
    ['choose', 'microphone', null],
  ]);
  await expect(page.getByLabel('Speaker', { exact: true })).toHaveValue('');
});

test('the meter follows the microphone while the settings are open, and nothing listens afterwards', async ({
  page,
  server,
}) => {
  await show(page, server, 'settings');
  await expect(page.getByRole('meter', { name: 'Level of the microphone' })).toHaveJSProperty('value', 0.4);
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Search people')).toBeVisible();
  expect((await deviceCommands(page)).map(([name]) => name)).toEqual(['watchLevel', 'unwatchLevel']);
});

test('before leave is given nothing is opened; one button asks for it', async ({ page, server }) => {
  await show(page, server, 'settings-first');
  await expect(page.getByLabel('Microphone', { exact: true })).toHaveCount(0);
  expect(await deviceCommands(page)).toEqual([]);
  await page.getByRole('button', { name: 'Allow the microphone' }).click();
  expect(await deviceCommands(page)).toEqual([['watchLevel']]);
});

test('a refusal says what happened and how this browser mends it', async ({ page, server }) => {
  await show(page, server, 'settings-denied');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The microphone is blocked for this page.');
  await expect(alert).toContainText('Click the icon left of the address and allow the microphone.');
  await expect(page.getByText('Blocked for this page. Allow them beside the address.')).toBeVisible();
});

for (const [language, words] of [
  ['pt', 'Clique no ícone à esquerda do endereço e permita o microfone.'],
  ['es', 'Pulse el icono a la izquierda de la dirección y permita el micrófono.'],
  ['fr', 'Cliquez sur l’icône à gauche de l’adresse et autorisez le micro.'],
] as const) {
  test(`a call that ends for want of the microphone says how to mend that, in ${language}`, async ({
    page,
    server,
  }) => {
    await show(page, server, 'ended-microphone', { lang: language });
    await expect(page.getByText(words)).toBeVisible();
  });
}

test('the microphone is recorded and played back, with words for both and a way to stop', async ({
  page,
  server,
}) => {
  await show(page, server, 'settings');
  await page.getByRole('button', { name: 'Record and play back' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Recording' })).toBeVisible();
  await setPhone(page, (h) => h.phone.fakeDevices.set({ test: 'playing' }));
  await expect(page.getByRole('status').filter({ hasText: 'Playing' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Record and play back' })).toBeVisible();
});

test('the button that records keeps the focus while it says Stop, and Escape still closes the settings', async ({
  page,
  server,
}) => {
  await show(page, server, 'settings');
  await page.getByRole('button', { name: 'Record and play back' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Record and play back' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Search people')).toBeVisible();
});

test('the echo test is a call, offered where there is a telephone', async ({ page, server }) => {
  await show(page, server, 'settings');
  await setPhone(page, (h) => h.phone.set({ telephone: false }));
  const echo = page.getByRole('button', { name: 'Call the echo test' });
  await expect(echo).toHaveCount(0);
  await setPhone(page, (h) => h.phone.set({ telephone: true }));
  await echo.click();
  expect(await commands(page)).toEqual([['call', { number: '600' }, 'audio']]);
  // The settings have made way for the call.
  await expect(page.getByRole('group', { name: 'Call with 600' })).toBeVisible();
});

test('the own picture is shown on wish, mirrored, and its camera is off with the settings closed', async ({
  page,
  server,
}) => {
  await show(page, server, 'settings');
  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillRect(0, 0, 9, 9);
    window.harness.phone.fakeDevices.picture = canvas.captureStream(5);
  });
  const picture = page.getByLabel('Your picture');
  await page.getByRole('button', { name: 'Show my picture' }).click();
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((video: HTMLVideoElement) => video.srcObject !== null)).toBe(true);
  await page.getByRole('button', { name: 'Hide my picture' }).focus();
  await page.keyboard.press('Escape');
  await expect(picture).toHaveCount(0);
  const live = () =>
    page.evaluate(() => window.harness.phone.fakeDevices.picture?.getTracks().map((t) => t.readyState));
  expect(await live()).toEqual(['ended']);
});

test('notifications are asked for by a press, once', async ({ page, server }) => {
  await show(page, server, 'settings');
  const turnOn = page.getByRole('button', { name: 'Turn on notifications' });
  await turnOn.press('Enter');
  expect((await deviceCommands(page)).at(-1)).toEqual(['askNotifications']);
  await setPhone(page, (h) => h.phone.fakeDevices.set({ notifications: 'granted' }));
  await expect(turnOn).toHaveCount(0);
  await expect(page.getByText('On: your screen shows who is calling')).toBeVisible();
});

test('where the browser itself asks for a speaker, a button leads there', async ({ page, server }) => {
  await show(page, server, 'settings-chosen');
  // What was chosen and is not there is still the choice.
  await expect(page.getByLabel('Speaker', { exact: true })).toHaveValue('unplugged');
  await page.getByRole('button', { name: 'Choose another' }).first().click();
  expect((await deviceCommands(page)).at(-1)).toEqual(['askForSpeaker', 'speaker']);
});

test('everything is reached by Tab in the order in which it is seen', async ({ page, server }) => {
  await show(page, server, 'settings');
  await expect(page.getByRole('button', { name: 'Back', exact: true })).toBeFocused();
  const order: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    order.push(
      await page.evaluate(() => {
        let focused: Element | null | undefined = document.activeElement;
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        return focused?.id || focused?.textContent?.trim() || '';
      }),
    );
  }
  const wanted = [
    'microphone',
    'Record and play back',
    'Call the echo test',
    'speaker',
    'Try the speaker',
    'ringer',
    'Try the ringer',
    'Show my picture',
    'Turn on notifications',
  ];
  expect(order.filter((name) => wanted.includes(name)).slice(0, wanted.length)).toEqual(wanted);
});

test('where devices cannot be fetched there is one way out', async ({ page, server }) => {
  await openPage(page, server, '<ringtag-phone></ringtag-phone>');
  await page.evaluate(() => {
    const { phone, ready } = window.harness;
    let tries = 0;
    const { devices } = phone;
    phone.devices = () => (tries++ === 0 ? Promise.reject(new Error('no network')) : devices.call(phone));
    phone.set(ready);
  });
  await page.locator('.me').click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await expect(page.getByText('This could not be loaded')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel('Microphone', { exact: true })).toBeVisible();
});

test('a call that rings without a sound says so in the dialog, and one press mends it', async ({
  page,
  server,
}) => {
  await show(page, server, 'ringing-sound-blocked');
  await expect(page.getByRole('alertdialog').getByText('Your browser blocked the sound.')).toBeVisible();
  expect(await axeProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Turn on sound' }).click();
  expect(await commands(page)).toContainEqual(['unblockSound']);
  await expect(page.getByRole('button', { name: 'Turn on sound' })).toHaveCount(0);
});
