// The scripted SIP phone: for tests, end-to-end tests and `npm run phone -w demo`.
export type { CallEnd, SoftphoneCall } from './call.ts';
export { createSoftphone, type Softphone, type SoftphoneEvent, type SoftphoneOptions } from './softphone.ts';
export { measureTone, type Tone } from './tone.ts';
