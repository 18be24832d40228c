import { afterEach, expect, test, vi } from 'vitest';
import { createTestBoard } from '../testing/board.ts';
import { type CallCommand, perform } from './commands.ts';
import { OtherDevices } from './other-devices.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The tab that leads, in sight or behind another one, with a call. */
async function leading(visibilityState: 'visible' | 'hidden') {
  vi.stubGlobal('document', { visibilityState });
  const stage = createTestBoard();
  await stage.talk('Bruno');
  const say = async () => ({ ok: true as const });
  const others = new OtherDevices({ clock: stage.clock, show: say, steer: say });
  const refused: string[] = [];
  const order = (command: CallCommand) =>
    perform(command, { board: stage.board, others, refused: (code) => refused.push(code) });
  const video = async (on: boolean) => {
    order({ name: 'setVideo', callId: stage.idOf('Bruno'), on });
    await expect.poll(() => refused.length > 0 || stage.viewOf('Bruno').videoOn === on).toBe(true);
  };
  return { ...stage, refused, video };
}

test('a tab that nobody sees turns on no camera for another one, and says where it can be done', async () => {
  const { video, refused, viewOf } = await leading('hidden');
  await video(true);
  expect([refused, viewOf('Bruno').videoOn]).toEqual([['TAB_HIDDEN'], false]);
});

test('a tab in sight turns its camera on for another one', async () => {
  const { video, refused, viewOf } = await leading('visible');
  await video(true);
  expect([refused, viewOf('Bruno').videoOn]).toEqual([[], true]);
});

test('a camera that is on is turned off from anywhere', async () => {
  const { video, refused, viewOf } = await leading('visible');
  await video(true);
  vi.stubGlobal('document', { visibilityState: 'hidden' });
  await video(false);
  expect([refused, viewOf('Bruno').videoOn]).toEqual([[], false]);
});
