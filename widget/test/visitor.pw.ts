import {
  button,
  callNow,
  chatInstead,
  expect,
  keepStates,
  openCard,
  openVisitorPage,
  test,
  withMicrophone,
} from './visitor-page.ts';

test('P1 a visitor presses, waits, talks, hangs up and says how it was', async ({ page, server, hub }) => {
  await withMicrophone(page);
  const states = await keepStates(page);
  await openVisitorPage(
    page,
    { server, hub },
    {
      body: '<ringtag-call to="sales" data-context-order-id="A 17"></ringtag-call>',
    },
  );
  await button(page, 'Talk to sales').click();
  await expect(page.getByRole('heading', { name: 'Talk to sales' })).toBeFocused();
  await button(page, 'Call now').click();
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send({ type: 'waiting', ahead: 2, waitMs: 170_000 });
  await expect(page.getByText('2 before you, about 3 minutes', { exact: true }).first()).toBeVisible();
  hub.send({ type: 'waiting', ahead: 0 });
  await expect(page.getByText('You are next', { exact: true }).first()).toBeVisible();
  hub.send(hub.ready());
  hub.send({ type: 'ringing' });
  await expect(page.getByText('Ringing…', { exact: true }).first()).toBeVisible();
  hub.send({ type: 'talking', agent: 'Bruno Barros', endsInMs: 600_000 });
  await expect(page.getByText('You are talking to Bruno Barros').first()).toBeVisible();
  await button(page, 'Mute').click();
  await expect(button(page, 'Unmute')).toBeVisible();
  await expect(button(page, 'Mute')).toHaveCount(0);
  hub.send({ type: 'ending', endsInMs: 30_000 });
  await expect(page.getByText(/This call ends in (30|29|28) seconds/)).toBeVisible();
  await button(page, 'Hang up').click();
  await expect(page.getByText('The call has ended', { exact: true }).first()).toBeVisible();
  await page.getByRole('radio', { name: '4 of 5' }).check();
  await button(page, 'Send').click();
  await expect(page.getByText('Thank you.')).toBeVisible();
  await expect(button(page, 'Call again')).toBeVisible();
  expect(hub.asked('rating')).toEqual([{ stars: 4 }]);
  expect(hub.asked('end')).toEqual([{ reason: 'hangup' }]);
  expect(hub.asked('tickets')).toMatchObject([
    { to: 'sales', intent: 'call', context: { title: 'Shop', language: 'en', data: { 'order-id': 'A 17' } } },
  ]);
  expect(hub.faults).toEqual([]);
  expect(await states()).toEqual(['asking', 'waiting', 'ready', 'ringing', 'talking', 'ended']);
  await button(page, 'Close').click();
  await expect(button(page, 'Talk to sales')).toBeFocused();
});

