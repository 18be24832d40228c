// What the shop says, in four languages. The one of English is the type of the others.
import type { Article } from './instruments.ts';

export const SHOP_LANGUAGES = { en: 'English', pt: 'Português', es: 'Español', fr: 'Français' } as const;
export type ShopLanguage = keyof typeof SHOP_LANGUAGES;

export function isShopLanguage(name: string | null | undefined): name is ShopLanguage {
  return name !== null && name !== undefined && Object.hasOwn(SHOP_LANGUAGES, name);
}

export interface ArticleTexts {
  readonly name: string;
  readonly short: string;
  readonly long: string;
}

const en = {
  pageTitle: 'Tidewell – instruments for people who watch the weather',
  navShop: 'Instruments',
  navMaking: 'Making',
  navTalk: 'Workshop',
  languages: 'Language',
  kicker: 'Made in a boatshed since 1921',
  heroTitle: 'The sea keeps time. Now your wall does too.',
  heroText:
    'Tide clocks, barometers and hygrometers, turned from solid brass and set by hand for your harbour.',
  heroAction: 'See the instruments',
  shopTitle: 'Three instruments, no gadgets',
  look: 'You are looking at',
  ask: 'Ask a person about it',
  makingTitle: 'Four people, one lathe, no hurry',
  makingText:
    'Every movement is set against the tables of the harbour it is going to, left running for eleven days, and only then packed. If yours ever disagrees with the sea, the sea is right and we mend the clock.',
  talkTitle: 'It stopped? Ask the workshop',
  talkText: 'Who made it mends it. Have it in front of you when you call; the number is on its back.',
  foot: 'Tidewell, Harbour House · a demonstration; nothing here is for sale',
  demoTitle: 'For this demonstration',
  demoText: 'Both desks:',
  demoOpen: 'Open them',
  demoClose: 'Close them',
  demoOpened: 'Open now.',
  demoClosed: 'Closed now.',
  demoFailed: 'That did not work.',
  articles: {
    'tide-clock': {
      name: 'Tide clock, large',
      short: 'Follows the moon, not the railway.',
      long: '210 mm across, engraved on request. One hand, which goes round from high water to high water; the moon is drawn where it stands.',
    },
    barometer: {
      name: 'Aneroid barometer',
      short: 'Three capsules, one honest needle.',
      long: 'Set for the height of your house before it is packed. Tap it gently; it likes that, and shows which way the weather goes.',
    },
    hygrometer: {
      name: 'Hygrometer',
      short: 'For cellars, pianos and cheese.',
      long: 'A strand of real hair, as in 1783, because nothing better was found. Recalibrated for nothing, for ever.',
    },
  } satisfies Record<Article, ArticleTexts> as Record<Article, ArticleTexts>,
};
export type ShopTexts = typeof en;

const pt: ShopTexts = {
  pageTitle: 'Tidewell – instrumentos para quem olha o tempo',
  navShop: 'Instrumentos',
  navMaking: 'Como se fazem',
  navTalk: 'Oficina',
  languages: 'Língua',
  kicker: 'Feitos num barracão de barcos desde 1921',
  heroTitle: 'O mar sabe as horas. Agora a sua parede também.',
  heroText:
    'Relógios de maré, barómetros e higrómetros de latão maciço, acertados à mão para o porto de cada um.',
  heroAction: 'Ver os instrumentos',
  shopTitle: 'Três instrumentos, nada de engenhocas',
  look: 'Está a ver',
  ask: 'Pergunte a uma pessoa',
  makingTitle: 'Quatro pessoas, um torno, nenhuma pressa',
  makingText:
    'Cada peça é acertada pelas tabelas do porto para onde vai, trabalha onze dias e só depois é embalada. Se a sua discordar do mar, o mar tem razão e nós arranjamos o relógio.',
  talkTitle: 'Parou? Fale com a oficina',
  talkText: 'Quem faz, arranja. Tenha o instrumento à mão quando ligar; o número está atrás.',
  foot: 'Tidewell, Harbour House · uma demonstração; nada aqui está à venda',
  demoTitle: 'Para esta demonstração',
  demoText: 'As duas mesas:',
  demoOpen: 'Abrir',
  demoClose: 'Fechar',
  demoOpened: 'Abertas agora.',
  demoClosed: 'Fechadas agora.',
  demoFailed: 'Não foi possível.',
  articles: {
    'tide-clock': {
      name: 'Relógio de maré, grande',
      short: 'Segue a lua, não o comboio.',
      long: '210 mm, gravado a pedido. Um só ponteiro, que dá a volta de preia-mar a preia-mar; a lua está desenhada onde se encontra.',
    },
    barometer: {
      name: 'Barómetro aneroide',
      short: 'Três cápsulas, um ponteiro honesto.',
      long: 'Acertado para a altitude da sua casa antes de ser embalado. Toque-lhe de leve: gosta, e mostra para onde vai o tempo.',
    },
    hygrometer: {
      name: 'Higrómetro',
      short: 'Para adegas, pianos e queijos.',
      long: 'Um fio de cabelo verdadeiro, como em 1783, porque não se encontrou nada melhor. Calibrado de novo, de graça, para sempre.',
    },
  },
};

