// Whether this browser shows desktop notifications of this page. They themselves are shown by `attention.ts`.
import type { DevicesState } from '../call/phone.ts';

/** Chrome on Android shows notifications of service workers only. */
export function notificationState(page: Window & typeof globalThis = window): DevicesState['notifications'] {
  const android = /Android.*Chrome/.test(page.navigator.userAgent);
  return 'Notification' in page && !android ? page.Notification.permission : 'unsupported';
}
