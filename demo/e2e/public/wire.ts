// What a browser said and was told over its WebSockets, and which addresses of its own it named there.
import type { Page } from '@playwright/test';

export interface Wire {
  readonly said: string[];
  readonly told: string[];
}

/** Of every socket that the page opens from now on. */
export function listenToWire(page: Page): Wire {
  const wire: Wire = { said: [], told: [] };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => wire.said.push(String(payload)));
    socket.on('framereceived', ({ payload }) => wire.told.push(String(payload)));
  });
  return wire;
}

/** `address port` of every ICE candidate that it named (RFC 8839 §5.1), and the names of its ICE sessions. */
export function ownMarks({ said }: Wire): readonly string[] {
  const text = said.join('\n');
  const candidates = [...text.matchAll(/candidate:\S+ \d (?:udp|tcp) \d+ (\S+ \d+) typ/gi)];
  const sessions = [...text.matchAll(/ice-(?:ufrag|pwd):(\S+)/g)];
  return [...new Set([...candidates, ...sessions].map(([, mark]) => mark ?? ''))];
}
