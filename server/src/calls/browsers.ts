// What devices of one browser are to each other: which of them is in front of the person, and so rings aloud (D3).
// Devices of a person that share a browser are siblings; a device whose browser is not known has none.
import type { Connections } from './connections.ts';
import type { Device } from './ports.ts';

export interface Browsers {
  /** What a device says of its pages; true when it was not so before. */
  setVisible(sessionId: string, visible: boolean): boolean;
  /** The device has no socket any more. */
  forget(sessionId: string): void;
  /** Of these devices, one for each browser: a visible one before others, then the one visible last, then the first. */
  aloudAmong(sessionIds: readonly string[]): ReadonlySet<string>;
  /** The other connected devices of the same person in the same browser. */
  siblingsOf(device: Device): string[];
}

interface Sight {
  readonly visible: boolean;
  /** Rises with each time that some device comes to the front. */
  readonly turn: number;
}

const UNSEEN: Sight = { visible: false, turn: 0 };

export function createBrowsers({ connections }: { readonly connections: Connections }): Browsers {
  const sights = new Map<string, Sight>();
  let turn = 0;
  const sightOf = (sessionId: string): Sight => sights.get(sessionId) ?? UNSEEN;

  /** Whether `a` is more in front than `b`. */
  function isBefore(a: string, b: string): boolean {
    const [one, other] = [sightOf(a), sightOf(b)];
    return one.visible === other.visible ? one.turn > other.turn : one.visible;
  }

  return {
    setVisible(sessionId, visible) {
      const before = sightOf(sessionId);
      if (before.visible === visible) return false;
      // Leaving the front counts as well: until that moment it was the one that the person saw.
      turn += 1;
      sights.set(sessionId, { visible, turn });
      return true;
    },
    forget: (sessionId) => void sights.delete(sessionId),
    aloudAmong(sessionIds) {
      const first = new Map<string, string>();
      for (const sessionId of sessionIds) {
        const browser = connections.deviceOf(sessionId)?.browserId ?? `of ${sessionId}`;
        const chosen = first.get(browser);
        if (chosen === undefined || isBefore(sessionId, chosen)) first.set(browser, sessionId);
      }
      return new Set(first.values());
    },
    siblingsOf(device) {
      return connections
        .devicesOf(device.personId)
        .flatMap((sessionId) => connections.deviceOf(sessionId) ?? [])
        .filter((other) => other.sessionId !== device.sessionId && isSameBrowser(other, device))
        .map(({ sessionId }) => sessionId);
    },
  };
}

/** Two devices of one person in one browser that is known. */
export function isSameBrowser(one: Device, other: Device): boolean {
  return one.personId === other.personId && one.browserId !== undefined && one.browserId === other.browserId;
}
