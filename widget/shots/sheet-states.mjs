// What opens over the pane at a press: recent calls and settings, in every state. `apply` runs in the browser.

export const sheetStates = [
  {
    name: 'recent',
    shows: 'pane',
    press: 'recent',
    apply(h) {
      h.phone.answerHistory = async (before) => (before ? { calls: [] } : h.history);
      h.phone.set({ ...h.ready, canRedial: true });
    },
  },
  { name: 'recent-empty', shows: 'pane', press: 'recent', apply: (h) => h.phone.set(h.ready) },
  {
    name: 'recent-failed',
    shows: 'pane',
    press: 'recent',
    apply(h) {
      h.phone.answerHistory = async () => null;
      h.phone.set(h.ready);
    },
  },
  {
    name: 'recent-loading',
    shows: 'pane',
    press: 'recent',
    apply(h) {
      h.phone.answerHistory = () => new Promise(() => {});
      h.phone.set(h.ready);
    },
  },
  { name: 'settings', shows: 'pane', clicks: ['.me', 'hr + .item'], apply: (h) => h.phone.set(h.ready) },
  settings('settings-first', {
    microphone: 'prompt',
    options: { microphone: [], speaker: [], ringer: [], camera: [] },
  }),
  settings('settings-denied', {
    microphone: 'denied',
    options: { microphone: [], speaker: [], ringer: [], camera: [] },
    canChooseSpeaker: false,
    notifications: 'denied',
    error: 'MICROPHONE_DENIED',
  }),
  settings('settings-chosen', {
    chosen: { microphone: 'm2', speaker: 'unplugged' },
    test: 'recording',
    asksForSpeaker: true,
    notifications: 'granted',
  }),
];

function settings(name, devices) {
  return {
    name,
    shows: 'pane',
    clicks: ['.me', 'hr + .item'],
    args: devices,
    apply(h, devices) {
      h.phone.fakeDevices.set(devices);
      h.phone.set(h.ready);
    },
  };
}