test('P7 a visitor who gives up while waiting has left the queue, and the focus is where it was', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  await button(page, 'Cancel').click();
  await expect.poll(() => hub.asked('end')).toEqual([{ reason: 'hangup' }]);
  await expect(page.getByText('You cancelled', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Talk to sales')).toBeFocused();
});

test('a visitor chats instead, and what did not get through can be sent again, once', async ({
  page,
  server,
  hub,
}) => {
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  await openCard(page, { server, hub });
  await button(page, 'Chat instead').click();
  const field = page.getByRole('textbox', { name: 'Write a message' });
  await expect(field).toBeFocused();
  hub.refusals.set('messages', { code: 'STORAGE_UNAVAILABLE' });
  await field.fill('<b>Hello</b>');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not sent')).toBeVisible();
  await button(page, 'Try again').click();
  await expect(page.getByText('Not sent')).toBeHidden();
  await expect(page.getByText('<b>Hello</b>', { exact: true })).toHaveCount(1);
  const sent = hub.asked('messages') as { id: string }[];
  expect(sent).toHaveLength(2);
  expect(sent[0]?.id).toBe(sent[1]?.id);
  hub.send({
    type: 'message',
    message: { id: 'm', from: 'agent', name: 'Bruno', text: 'How can I help?', agoMs: 0 },
  });
  await expect(page.getByRole('log').getByText('How can I help?')).toBeVisible();
  const said = page.locator('ringtag-visit .said');
  await expect(said).toHaveText('Bruno: How can I help?');
  hub.cut();
  await expect(page.getByText('No connection. Trying again…')).toBeVisible();
  await expect(page.getByText('No connection. Trying again…')).toBeHidden();
  await expect(page.getByRole('log').getByText('How can I help?')).toHaveCount(1);
  expect(scripts.filter((url) => /JsSIP|call-leg/.test(url))).toEqual([]);
  await button(page, 'End chat').click();
  // What screen readers are told of: the end, beside what was written last.
  await expect(page.locator('ringtag-visit .unseen[role=status]')).toHaveText('The chat has ended');
  await expect(said).toHaveText('Bruno: How can I help?');
});

test('P14 a chat in which nobody wrote says so at its end, and another one can begin', async ({
  page,
  server,
  hub,
}) => {
  await openVisitorPage(page, { server, hub });
  await chatInstead(page, hub);
  hub.send({
    ...{ type: 'ended', end: 'idle' },
    offers: { chat: true, message: true, voice: false, callback: true },
  });
  const words = page.getByText('The chat has ended because nobody wrote for a while', { exact: true });
  await expect(words.first()).toBeVisible();
  await expect(page.getByRole('group', { name: 'How was it?' })).toHaveCount(0);
  await button(page, 'Chat again').click();
  await expect.poll(() => hub.asked('visits')).toHaveLength(2);
});

test('what the operator has ended is not tried again, and a message comes first where nobody is there', async ({
  page,
  server,
  hub,
}) => {
  hub.card = { ...hub.card, state: 'unavailable', call: false };
  await openCard(page, { server, hub });
  await expect(page.locator('ringtag-call [part=primary]')).toHaveText('Leave a message');
  await button(page, 'Chat').click();
  await expect.poll(() => hub.listeners).toBe(1);
  hub.send({ type: 'ended', end: 'ended-by-operator', offers: hub.card.offers });
  await expect(page.getByText('The chat has ended', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /again/ })).toHaveCount(0);
});

test('a call comes out of a chat in the same visit', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openCard(page, { server, hub });
  await button(page, 'Chat instead').click();
  await button(page, 'Call').click();
  await expect.poll(() => hub.asked('call')).toHaveLength(1);
  hub.send({ type: 'waiting', ahead: 0 });
  await expect(page.getByText('You are next', { exact: true }).first()).toBeVisible();
  expect(hub.asked('visits')).toHaveLength(1);
});

test('a message is left where nobody answers, in the same visit', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  hub.send({ type: 'ended', end: 'no-answer', offers: hub.card.offers });
  await expect(page.getByText('Nobody could answer', { exact: true }).first()).toBeVisible();
  await button(page, 'Leave a message').click();
  await button(page, 'Send').click();
  await expect(page.getByRole('alert')).toHaveText('Write or record your message first.');
  await button(page, 'Record a message').click();
  await expect(button(page, 'Stop recording')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await button(page, 'Stop recording').click();
  await button(page, 'Delete recording').click();
  await page.getByRole('textbox', { name: 'Your message' }).fill('Please write to me.');
  await button(page, 'Send').click();
  await expect(page.getByText('Your message was left. Thank you.').first()).toBeVisible();
  expect(hub.asked('visits')).toHaveLength(1);
  expect(hub.asked('left')).toEqual([{ kind: 'message', name: '', reach: '', text: 'Please write to me.' }]);
  expect(hub.faults).toEqual([]);
});

test('P7 who waits can leave a message, and keeps their place until it is sent', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  hub.send({ type: 'waiting', ahead: 2 });
  await button(page, 'Leave a message').click();
  hub.send({ type: 'waiting', ahead: 1 });
  await expect(page.getByText('1 before you', { exact: true }).last()).toBeVisible();
  await button(page, 'Back').click();
  await expect(button(page, 'Cancel')).toBeVisible();
  expect(hub.asked('end')).toEqual([]);
  await button(page, 'Ask for a call back').click();
  await page.getByRole('textbox', { name: 'Your telephone number' }).fill('+351 21 000 0000');
  await button(page, 'Send').click();
  await expect(page.getByText('You will be called back. Thank you.').first()).toBeVisible();
  expect(hub.asked('left')).toMatchObject([{ kind: 'callback' }]);
  expect(hub.asked('end')).toEqual([{ reason: 'left' }]);
  expect(hub.asked('visits')).toHaveLength(1);
});

