// Public entry of this folder. Plain JavaScript without dependencies, so that `install` and `run` work on a PBX
// machine that has Node and this folder and nothing else. Types: index.d.mts.
export { findAsterisk } from './lib/find.mjs';
export { installAsterisk } from './lib/install.mjs';
export { startAsterisk } from './lib/start.mjs';
