// The mailbox of the demo: written for it, from the five people and from outsiders who do not exist.
import { HOSTILE_HTML } from './hostile.ts';
import type { Mail } from './mail.ts';

const PEOPLE = {
  alice: { name: 'Alice Almeida', address: 'alice.almeida@tidewell.example' },
  bruno: { name: 'Bruno Barros', address: 'bruno.barros@tidewell.example' },
  carla: { name: 'Carla Costa', address: 'carla.costa@tidewell.example' },
  duarte: { name: 'Duarte Dias', address: 'duarte.dias@tidewell.example' },
  elsa: { name: 'Elsa Esteves', address: 'elsa.esteves@tidewell.example' },
  harbour: { name: 'Port of Wexcombe', address: 'notices@wexcombe-port.example' },
  brass: { name: 'Halden Brass Foundry', address: 'orders@halden-brass.example' },
  museum: { name: 'Maritime Museum, Orrin', address: 'events@orrin-museum.example' },
  bank: { name: 'Saltmarsh Bank', address: 'statements@saltmarsh-bank.example' },
  prize: { name: 'Prize Department', address: 'winner@totally-real-prize.example' },
} as const;

interface Line {
  readonly from: keyof typeof PEOPLE;
  readonly subject: string;
  readonly text: readonly string[];
  readonly age: number;
  readonly unread?: boolean;
  readonly starred?: boolean;
  readonly folder?: Mail['folder'];
}

