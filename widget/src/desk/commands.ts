// Carries a command out in the tab that leads: on a call of its own, or on one that another device carries.
import type { CallBoard } from '../call/board.ts';
import { isHidden } from '../call/media.ts';
import type { Command } from '../call/mirror.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { OtherDevices } from './other-devices.ts';

export interface CommandTargets {
  readonly board: CallBoard;
  readonly others: OtherDevices;
  readonly refused: (code: PhoneErrorCode) => void;
}

/** Commands about calls. */
export type CallCommand = Exclude<Command, { name: 'move' | 'dismissNotice' | 'lookAtRecent' }>;

export function perform(command: CallCommand, { board, others, refused }: CommandTargets): void {
  switch (command.name) {
    case 'call':
      board.call(command.target, command.media);
      break;
    case 'answer':
      void board.answer(command.callId, command.media);
      break;
    case 'decline':
      board.find(command.callId)?.decline(command.message);
      break;
    case 'hangUp':
      if (!others.steer(command.callId, { name: 'hangUp' })) board.hangUp(command.callId);
      break;
    case 'dismiss':
    case 'ringDeskPhone':
    case 'swap':
    case 'completeTransfer':
      board[command.name](command.callId);
      break;
    case 'transfer':
    case 'consult':
      board[command.name](command.callId, command.target);
      break;
    case 'setMuted':
    case 'setHeld': {
      const { name, callId, on } = command;
      if (others.steer(callId, { name, on })) break;
      if (name === 'setHeld') board.setHeld(callId, on);
      else board.find(callId)?.setMuted(on);
      break;
    }
    case 'setVideo':
      // Asked for in another tab: a camera that nobody sees to be on is not turned on.
      if (command.on && isHidden()) refused('TAB_HIDDEN');
      else
        void board
          .find(command.callId)
          ?.setVideo(command.on)
          .then((code) => code && refused(code));
      break;
    case 'sendDigits':
      board.find(command.callId)?.sendDigits(command.digits);
      break;
    case 'showCall':
      others.steer(command.callId, { name: 'show' });
      break;
    default:
      command satisfies never;
  }
}
