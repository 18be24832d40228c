// What hostile visitors bring along: tickets that they have spent, and visits of their own, all got by the rules.
import type { Loot } from './hostile.ts';
import { beginVisit } from './page.ts';

const VISITS = 6;

export interface LootOptions {
  readonly hubPort: number;
  readonly origin: string;
  readonly destinations: readonly string[];
}

export async function gatherLoot({ hubPort, origin, destinations }: LootOptions): Promise<Loot> {
  const begun = await Promise.all(
    Array.from({ length: VISITS }, (_, index) => {
      const page = { hubPort, origin, address: `127.48.0.${index + 1}` };
      return beginVisit(page, { to: destinations[index % destinations.length] ?? '', intent: 'chat' });
    }),
  );
  return {
    ...{ origin, destinations },
    tickets: begun.map(({ ticket }) => ticket),
    visits: begun.map(({ visitId, key }) => ({ visitId, key })),
  };
}
