// Text that both ends must build byte for byte alike.

/** What a device signs to get a bearer: bound to origin and session, so it is worthless anywhere else. */
export function signedText(challenge: string, sessionId: string, origin: string): string {
  return `ringtag bearer v1\n${challenge}\n${sessionId}\n${origin}`;
}
