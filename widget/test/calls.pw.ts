import { commands, expect, openPage, setPhone, show, test } from './browser.ts';

const launcherPage = '<p><label>Note <input id="note"></label></p><ringtag-launcher></ringtag-launcher>';

test('a whole call by keyboard: open, search, call, mute, keypad, hang up, back to the page', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  const key = (name: string) => page.keyboard.press(name);
  await page.locator('#note').focus();
  await key('Tab');
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toBeFocused();
  await key('Enter');
  await expect(page.getByLabel('Search people')).toBeFocused();
  await page.keyboard.type('br');
  await expect(page.getByText('Bruno Barros')).toBeVisible();
  await key('Enter');
  await expect.poll(() => commands(page)).toEqual([['call', { personId: 'bruno' }, 'audio']]);
  await expect(page.getByRole('group', { name: 'Call with Bruno Barros' })).toBeFocused();
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: performance.now() }));
  await key('Tab');
  await expect(page.getByRole('button', { name: 'Mute' })).toBeFocused();
  await key('Space');
  await expect(page.getByRole('button', { name: 'Unmute' })).toBeFocused();
  await key('Tab');
  await key('Tab');
  await key('Enter');
  await expect(page.getByRole('button', { name: 'Keypad' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.type('12#');
  await key('Escape');
  await expect(page.getByRole('button', { name: 'Keypad' })).toHaveAttribute('aria-expanded', 'false');
  for (const name of ['Video', 'Transfer', 'More', 'Hang up']) {
    await key('Tab');
    await expect(page.getByRole('button', { name })).toBeFocused();
  }
  await key('Enter');
  await expect(page.getByText('Call ended').first()).toBeVisible();
  expect((await commands(page)).slice(1)).toEqual([
    ['setMuted', 'c2', true],
    ['sendDigits', 'c2', '1'],
    ['sendDigits', 'c2', '2'],
    ['sendDigits', 'c2', '#'],
    ['hangUp', 'c2'],
  ]);
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await expect(page.getByLabel('Search people')).toBeFocused();
  await key('Escape');
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toBeFocused();
});

test('the pane opens on the colleagues, with presence in words, and asks anew each time it opens', async ({
  page,
  server,
}) => {
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher>');
  const searches = () => page.evaluate(() => window.harness.phone.commands.length);
  const launcher = page.getByRole('button', { name: 'Open Ringtag' });
  await launcher.hover();
  await page.locator('ringtag-people').waitFor({ state: 'attached' });
  expect(await searches()).toBe(0);
  await setPhone(page, (h) => {
    h.phone.answerSearch = () => new Promise(() => {});
  });
  await launcher.click();
  await expect(page.getByRole('status', { name: 'Looking people up' })).toBeVisible();
  await expect.poll(searches).toBe(1);
  await setPhone(page, (h) => {
    h.phone.answerSearch = async () => h.people.slice(1);
  });
  await launcher.click();
  await launcher.click();
  const rows = page.getByRole('list', { name: 'People' }).getByRole('listitem');
  await expect(rows).toHaveText([/Bruno Barros.*online/s, /Carla Costa.*offline/s, /Duarte/, /Elsa/]);
  await expect.poll(searches).toBe(2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await setPhone(page, (h) => h.phone.set({ calls: [] }));
  await expect(rows).toHaveCount(4);
  expect(await page.evaluate(() => window.harness.phone.commands)).toEqual([
    ['search', ''],
    ['search', ''],
    ['call', { personId: 'bruno' }, 'audio'],
    ['search', ''],
  ]);
});

test('arrows walk from the search through the rows and back; Enter on a row calls that person', async ({
  page,
  server,
}) => {
  await show(page, server, 'people-found');
  await page.getByLabel('Search people').focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'Call Bruno Barros' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: 'Call Carla Costa' })).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search people')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await commands(page)).toEqual([['call', { personId: 'carla' }, 'audio']]);
});

