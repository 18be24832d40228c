// Request and response bodies of the hub's HTTP API, by subject. Parsed once, at the edge; `SPEC.md` says what they
// promise. All instants travel as durations (`…Ms` from now), never as clock times: clients' clocks are not trusted.
export * from './http-calls.ts';
export * from './http-people.ts';
export * from './http-sessions.ts';