const LINES: readonly Line[] = [
  {
    from: 'bruno',
    subject: 'Wexcombe want forty tide clocks by June',
    age: 18,
    unread: true,
    starred: true,
    text: [
      'Hello,',
      'The harbour office came back: forty of the large tide clocks, brass bezel, engraved with the port’s crest. They would like the first twelve before the regatta and the rest by the end of June.',
      'I promised an answer today about the deposit. Could you call me when you have five minutes? It is quicker than writing: I am at my desk until one, or reach me on <a href="tel:+442079460302">+44 20 7946 0302</a>.',
      'Duarte says the bezels are the bottleneck, see his note below.',
      'Bruno',
    ],
  },
  {
    from: 'duarte',
    subject: 'Bezels: two weeks, if Halden deliver on Friday',
    age: 47,
    unread: true,
    text: [
      'The short version: with Friday’s castings we can turn six bezels a day, so twelve finished clocks by the 14th is realistic. Without them it is not.',
      'Halden’s foreman is hard to reach by mail. If anyone has a number for him I would rather ring.',
      'Duarte',
    ],
  },
  {
    from: 'carla',
    subject: 'Three barometers that all read “Fair”',
    age: 95,
    text: [
      'Three customers this week report a barometer that never leaves “Fair”, all from the March batch. Two are on the coast and very cross, because it has rained on both of them since.',
      'I suspect the capsule seals. Duarte, may I send you one back with the van? Elsa, is there room on Thursday?',
      'Replies to support go to <a href="mailto:carla.costa@tidewell.example">me</a> as usual.',
      'Carla',
    ],
  },
  {
    from: 'elsa',
    subject: 'Thursday’s van is half empty',
    age: 140,
    text: [
      'There is room for two pallets on the van to the Boatshed on Thursday. Tell me before Wednesday noon what should go, and please label the fragile ones on two sides, not one.',
      'My desk number has changed to <a href="tel:+442079460305">+44 20 7946 0305</a>; the old one rings in the lift.',
      'Elsa',
    ],
  },
  {
    from: 'harbour',
    subject: 'Notice to suppliers: crane works on the east quay',
    age: 230,
    text: [
      'From Monday the east quay is closed to lorries between 7:00 and 11:00 while the crane is inspected. Deliveries are taken at the north gate.',
      'Questions: <a href="mailto:notices@wexcombe-port.example">notices@wexcombe-port.example</a>, or <a href="tel:+442079460999">+44 20 7946 0999</a>.',
    ],
  },
  {
    from: 'prize',
    subject: 'You have been SELECTED!!! Press to call Bruno Barros now',
    age: 300,
    unread: true,
    text: [HOSTILE_HTML],
  },
  {
    from: 'alice',
    subject: 'Expenses for April, gently',
    age: 410,
    text: [
      'Five of you have been very quick and I thank you. To the others: the month closes on Friday at five, and receipts that arrive on Monday belong to May.',
      'Photos of receipts are fine. Photos of a wallet are not.',
      'Alice',
    ],
  },
  {
    from: 'brass',
    subject: 'Castings ready for collection',
    age: 610,
    text: [
      'Order 2217, 48 bezels 210 mm, is packed and can be collected from Thursday eight o’clock. Please bring the returnable crates.',
    ],
  },
  {
    from: 'bruno',
    subject: 'Notes from the chandlers’ fair',
    age: 1_500,
    text: [
      'Seventeen conversations worth having, four worth a visit. Everybody asked for a smaller tide clock for narrowboats, which made me laugh until the fifth person asked.',
      '<ul><li>Two shops would take the brass hygrometer tomorrow.</li><li>Nobody likes the blue box. Nobody.</li><li>The engraving sample sold itself.</li></ul>',
      'Bruno',
    ],
  },
  {
    from: 'carla',
    subject: 'A letter from a lighthouse',
    age: 1_720,
    starred: true,
    text: [
      'Somebody wrote us a letter, on paper, from a lighthouse. They have had our barograph since 1994 and would like a new pen arm. I would like to send it for nothing and frame the letter.',
      'Carla',
    ],
  },
  {
    from: 'duarte',
    subject: 'Workshop: the lathe is back',
    age: 2_900,
    text: ['The lathe is back from its overhaul and quieter than the kettle. The kettle is next.', 'Duarte'],
  },
  {
    from: 'museum',
    subject: 'Loan of the 1911 tide predictor',
    age: 3_100,
    text: [
      'We are glad to confirm the loan from September. Our conservator would like to speak to the person who last adjusted the wheels; would Mr Dias have time next week?',
    ],
  },
  {
    from: 'bank',
    subject: 'Your statement for April is ready',
    age: 3_600,
    text: ['Your statement can be read after signing in. We never ask for your password by mail.'],
  },
  {
    from: 'elsa',
    subject: 'Boxes: what was decided',
    age: 4_400,
    text: [
      'Flat boxes, grey board, no blue. The first thousand arrive on the 3rd. If you care about the tape, speak now.',
      'Elsa',
    ],
  },
  {
    from: 'alice',
    subject: 'Deposit terms for harbour orders',
    age: 5_300,
    text: [
      'For public bodies we ask 20 % with the order and the rest thirty days after delivery. For anything engraved we ask 40 %, since nobody else wants a clock with somebody’s crest.',
      'If a customer hesitates, call me and I will talk to them myself.',
      'Alice',
    ],
  },
  {
    from: 'bruno',
    subject: 'Price list, spring edition',
    age: 6_800,
    text: [
      'Corrected: the hygrometer is 86, not 68. My apologies to the three people who bought one on Tuesday.',
      'Bruno',
    ],
  },
  {
    from: 'carla',
    subject: 'Support hours over the holiday',
    age: 8_200,
    text: [
      'We answer until noon on Friday and from ten on Tuesday. The answering machine is polite in between.',
      'Carla',
    ],
  },
  {
    from: 'duarte',
    subject: 'Why the tide clock loses nine minutes',
    age: 9_900,
    text: [
      'It does not. It follows the moon, and the moon is not a railway. But I have written half a page for the box that says so more kindly.',
      'Duarte',
    ],
  },
  {
    from: 'elsa',
    subject: 'Customs forms: the new field 14',
    age: 11_500,
    text: [
      'Field 14 now wants the country of the movement, not of the case. Examples are on the shared drive.',
      'Elsa',
    ],
  },
  {
    from: 'harbour',
    subject: 'Regatta weekend: access for suppliers',
    age: 13_000,
    text: ['Passes for the regatta weekend are handed out at the north gate. One vehicle for each supplier.'],
  },
  {
    from: 'alice',
    subject: 'Payday moves to Thursday this month',
    age: 15_000,
    text: ['The bank is closed on Friday, so salaries arrive on Thursday. You are welcome.', 'Alice'],
  },
  {
    from: 'museum',
    subject: 'Thank you for the talk',
    age: 20_000,
    folder: 'archive',
    text: ['Sixty people came on a Tuesday to hear about tide prediction. We counted twice.'],
  },
  {
    from: 'alice',
    subject: 'Re: Wexcombe want forty tide clocks by June',
    age: 9,
    folder: 'sent',
    text: ['Deposit of 40 %, since they are engraved. I will ring you before one.', 'Alice'],
  },
];

export const MAILS: readonly Mail[] = LINES.map((line, index) => ({
  id: `m${index + 1}`,
  folder: line.folder ?? 'inbox',
  from: PEOPLE[line.from],
  to: line.folder === 'sent' ? 'Bruno Barros' : 'Tidewell, everyone',
  subject: line.subject,
  html: line.text.map((part) => (part.startsWith('<') ? part : `<p>${part}</p>`)).join(''),
  ageMinutes: line.age,
  unread: line.unread ?? false,
  starred: line.starred ?? false,
}));
