// The widget's public entry, for applications that bundle it: the elements, the phone, and what the script tag does
// by itself. A page with the script tag needs none of it.
export type {
  CallPhase,
  CallStateDetail,
  CallView,
  LocalErrorCode,
  Phone,
  PhoneErrorCode,
  PhoneState,
  PhoneStatus,
  PhoneTarget,
  SignInView,
} from './call/phone.ts';
export { type ComposedPhone, createPhone, hasSession, type PhoneOptions } from './compose.ts';
export { RingtagLauncher } from './elements/launcher/launcher.ts';
export { mount, type Panes } from './elements/panes.ts';
export { RingtagPhone } from './elements/phone/phone-element.ts';
export { installKeyboardGuard } from './host/keyboard-guard.ts';
export { type ScanOptions, scanPage } from './host/scanner.ts';
export { type Loaded, provideTag, type Tag } from './host/tag.ts';
export { errorText, texts, useLanguage } from './i18n/index.ts';