test('P7 a visitor whose turn passes while they write is told so over what they write, and after it', async ({
  page,
  server,
  hub,
}) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  hub.send({ type: 'waiting', ahead: 1 });
  await button(page, 'Leave a message').click();
  const field = page.getByRole('textbox', { name: 'Your message' });
  await field.fill('Please write');
  hub.send({ type: 'ended', end: 'no-answer', offers: hub.card.offers });
  await expect(page.locator('ringtag-visit .notice')).toHaveText('Nobody could answer');
  await expect(page.locator('ringtag-visit .unseen[role=status]')).toHaveText('Nobody could answer');
  await expect(field).toHaveValue('Please write');
  await button(page, 'Back').click();
  await expect(page.locator('ringtag-visit .notice')).toHaveText('Nobody could answer');
  await button(page, 'Call now').click();
  await expect(page.locator('ringtag-visit .notice')).toHaveCount(0);
});

test('a first message is said to be sent until somebody answers, and addresses in a chat can be pressed', async ({
  page,
  server,
  hub,
}) => {
  await openVisitorPage(page, { server, hub });
  await chatInstead(page, hub);
  const sent = page.getByText('Sent. Somebody will answer here.', { exact: true });
  await expect(page.getByText('Write what it is about. Somebody will answer here.')).toBeVisible();
  await expect(sent).toHaveCount(0);
  await page.getByRole('textbox').fill('<a href="x">https://shop.example/blue</a> javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(sent).toBeVisible();
  const link = page.getByRole('log').getByRole('link');
  await expect(link).toHaveText('https://shop.example/blue');
  await expect(link).toHaveAttribute('href', 'https://shop.example/blue');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(page.getByRole('log').locator('.text').first()).toHaveText(
    '<a href="x">https://shop.example/blue</a> javascript:alert(1)',
  );
  hub.send({
    type: 'message',
    message: { id: 'm', from: 'agent', name: 'Bruno', text: 'See http://shop.example/red.', agoMs: 0 },
  });
  await expect(
    page.getByRole('log').getByRole('link', { name: 'http://shop.example/red', exact: true }),
  ).toBeVisible();
  await expect(sent).toHaveCount(0);
});

test('in a call the chat says who reads it', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openVisitorPage(page, { server, hub });
  await callNow(page, hub);
  hub.send(hub.ready());
  hub.send({ type: 'talking', agent: 'Alice', endsInMs: 600_000 });
  await button(page, 'Chat').click();
  await expect(page.getByText('Alice reads what you write here.')).toBeVisible();
  await expect(page.getByText(/Somebody will answer here/)).toHaveCount(0);
});

test('a voice message is recorded, heard and sent', async ({ page, server, hub }) => {
  await withMicrophone(page);
  await openCard(page, { server, hub });
  await button(page, 'Leave a message').click();
  await button(page, 'Record a message').click();
  await expect(page.getByText(/Recording 00:0[1-9] of 02:00/)).toBeVisible();
  await button(page, 'Stop recording').click();
  await expect(page.getByLabel('Your recording')).toBeVisible();
  await button(page, 'Send').click();
  await expect(page.getByText('Your message was left. Thank you.').first()).toBeVisible();
  expect(hub.asked('left')).toMatchObject([{ kind: 'voice' }]);
  expect(hub.asked('voice')).toMatchObject([{ type: 'audio/webm' }]);
});

test('a call back is asked for with a number that reads as one', async ({ page, server, hub }) => {
  hub.card = { ...hub.card, state: 'closed', call: false };
  await openCard(page, { server, hub });
  await button(page, 'Ask for a call back').click();
  const number = page.getByRole('textbox', { name: 'Your telephone number' });
  await number.fill('call me');
  await button(page, 'Send').click();
  await expect(page.getByText('This does not look like a telephone number.')).toBeVisible();
  await expect(number).toBeFocused();
  await number.fill('+351 21 000 0000');
  await button(page, 'Send').click();
  await expect(page.getByText('You will be called back. Thank you.').first()).toBeVisible();
  expect(hub.asked('tickets')).toMatchObject([{ intent: 'callback' }]);
  expect(hub.asked('left')).toMatchObject([{ kind: 'callback', reach: '+351 21 000 0000' }]);
});
