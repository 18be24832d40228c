// The people of the demo's invented company. The identity provider, the hub's seed file, the intranet page and the
// mails all speak of these five; nothing else in the demo invents a person who could be called.

/** The invented company; `.example` is reserved (RFC 2606 §2), so no mail can reach a stranger. */
export const COMPANY = { name: 'Tidewell', domain: 'tidewell.example' } as const;

export interface DemoPerson {
  /** Subject at the identity provider and name of the photo. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly unit: string;
  readonly title: string;
  readonly place: string;
  /** Desk number as printed on the staff page; from the range that Ofcom keeps free for fiction. */
  readonly deskNumber: string;
  /** Personal extension, known in advance; absent: given by the hub at the first sign-in. */
  readonly extension?: string;
  /** SIP account of a desk phone, where there is one. */
  readonly deskPhone?: string;
  /** Hue of the drawn photo, in degrees. */
  readonly hue: number;
}

function person(given: string, family: string, rest: Omit<DemoPerson, 'id' | 'name' | 'email'>): DemoPerson {
  const id = given.toLowerCase();
  return {
    id,
    name: `${given} ${family}`,
    email: `${id}.${family.toLowerCase()}@${COMPANY.domain}`,
    ...rest,
  };
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('Alice', 'Almeida', {
    unit: 'Accounting',
    title: 'Financial controller',
    place: 'Harbour House, 2nd floor',
    deskNumber: '+44 20 7946 0301',
    extension: '1001',
    hue: 268,
  }),
  person('Bruno', 'Barros', {
    unit: 'Sales',
    title: 'Account manager',
    place: 'Harbour House, ground floor',
    deskNumber: '+44 20 7946 0302',
    extension: '1002',
    deskPhone: 'p-bruno',
    hue: 205,
  }),
  person('Carla', 'Costa', {
    unit: 'Support',
    title: 'Head of customer support',
    place: 'Harbour House, 1st floor',
    deskNumber: '+44 20 7946 0303',
    extension: '1003',
    hue: 345,
  }),
  person('Duarte', 'Dias', {
    unit: 'Engineering',
    title: 'Instrument maker',
    place: 'The Boatshed workshop',
    deskNumber: '+44 20 7946 0304',
    extension: '1004',
    hue: 150,
  }),
  person('Elsa', 'Esteves', {
    unit: 'Logistics',
    title: 'Shipping coordinator',
    place: 'Quay warehouse',
    deskNumber: '+44 20 7946 0305',
    hue: 28,
  }),
];

/** First letters of the given and the family name. */
export function initialsOf(name: string): string {
  return name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('');
}

/** The hub's seed file (`SEED_FILE`): everybody but their accounts, which the first sign-in links by e-mail. */
export function seedFileText(photoBase: string): string {
  const people = DEMO_PEOPLE.map((p) => ({
    key: p.id,
    name: p.name,
    email: p.email,
    unit: p.unit,
    photoUrl: `${photoBase}/photos/${p.id}.svg`,
    numbers: [{ kind: 'desk', number: p.deskNumber.replaceAll(' ', '') }],
    ...(p.extension ? { extension: p.extension } : {}),
    ...(p.deskPhone ? { deskPhone: p.deskPhone } : {}),
  }));
  return `${JSON.stringify(people, null, 2)}\n`;
}