test('Enter right after typing waits for what the whole query finds', async ({ page, server }) => {
  await openPage(page, server, '<ringtag-phone></ringtag-phone>');
  await page.getByLabel('Search people').pressSequentially('elsa');
  await page.keyboard.press('Enter');
  await expect.poll(() => commands(page)).toEqual([['call', { personId: 'elsa' }, 'audio']]);
});

test('the ringing dialog is named, takes no focus, and answers by shortcut from a field of the page', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await page.locator('#note').fill('typing');
  await setPhone(page, (h) =>
    h.phone.set({
      calls: [h.callView({ callId: 'r1', direction: 'in', phase: 'ringing', peer: h.peerOf(h.people[1]) })],
    }),
  );
  const dialog = page.getByRole('alertdialog', { name: 'Bruno Barros is calling' });
  await expect(dialog).toBeVisible();
  await expect(page.locator('#note')).toBeFocused();
  await page.keyboard.type(' on');
  await page.keyboard.press('Enter');
  await expect(page.locator('#note')).toHaveValue('typing on');
  expect(await commands(page)).toEqual([]);
  await page.keyboard.press('Alt+Shift+A');
  expect(await commands(page)).toEqual([['answer', 'r1', 'audio']]);
  await expect(dialog).toBeHidden();
  await expect(page.locator('#note')).toHaveValue('typing on');
  await expect(page.locator('#note')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Hang up' })).toHaveCount(1);
});

test('Decline and Answer in the dialog do what they say', async ({ page, server }) => {
  await show(page, server, 'ringing');
  await page.getByRole('button', { name: 'Decline', exact: true }).click();
  expect(await commands(page)).toEqual([['decline', 'r1', undefined]]);
  await show(page, server, 'ringing-video');
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  expect(await commands(page)).toEqual([['answer', 'r1', 'audio']]);
  await expect(page.getByRole('button', { name: 'Start video' })).toBeVisible();
});

test('closing the pane during a call leaves a bar with the only Hang up, and the launcher shows the time', async ({
  page,
  server,
}) => {
  await openPage(page, server, launcherPage);
  await page.getByRole('button', { name: 'Open Ringtag' }).click();
  await setPhone(page, (h) =>
    h.phone.set({ calls: [h.callView({ activeSinceMs: performance.now() - 65_000 })] }),
  );
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: 'Open Ringtag' })).toContainText('01:0');
  await expect(page.getByRole('button', { name: 'Hang up' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Show call with Bruno Barros' }).click();
  await expect(page.getByRole('button', { name: 'Hold' })).toBeVisible();
  await page.getByRole('button', { name: 'Hang up' }).click();
  expect(await commands(page)).toEqual([['hangUp', 'c1']]);
});

test('a pane that a call has opened closes with it, unless the person is in it, who closes it then', async ({
  page,
  server,
}) => {
  const pane = page.locator('ringtag-pane');
  const call = () =>
    setPhone(page, (h) => {
      h.phone.set({
        ...h.ready,
        calls: [h.callView({ callId: 'c1', phase: 'active', activeSinceMs: performance.now() })],
      });
    });
  const over = () => setPhone(page, (h) => h.phone.set({ calls: [] }));
  await openPage(page, server, launcherPage);
  await page.getByRole('button', { name: 'Open Ringtag' }).hover();
  await pane.waitFor({ state: 'attached' });
  await call();
  await expect(pane).toBeVisible();
  await over();
  await expect(pane).toBeHidden();
  await call();
  await page.getByLabel('Search people').click();
  await over();
  await page.locator('#note').focus();
  await setPhone(page, (h) => h.phone.set({ missed: 1 }));
  await expect(page.getByRole('tab', { name: 'Recent, 1 missed call' })).toBeVisible();
  await expect(pane).toBeVisible();
});

test('Hang up and the row of buttons stay where they are through the states of a call', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-dialing');
  const places = async () => {
    const names = ['Hang up', 'Mute', 'Keypad', 'More'];
    return Promise.all(names.map((name) => page.getByRole('button', { name }).boundingBox()));
  };
  const before = await places();
  for (const changes of [
    { phase: 'dialing', offerDeskPhone: true },
    { phase: 'connecting', offerDeskPhone: false },
    { phase: 'active', activeSinceMs: 0 },
    { phase: 'active', peerHeld: true },
    { phase: 'reconnecting', peerMuted: true },
    { phase: 'active', quality: { mos: 2, level: 'poor', ownNetwork: true }, words: ['a', 'b', 'c', 'd'] },
    { phase: 'held', held: true, transfer: { to: { name: 'Carla Costa' }, state: 'ringing' } },
    { phase: 'active', videoOn: true, peerVideoOn: true },
  ] as const) {
    await page.evaluate((c) => window.harness.phone.change(c), changes);
    expect(await places()).toEqual(before);
  }
});

