// The wire contract between the hub and everything that talks to it. Browser code that wants constants without
// the schemas imports `./errors`, `./limits` or `./text` alone.
export * from './admin.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './http.ts';
export * as limits from './limits.ts';
export * from './public.ts';
export * from './text.ts';
