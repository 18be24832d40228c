// The demo's destinations of the public (`DESTINATIONS_FILE`): two desks of the shop, and whom they ring.
import type { DestinationInput } from '@ringtag/server/protocol';
import { DEMO_PEOPLE } from './people.ts';

/** Who administers the public part in the demo. */
export const ADMINISTRATOR = 'carla';

/** Desks of the shop, by their names on its page. */
export const DESKS = ['sales', 'support'] as const;

export function emailOf(id: string): string {
  const person = DEMO_PEOPLE.find((one) => one.id === id);
  if (!person) throw new Error(`the demo has nobody called ${id}`);
  return person.email;
}

/** Every day until late: a demonstration that is closed whenever somebody tries it shows nothing. */
const HOURS: DestinationInput['hours'] = {
  timeZone: 'Europe/Lisbon',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
};

function desks(origins: readonly string[]): DestinationInput[] {
  const shared = { hours: HOURS, capacity: 3, queue: 5, origins: [...origins], keepQuery: ['article'] };
  return [
    {
      id: 'sales',
      name: 'Sales',
      texts: {
        en: {
          label: 'Talk to sales',
          greeting: 'Ask us anything about this instrument. A person answers.',
          closed: 'We are at home now; leave us a word',
        },
        pt: {
          label: 'Falar com vendas',
          greeting: 'Pergunte o que quiser sobre este instrumento. Atende uma pessoa.',
          closed: 'Já fomos para casa; deixe uma palavra',
        },
        es: {
          label: 'Hablar con ventas',
          greeting: 'Pregunte lo que quiera sobre este instrumento. Contesta una persona.',
          closed: 'Ya estamos en casa; deje un recado',
        },
        fr: {
          label: 'Parler aux ventes',
          greeting: 'Posez vos questions sur cet instrument. Une personne vous répond.',
          closed: 'Nous sommes rentrés ; laissez un mot',
        },
      },
      ring: { people: [emailOf('alice'), emailOf('bruno')], order: 'all', ringSeconds: 30 },
      ...shared,
    },
    {
      id: 'support',
      name: 'Workshop',
      texts: {
        en: { label: 'Talk to the workshop' },
        pt: { label: 'Falar com a oficina' },
        es: { label: 'Hablar con el taller' },
        fr: { label: 'Parler à l’atelier' },
      },
      ring: { people: [emailOf('carla'), emailOf('duarte')], order: 'in-turn', ringSeconds: 15 },
      ...shared,
    },
  ];
}

/** Text of the file. Tests change parts of what stands in it, by the desk's name. */
export function destinationsText(
  origins: readonly string[],
  changes: Readonly<Record<string, Partial<DestinationInput>>> = {},
): string {
  const destinations = desks(origins).map((desk) => ({ ...desk, ...changes[desk.id] }));
  return `${JSON.stringify({ destinations }, null, 2)}\n`;
}
