// A chat before a call and beside it, in one visit; and what strangers write is text.
import { answerVisitor, write } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { VISITOR_HZ } from './visitor.ts';

test('D3 P9: a visitor writes first, is answered, then calls, and both go on writing in the call', async ({
  signedIn,
  visitor,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor();
  await stranger.open();
  await stranger.chat();
  const say = async (text: string) => {
    await stranger.page.getByRole('textbox', { name: /^(Write a message|Chat with)/ }).fill(text);
    await stranger.page.keyboard.press('Enter');
    await stranger.expectText(text);
  };
  await say('<img src=x onerror=alert(1)>Hello');
  const note = alice.page.getByRole('group', { name: 'A visitor writes: Sales', exact: true });
  await expect(note).toBeVisible();
  await expect(alice.page).toHaveTitle('A visitor writes: Sales');
  await note.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(note).toBeHidden();
  const chat = alice.page.getByRole('group', { name: 'Chat', exact: true }).first();
  await expect(chat.getByText('<img src=x onerror=alert(1)>Hello', { exact: true })).toBeVisible();
  await write(alice, 'What is it about?');
  await stranger.expectText('What is it about?');
  await stranger.expectText(PEOPLE.alice.name);

  await stranger.desk('sales').getByRole('button', { name: 'Call', exact: true }).click();
  await answerVisitor(alice);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await write(alice, 'https://tidewell.example/tides');
  await stranger.expectText('https://tidewell.example/tides');
  await say('I have it');
  // The chat stands beside the call and, hidden, where it was opened.
  await expect(alice.pane.getByText('I have it', { exact: true }).filter({ visible: true })).toBeVisible();
  await stranger.press('Hang up');
  await stranger.expectText('The call has ended');
  await alice.expectNoCall();
});
