// What only a call that is connected needs, as one chunk of its own.
export { sampleQuality } from './quality-sampler.ts';
export { wordsOf } from './words.ts';
