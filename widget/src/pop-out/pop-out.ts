// Loaded when a pop-out is opened, and in the pop-out itself: how the two windows come to trust each other, and how a
// running call goes over.
export { joinOpener } from './join.ts';
export { offerCalls, takeCall } from './moves.ts';
export { welcome } from './welcome.ts';