test('ringtag-call-state tells the page each state once', async ({ page, server }) => {
  await openPage(page, server, '<ringtag-launcher></ringtag-launcher><ringtag-phone></ringtag-phone>');
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    document.addEventListener('ringtag-call-state', (event) => {
      const { callId, state, via, peer } = (event as CustomEvent).detail;
      seen.push(
        [callId, state, via, peer.name, event.target instanceof Element && event.target.localName].join(' '),
      );
    });
  });
  await setPhone(page, (h) => h.phone.call({ personId: 'bruno' }));
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: 0 }));
  await setPhone(page, (h) => h.phone.change({ muted: true }));
  await setPhone(page, (h) => h.phone.change({ phase: 'ended', ended: { reason: 'left' } }));
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual(
    ['dialing', 'active', 'ended'].map((state) => `c2 ${state} room Bruno Barros ringtag-launcher`),
  );
});

test('a live region announces each state once, politely', async ({ page, server }) => {
  await openPage(page, server, '<ringtag-phone></ringtag-phone>');
  await page.locator('ringtag-pane').waitFor();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = document.querySelector('ringtag-phone')?.shadowRoot?.querySelector('[aria-live=polite]');
    if (!region) throw new Error('no live region');
    new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, {
      childList: true,
    });
  });
  await setPhone(page, (h) => h.phone.call({ personId: 'bruno' }));
  await setPhone(page, (h) => h.phone.change({ phase: 'active', activeSinceMs: 0 }));
  await setPhone(page, (h) => h.phone.change({ muted: true }));
  await setPhone(page, (h) => h.phone.change({ phase: 'ended', ended: { reason: 'left' } }));
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
    'Calling Bruno Barros',
    'Connected to Bruno Barros',
    'Bruno Barros left the call.',
  ]);
});

test('signing in: one button, then the number, then the tab; the code is in the details only', async ({
  page,
  server,
}) => {
  await show(page, server, 'sign-in-refused');
  await expect(page.getByText('Your account may not use calling here')).toBeVisible();
  await expect(page.getByText('NOT_ADMITTED')).toBeHidden();
  await page.getByText('Details').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('NOT_ADMITTED')).toBeVisible();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await setPhone(page, (h) => h.phone.set({ signIn: { number: 47, offerTab: true } }));
  await expect(page.getByText('47')).toBeVisible();
  await page.getByRole('button', { name: 'Continue in this tab' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await commands(page)).toEqual([['signIn'], ['signInHere'], ['cancelSignIn']]);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('the desk phone is one click, held and telephone calls say so, and a blocked sound can be turned on', async ({
  page,
  server,
}) => {
  await show(page, server, 'call-desk-phone');
  await page.getByRole('button', { name: 'Ring desk phone' }).click();
  expect(await commands(page)).toEqual([['ringDeskPhone', 'c1']]);
  await setPhone(page, (h) => h.phone.change({ phase: 'active', via: 'pbx', offerDeskPhone: false }));
  await expect(page.getByText('By telephone')).toBeVisible();
  await page.getByRole('button', { name: 'Hold' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await setPhone(page, (h) => h.phone.set({ soundBlocked: true }));
  await page.getByRole('button', { name: 'Turn on sound' }).click();
  expect((await commands(page)).at(-1)).toEqual(['unblockSound']);
});
