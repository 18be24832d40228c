// A phone without pickers: whatever the browser takes by default.
import type { Devices } from '../call/phone.ts';

export const noDevices: Devices = {
  state: {
    microphone: 'unknown',
    camera: 'unknown',
    options: { microphone: [], speaker: [], ringer: [], camera: [] },
    chosen: {},
    canChooseSpeaker: false,
    test: 'idle',
    notifications: 'unsupported',
    error: null,
  },
  subscribe: () => () => {},
  choose() {},
  watchLevel: () => () => {},
  testMicrophone: async () => {},
  stopTest() {},
  testSpeaker: async () => {},
  openCamera: async () => null,
  askNotifications: async () => {},
};