const es: ShopTexts = {
  pageTitle: 'Tidewell – instrumentos para quien mira el tiempo',
  navShop: 'Instrumentos',
  navMaking: 'Cómo se hacen',
  navTalk: 'Taller',
  languages: 'Idioma',
  kicker: 'Hechos en un cobertizo de barcas desde 1921',
  heroTitle: 'El mar sabe la hora. Ahora también su pared.',
  heroText: 'Relojes de marea, barómetros e higrómetros de latón macizo, ajustados a mano para cada puerto.',
  heroAction: 'Ver los instrumentos',
  shopTitle: 'Tres instrumentos, ningún artilugio',
  look: 'Está mirando',
  ask: 'Pregunte a una persona',
  makingTitle: 'Cuatro personas, un torno, ninguna prisa',
  makingText:
    'Cada pieza se ajusta con las tablas del puerto al que va, funciona once días y solo entonces se embala. Si la suya no está de acuerdo con el mar, el mar tiene razón y nosotros arreglamos el reloj.',
  talkTitle: '¿Se paró? Hable con el taller',
  talkText: 'Quien lo hizo lo arregla. Téngalo delante al llamar; el número está detrás.',
  foot: 'Tidewell, Harbour House · una demostración; aquí no se vende nada',
  demoTitle: 'Para esta demostración',
  demoText: 'Las dos mesas:',
  demoOpen: 'Abrir',
  demoClose: 'Cerrar',
  demoOpened: 'Abiertas ahora.',
  demoClosed: 'Cerradas ahora.',
  demoFailed: 'No ha sido posible.',
  articles: {
    'tide-clock': {
      name: 'Reloj de marea, grande',
      short: 'Sigue a la luna, no al tren.',
      long: '210 mm, grabado por encargo. Una sola aguja, que da la vuelta de pleamar a pleamar; la luna está dibujada donde se encuentra.',
    },
    barometer: {
      name: 'Barómetro aneroide',
      short: 'Tres cápsulas, una aguja honrada.',
      long: 'Ajustado a la altitud de su casa antes de embalarlo. Golpéelo con suavidad: le gusta, y muestra hacia dónde va el tiempo.',
    },
    hygrometer: {
      name: 'Higrómetro',
      short: 'Para bodegas, pianos y quesos.',
      long: 'Una hebra de pelo de verdad, como en 1783, porque no se encontró nada mejor. Calibrado de nuevo, gratis, para siempre.',
    },
  },
};

const fr: ShopTexts = {
  pageTitle: 'Tidewell – des instruments pour qui regarde le temps',
  navShop: 'Instruments',
  navMaking: 'Fabrication',
  navTalk: 'Atelier',
  languages: 'Langue',
  kicker: 'Fabriqués dans un hangar à bateaux depuis 1921',
  heroTitle: 'La mer a l’heure. Votre mur aussi, désormais.',
  heroText:
    'Horloges de marée, baromètres et hygromètres en laiton massif, réglés à la main pour votre port.',
  heroAction: 'Voir les instruments',
  shopTitle: 'Trois instruments, aucun gadget',
  look: 'Vous regardez',
  ask: 'Posez la question à quelqu’un',
  makingTitle: 'Quatre personnes, un tour, aucune hâte',
  makingText:
    'Chaque mouvement est réglé sur les tables du port où il va, tourne onze jours, et n’est emballé qu’ensuite. Si le vôtre contredit la mer, c’est la mer qui a raison et nous réparons l’horloge.',
  talkTitle: 'Elle s’est arrêtée ? Demandez à l’atelier',
  talkText: 'Qui l’a faite la répare. Ayez-la devant vous en appelant ; le numéro est au dos.',
  foot: 'Tidewell, Harbour House · une démonstration ; rien n’est à vendre ici',
  demoTitle: 'Pour cette démonstration',
  demoText: 'Les deux bureaux :',
  demoOpen: 'Ouvrir',
  demoClose: 'Fermer',
  demoOpened: 'Ouverts maintenant.',
  demoClosed: 'Fermés maintenant.',
  demoFailed: 'Cela n’a pas marché.',
  articles: {
    'tide-clock': {
      name: 'Horloge de marée, grande',
      short: 'Elle suit la lune, pas le train.',
      long: '210 mm, gravée sur demande. Une seule aiguille, qui fait le tour d’une pleine mer à l’autre ; la lune est dessinée là où elle est.',
    },
    barometer: {
      name: 'Baromètre anéroïde',
      short: 'Trois capsules, une aiguille honnête.',
      long: 'Réglé pour l’altitude de votre maison avant l’emballage. Tapotez-le : il aime cela, et montre où va le temps.',
    },
    hygrometer: {
      name: 'Hygromètre',
      short: 'Pour les caves, les pianos et les fromages.',
      long: 'Un vrai cheveu, comme en 1783, car on n’a rien trouvé de mieux. Réétalonné gratuitement, pour toujours.',
    },
  },
};

export const SHOP_TEXTS: Readonly<Record<ShopLanguage, ShopTexts>> = { en, pt, es, fr };
