// What the loader fetches at the first intent, in one file: panes, phone and scanner. JsSIP and socket.io-client
// still come later, when the phone needs them.
export { createPhone } from './compose.ts';
export { mount } from './elements/panes.ts';
export { scanPage } from './host/scanner.ts';
export { useLanguage } from './i18n/index.ts';
